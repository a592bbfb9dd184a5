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

from ._audit import Audit
from ._authoring import Diff, TestReport, check, compile, diff, lint, test
from ._contents import Fact, FactKind, FactValue, Node
from ._core import Facts, __version__
from ._decision import Act, Decision, Reason, Verdict
from ._errors import (
    ArtifactError,
    Diagnostic,
    NotAllowed,
    PolicyError,
    Severity,
    UnknownName,
)
from ._filter import lit
from ._guards import DutiesWarning
from ._looking import Explanation, Matrix
from ._policy import Policy, load, load_unverified, loads, loads_unverified
from ._report import Column, ColumnsNotAllowed, Report, Selection

__all__ = [
    "Act",
    "ArtifactError",
    "Audit",
    "Column",
    "ColumnsNotAllowed",
    "Decision",
    "Diagnostic",
    "Diff",
    "DutiesWarning",
    "Explanation",
    "Fact",
    "FactKind",
    "FactValue",
    "Facts",
    "Matrix",
    "Node",
    "NotAllowed",
    "Policy",
    "PolicyError",
    "Reason",
    "Report",
    "Selection",
    "Severity",
    "TestReport",
    "UnknownName",
    "Verdict",
    "__version__",
    "check",
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
