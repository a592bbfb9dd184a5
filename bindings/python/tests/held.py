"""What the tests of guards pass: data, and what holds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pandas as pd
import polars as pl
import pyarrow as pa

FRAME = pd.DataFrame({"ssn": ["111", "222"], "amount": [1.0, 2.0]})
FINE = FRAME[["amount"]]
POLARS = pl.DataFrame({"ssn": ["111"], "amount": [1.0]})
TABLE = pa.table({"ssn": ["111"], "amount": [1.0]})

Take = Callable[..., Any]


class Pair(NamedTuple):
    train: Any
    seed: int


class Keeper:
    def __init__(self, frame: Any) -> None:
        self.frame = frame

    def run(self) -> Any:
        return self.frame


def indexed() -> pd.DataFrame:
    return FRAME.set_index("ssn")
