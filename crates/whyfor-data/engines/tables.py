"""Tables whose columns hold facts: the types of the columns, values of each, and what a row states."""

import math
import struct
from decimal import Decimal

import pyarrow

EXACT = 2**53


def beside(value, real=False):
    """The floating-point numbers next to a value, of 64 bits or of 32."""
    if not real:
        return [math.nextafter(value, -math.inf), math.nextafter(value, math.inf)]
    bits = struct.unpack("I", struct.pack("f", value))[0]
    return [struct.unpack("f", struct.pack("I", bits + step))[0] for step in (-1, 1)]


# Values of each type of column; those that a policy would refuse state nothing.
AGES = {
    "DOUBLE": [
        None, 17.9, 18.0, 0.0, -0.0, -5.0, math.nan, math.inf, -math.inf, 2.0**60, 17.5, 2.9999, 5e-324, -5e-324, 1.7e308,
        float(EXACT), EXACT + 2.0, *beside(18.0), *beside(17.5), *beside(3.0),
    ],
    "FLOAT": [None, 17.5, 18.0, math.nan, math.inf, 0.5, -0.0, *beside(18.0, real=True), *beside(3.0, real=True)],
    "SMALLINT": [None, 17, 18, 0, -1, 3, 2, 2**15 - 1, -(2**15)],
    "BIGINT": [None, 17, 18, 0, -1, EXACT, EXACT + 1, -EXACT, -EXACT - 1, 3, 2, 2**63 - 1, -(2**63)],
    "UBIGINT": [None, 17, 18, 0, EXACT, EXACT + 1, 3, 2, 2**63, 2**64 - 1],
    "DECIMAL(18,2)": [
        None, *map(Decimal, ["17.50", "18.00", "17.51", "0", "-1", "-9007199254740993", "9007199254740992", "9999999999999999.99"]),
    ],
    "DECIMAL(38,18)": [
        None, *map(Decimal, [
            "17.5", "18", "17.500000000000000001", "17.499999999999999999", "2.999999999999999", "0.000000000000000001",
            "-0.000000000000000001", "9007199254740992", "9007199254740993", "12345678901234567890.5",
        ]),
    ],
    "VARCHAR": [None, "18", "abc", ""],
    "BOOLEAN": [None, True, False],
}  # fmt: skip
CHOICES = ("eu", "us", "other", "true")
TEXTS = [None, *CHOICES, "EU", "uk", "", " eu", "eu ", "ｅｕ"]
REGIONS = {
    "VARCHAR": TEXTS,
    "ENUM": [text for text in TEXTS if text != ""],
    "BLOB": [None, b"eu", b"us", b"\xff"],
    "BOOLEAN": [None, True, False],
    "BIGINT": [None, 0, 1],
}
FLAGS = {"BOOLEAN": [None, True, False], "VARCHAR": [None, "true", "yes", "f"], "INTEGER": [None, 1, 0]}
LISTS = {
    "LIST": [
        None, [], ["marketing"], ["news"], ["marketing.news"], ["service", "crm"], ["nope"], ["Marketing"],
        ["ads.banner"], ["banner", "login"], ["crm"], ["marketing", None], [None], ["marketing", "nope"],
    ],
    "WORDS": [None, "{marketing}", "marketing", "{}", "x{"],
    "BLOBS": [None, [], [b"marketing"], [b"crm"]],
}  # fmt: skip
UNKNOWN = {"nope", "Marketing", None}

ARROW = {
    "DOUBLE": pyarrow.float64(), "FLOAT": pyarrow.float32(), "SMALLINT": pyarrow.int16(), "INTEGER": pyarrow.int32(),
    "BIGINT": pyarrow.int64(), "UBIGINT": pyarrow.uint64(), "DECIMAL(18,2)": pyarrow.decimal128(18, 2),
    "DECIMAL(38,18)": pyarrow.decimal128(38, 18), "VARCHAR": pyarrow.string(), "BOOLEAN": pyarrow.bool_(),
    "ENUM": pyarrow.dictionary(pyarrow.int32(), pyarrow.string()), "LIST": pyarrow.list_(pyarrow.string()),
    "BLOB": pyarrow.binary(), "DATE": pyarrow.date32(), "TIME": pyarrow.time64("us"), "TIMESTAMP": pyarrow.timestamp("us"),
    "TIMESTAMPTZ": pyarrow.timestamp("us", "UTC"), "MAP": pyarrow.map_(pyarrow.string(), pyarrow.int32()),
    "WORDS": pyarrow.string(), "BLOBS": pyarrow.list_(pyarrow.binary()), "LARGE": pyarrow.large_string(), "VIEW": pyarrow.string_view(),
}  # fmt: skip


def kind_of(spelled):
    """The type that an engine spells like this, of those above."""
    plain = spelled.split(" COLLATE ")[0]
    return {"TEXT": "VARCHAR", "VARCHAR(5)": "VARCHAR", "LARGE": "VARCHAR", "VIEW": "VARCHAR"}.get(plain, plain)


def arrow(columns, rows, kinds=ARROW):
    """Rows as a table of Arrow, with the number of each row after the columns."""
    columns = [*columns, ("number", "INTEGER")]
    values = zip(*((*row, number) for number, row in enumerate(rows)))
    types = [kinds.get(kind) or kinds[kind_of(kind)] for _, kind in columns]
    arrays = [pyarrow.array(column, kind) for column, kind in zip(values, types, strict=True)]
    return pyarrow.Table.from_arrays(arrays, names=[name for name, _ in columns])


class Table:
    """Columns of some types with random rows, and the facts that each row states. Odd ones may have a column of another type
    for a choice or a list."""

    def __init__(self, choose, engine, size, odd=False):
        regions = [*engine.regions, *(engine.others if odd else [])]
        self.kinds = {
            "age": choose.choice(engine.ages),
            "region": choose.choice(regions),
            "verified": choose.choice(engine.flags),
        }
        self.left_out = choose.choice([None, None, None, "age", "region", "verified"])
        self.each = []
        lists = {}
        if choose.random() < 0.5:
            self.each = choose.sample(["marketing", "marketing.news", "marketing.ads.banner", "service", "crm"], 2)
        else:
            kinds = ["LIST", "LIST", *(engine.no_lists if odd else [])]
            lists = {"yes": choose.choice(kinds), "no": choose.choice(kinds)}
        flags = {f"c{number}": "BOOLEAN" for number in range(len(self.each))}
        self.lists = list(lists.values())
        self.columns = list((self.kinds | flags | lists).items())
        self.rows = [self.row(choose) for _ in range(size)]

    def row(self, choose):
        regions = REGIONS[kind_of(self.kinds["region"])]
        plain = [AGES[self.kinds["age"]], regions, FLAGS[self.kinds["verified"]]]
        further = [[None, True, True, False] for _ in self.each] + [LISTS[kind] for kind in self.lists]
        return tuple(choose.choice(values) for values in plain + further)

    def places(self):
        """Of each fact, or notation of a fact per purpose, the column."""
        plain = {fact: fact for fact in self.kinds if fact != self.left_out}
        each = {f"consent.{purpose}": f"c{number}" for number, purpose in enumerate(self.each)}
        return plain | (each or {"consent": "yes", "consent!": "no"})

    def arguments(self):
        named = [f"{fact}={column}" for fact, column in self.places().items()]
        return [argument for column in named for argument in ("--column", column)]

    def facts(self, row):
        age, region, verified, *rest = row
        facts = {}
        if (number := self.number(age)) is not None:
            facts["age"] = number
        if isinstance(region, str) and region in CHOICES:
            facts["region"] = region
        if self.kinds["verified"] == "BOOLEAN" and verified is not None:
            facts["verified"] = verified
        facts.pop(self.left_out, None)
        if self.each:
            yes, no = [
                [purpose for purpose, value in zip(self.each, rest) if value is wanted] for wanted in (True, False)
            ]
        else:
            are_lists = self.lists == ["LIST", "LIST"]
            yes, no = [value or [] for value in rest] if are_lists else ([], [])
            if UNKNOWN & {*yes, *no}:
                yes, no = [], []  # a list with a name that the policy does not know states nothing
        if yes or no:
            facts["consent"] = {"yes": yes, "no": no}
        return facts

    def number(self, value):
        if value is None or self.kinds["age"] in ("VARCHAR", "BOOLEAN"):
            return None
        if isinstance(value, (int, Decimal)):
            return float(value) if abs(value) <= EXACT else None
        if not math.isfinite(value):
            return None
        return int(value) if abs(value) > EXACT else value  # JSON is read by its digits
