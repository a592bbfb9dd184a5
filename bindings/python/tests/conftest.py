"""The policies that the tests ask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import whyfor

ROOT = Path(__file__).parents[3]

SHOP = """
policy shop "Shop personal information list" { version "2026-01"  controller "Example Ltd" }

tag sensitive "Sensitive"

category contact "Contact details" { email "Email address"  phone "Phone number" #sensitive }
category usage "Usage"

method provided "Provided by the user"
purpose service { login  billing }
purpose marketing { newsletter  ads }
recipient partners { courier }

fact verified "Verified"
fact consent per purpose "Agreed"
fact region: one of eu, us
fact age: number

duty deidentify "Remove direct identifiers first"

field "users.email", "*_email" is contact.email
field "email_and_phone" is contact.email, contact.phone

section account "Account registration" {
    collect email, phone by provided for login
        retain 180 days
}
section marketing "Marketing <b>& more</b>" {
    use email for newsletter when consent and age >= 18 then deidentify
    use usage for billing when region is eu
    use phone for ads when verified
}
use email for login
share email with courier for billing
never use #sensitive for marketing unless verified
"""


@pytest.fixture(scope="session")
def shop() -> whyfor.Policy:
    return whyfor.loads(SHOP)


@pytest.fixture(scope="session")
def drun() -> whyfor.Policy:
    return whyfor.load(ROOT / "policies" / "drun.why")


@pytest.fixture(scope="session")
def demo() -> whyfor.Policy:
    """What the tests of guards hold data to."""
    return whyfor.loads(
        """
        policy demo
        tag sensitive
        category identity { national_id #sensitive }
        category contact { email }
        category usage { events amount age }
        purpose analytics { reporting }
        field "ssn", "card.number" is identity.national_id
        use usage for reporting
        never use #sensitive for reporting
        """
    )


@pytest.fixture(scope="session")
def take(demo: whyfor.Policy) -> Any:
    """A guarded function that gives what it is given."""

    @demo.guard(purpose="reporting", on_denied="drop")
    def take(value: Any = None) -> Any:
        return value

    return take
