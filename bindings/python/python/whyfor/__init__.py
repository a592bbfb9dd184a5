"""May this personal data be collected, used or shared, for this purpose, and why.

>>> import whyfor
>>> policy = whyfor.loads('''
...     policy shop "Shop"
...     category contact { email phone }
...     purpose login
...     use email for login
... ''')
>>> policy.may_use("email", purpose="login")
True
>>> policy.ask("use", "phone", purpose="login")
DENY  use phone for login
  no statement permits it for `contact.phone`, `login`
"""

import warnings
from typing import TYPE_CHECKING

from ._apply import Applied
from ._authoring import Diff, TestReport, check, compile, diff, lint, test
from ._contents import Basis, Event, Fact, FactKind, FactValue, Node
from ._core import Facts, __version__
from ._decision import Act, Decision, Reason, Verdict
from ._errors import (
    ArtifactError,
    Diagnostic,
    NotAllowedError,
    PolicyError,
    Severity,
    UnknownNameError,
    WhyforError,
)
from ._guards import DutiesWarning
from ._limits import Limit
from ._lit import col, lit
from ._load import load, load_unverified, loads, loads_unverified
from ._looking import Explanation, Matrix
from ._policy import Audit, Policy
from ._report import Column, ColumnsNotAllowedError, Report, Selection

__all__ = [
    "Act",
    "Applied",
    "ArtifactError",
    "Audit",
    "Basis",
    "Column",
    "ColumnsNotAllowedError",
    "Decision",
    "Diagnostic",
    "Diff",
    "DutiesWarning",
    "Event",
    "Explanation",
    "Fact",
    "FactKind",
    "FactValue",
    "Facts",
    "Limit",
    "Matrix",
    "Node",
    "NotAllowedError",
    "Policy",
    "PolicyError",
    "Reason",
    "Report",
    "Selection",
    "Severity",
    "TestReport",
    "UnknownNameError",
    "Verdict",
    "WhyforError",
    "__version__",
    "check",
    "col",
    "compile",
    "diff",
    "lint",
    "lit",
    "load",
    "load_unverified",
    "loads",
    "loads_unverified",
    "test",
]

# The earlier names of three errors.
if TYPE_CHECKING:
    ColumnsNotAllowed = ColumnsNotAllowedError
    NotAllowed = NotAllowedError
    UnknownName = UnknownNameError
else:

    def __getattr__(name: str) -> type[WhyforError]:
        """An error by its earlier name, with a warning that gives the new one."""
        if name not in ("ColumnsNotAllowed", "NotAllowed", "UnknownName"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        new = f"{name}Error"
        warnings.warn(
            f"`whyfor.{name}` is deprecated: use `whyfor.{new}`", DeprecationWarning, stacklevel=2
        )
        return globals()[new]
