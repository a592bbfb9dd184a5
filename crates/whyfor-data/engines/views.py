"""Compares views with what the policy says of each cell, in real engines.

Random policies and rows. `whyfor view` writes the view and the engine makes it, under a time zone that is not UTC. A cell must
be shown exactly where `whyfor batch` allows it with the facts of its row, as the masks below make it; and no value that is
denied or masked may occur in a row of the view, in an error of a query on it, or in an order of its rows.

    python views.py WHYFOR [--policies N] [--seed N] [--engine NAME …]
"""

import argparse
import datetime
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import uuid
from decimal import Decimal
from pathlib import Path

from databases import DATABASES
from residuals import PURPOSES, condition, lines
from tables import Table

UTC = datetime.timezone.utc
ZONE = "America/New_York"
DUTIES = {
    "first": "show-first-4", "last": "show-last-4", "shape": "mask-alphanum", "month": "truncate-to-month",
    "year": "truncate-to-year", "hash": "sha-256-global", "fixed": "mask-to-fixed-value", "hide": "replace-with-null",
}  # fmt: skip
TEXTS = ["first", "last", "shape", "hash", "fixed", "hide"]
TIMES = ["month", "year", "fixed", "hide"]
NUMBERS = ["hash", "fixed", "hide"]
OTHERS = ["fixed", "hide"]
# Column: type in the description, type in the engine, duties.
COLUMNS = {
    "text": ("string", "VARCHAR", TEXTS), "other": ("string", "VARCHAR", TEXTS), "day": ("date", "DATE", TIMES),
    "clock": ("timestamp", "TIMESTAMP", TIMES), "moment": ("timestamptz", "TIMESTAMPTZ", TIMES),
    "small": ("int", "INTEGER", NUMBERS), "large": ("long", "BIGINT", NUMBERS), "bytes": ("binary", "BLOB", NUMBERS),
    "flag": ("boolean", "BOOLEAN", OTHERS), "double": ("double", "DOUBLE", ["fixed"]), "real": ("float", "FLOAT", OTHERS),
    "money": ("decimal(18,2)", "DECIMAL(18,2)", OTHERS), "list": ("list", "LIST", OTHERS),
    "uuid": ("uuid", "UUID", OTHERS), "map": ("map", "MAP", OTHERS), "hour": ("time", "TIME", OTHERS),
}  # fmt: skip
REQUIRED = "double"
MISSING = {"duckdb": [], "postgres": ["map"], "spark": ["uuid", "hour"], "datafusion": ["uuid", "hour"]}
SPELLED = {
    "duckdb": {"MAP": ["MAP(VARCHAR, INTEGER)"], "VARCHAR": ["VARCHAR", "VARCHAR COLLATE NOCASE"]},
    "postgres": {"BLOB": ["BYTEA"], "VARCHAR": ["TEXT", "TEXT COLLATE ci", "VARCHAR(80)"]},
    "spark": {},
    "datafusion": {"VARCHAR": ["VARCHAR", "LARGE", "VIEW", "ENUM"]},
}

# ── Masks, as docs/masks.md says ───────────────────────────────────────────────────────────────────

LINES = [["show-first-4", "show-last-4", "mask-alphanum"], ["truncate-to-month", "truncate-to-year"], ["sha-256-global"]]
FIXED = {
    "boolean": False, "int": 0, "long": 0, "float": 0.0, "double": 0.0, "decimal(18,2)": Decimal("0.00"), "string": "XXXXXXXX",
    "date": datetime.date(1970, 1, 1), "timestamp": datetime.datetime(1970, 1, 1),
    "timestamptz": datetime.datetime(1970, 1, 1, tzinfo=UTC), "binary": b"", "list": [], "map": {}, "uuid": uuid.UUID(int=0),
    "time": datetime.time(0),
}  # fmt: skip


def join(one, other):
    for strongest in ("replace-with-null", "mask-to-fixed-value"):
        if strongest in (one, other):
            return strongest
    for line in LINES:
        if one in line and other in line:
            return "mask-alphanum" if {one, other} == set(LINES[0][:2]) else max(one, other, key=line.index)
    return "mask-to-fixed-value"


def shape(text):
    return "".join("n" if c in "0123456789" else c if c in "(),.-@" else "x" for c in text)


def hashed(kind, value):
    if kind == "string":
        return hashlib.sha256(value.encode()).hexdigest()
    if kind == "binary":
        return hashlib.sha256(value).digest()
    size = {"int": 4, "long": 8}[kind]
    digest = hashlib.sha256(value.to_bytes(size, "little", signed=True)).digest()
    return int.from_bytes(digest[:size], "little", signed=True)


def masked(mask, kind, value):
    if mask == "mask-to-fixed-value":
        return FIXED[kind]
    if value is None or mask == "replace-with-null":
        return None
    if mask == "mask-alphanum":
        return shape(value)
    if mask == "show-first-4":
        return value[:4] + shape(value[4:])
    if mask == "show-last-4":
        return shape(value[:-4]) + value[-4:]
    if mask == "sha-256-global":
        return hashed(kind, value)
    start = {"day": 1} | ({"month": 1} if mask == "truncate-to-year" else {})
    if kind == "date":
        return value.replace(**start)
    return value.replace(**start, hour=0, minute=0, second=0, microsecond=0)  # in UTC if it has a zone


# ── Policies and rows ──────────────────────────────────────────────────────────────────────────────


def policy(choose, columns):
    duties = " ".join(f'duty {name} mask "{mask}"' for name, mask in DUTIES.items())
    statements = [
        "policy views", " ".join(f"category {name}" for name in [*columns, "place", "row"]), duties, "duty tell",
        "purpose marketing { news ads { banner } } purpose service { login } purpose crm also marketing",
        "fact consent per purpose fact verified fact age: number fact region: one of eu, us, other, true",
        "use row for marketing, service, crm",
    ]  # fmt: skip
    statements.append(f"use place for marketing, service when {condition(choose)}")
    for column in columns:
        allowed = COLUMNS[column][2]
        for _ in range(choose.randint(0, 3)):
            purposes = ", ".join(choose.sample(PURPOSES, choose.randint(1, 4)))
            when = f" when {condition(choose)}" if choose.random() < 0.6 else ""
            owed = choose.sample([*allowed, "tell"], choose.choice([0, 1, 1, 2]))
            then = f" then {', '.join(owed)}" if owed else ""
            kind = choose.random()
            if kind < 0.7:
                statements.append(f"use {column} for {purposes}{when}{then}")
            elif kind < 0.8 and when:
                statements.append(f"never use {column} for {purposes}{when}")
            else:
                statements.append(f"require {choose.choice(allowed)} to use {column} for {purposes}{when}")
    return "\n".join(statements) + "\n"


ODD = ["", "a", "1234", "12345", "e\u0301", "😀😀😀😀😀x", "ééééé", "(555) 123-4567", "a\nb\tc d", "a\\b'c\"d%", "٣٤٥6", "ＡＢＣ１２３"]


def text(choose):
    """An odd text, or one that is found again wherever it occurs."""
    if choose.random() < 0.3:
        return choose.choice([None, *ODD])
    return f"Ca{choose.randint(10**9, 10**10)}é😀.{choose.randint(10**9, 10**10)}@Ä\u0301z"


def moment(choose):
    edges = [datetime.datetime(2024, 1, 1, 2), datetime.datetime(2023, 12, 31, 23, 30), datetime.datetime(2024, 7, 1, 1)]
    edges += [datetime.datetime(1969, 12, 31, 23, 59, 59, 999999), datetime.datetime(1970, 1, 1)]
    start = datetime.datetime(1900, 1, 1)
    edges.append(start + datetime.timedelta(microseconds=choose.randint(0, 6 * 10**15)))
    return choose.choice(edges)


def value(choose, kind):
    if kind != COLUMNS[REQUIRED][0] and choose.random() < 0.1:
        return None
    makers = {
        "string": lambda: text(choose), "date": lambda: moment(choose).date(), "timestamp": lambda: moment(choose),
        "timestamptz": lambda: moment(choose).replace(tzinfo=UTC), "boolean": lambda: choose.random() < 0.5,
        "int": lambda: choose.choice([0, 1, -1, 2**31 - 1, -(2**31), choose.randint(-(10**9), 10**9)]),
        "long": lambda: choose.choice([0, -1, 2**63 - 1, -(2**63), choose.randint(10**14, 10**15)]),
        "binary": lambda: choose.choice([b"", b"\x00", choose.randbytes(12)]), "double": lambda: choose.random(),
        "decimal(18,2)": lambda: Decimal(choose.randint(-(10**12), 10**12)) / 100,
        "list": lambda: choose.choice([[], ["a"], ["b", "c"]]), "map": lambda: choose.choice([{}, {"a": 1}]),
        "uuid": lambda: uuid.UUID(int=choose.getrandbits(128)), "time": lambda: moment(choose).time(),
        "float": lambda: choose.choice([0.5, -1.25, 2.0**20]),
    }  # fmt: skip
    return makers[kind]()


# ── Comparing ──────────────────────────────────────────────────────────────────────────────────────


def zoned(engine):
    if engine.dialect == "spark":
        engine.session.conf.set("spark.sql.session.timeZone", ZONE)
    elif engine.dialect == "datafusion":
        execute(engine, f"SET datafusion.execution.time_zone = '{ZONE}'")
    else:
        execute(engine, f"SET TIME ZONE '{ZONE}'")


def same(kind, found, expected):
    if kind == "timestamptz" and found is not None:
        found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    if isinstance(found, (bytearray, memoryview)):
        found = bytes(found)
    if isinstance(expected, bool) or expected is None or found is None:
        return found is expected
    return found == expected


class Case:
    def __init__(self, choose, engine, folder, size):
        columns = [name for name in COLUMNS if name not in MISSING[engine.dialect]]
        self.kinds = {name: COLUMNS[name][0] for name in columns} | {"region": "string", "number": "int"}
        self.folder = Path(folder)
        (self.folder / "v.why").write_text(policy(choose, columns), encoding="utf-8")
        self.facts = Table(choose, engine, size)
        spelled = SPELLED[engine.dialect]
        types = [(name, choose.choice(spelled.get(COLUMNS[name][1], [COLUMNS[name][1]]))) for name in columns]
        self.columns = self.facts.columns + types
        data = [tuple(value(choose, self.kinds[name]) for name in columns) for _ in range(size)]
        self.rows = [one + other for one, other in zip(self.facts.rows, data)]
        means = {name: name for name in columns} | {"region": "place", "number": "row"}
        described = {name: {"is": means[name], "type": kind} for name, kind in self.kinds.items()}
        described[REQUIRED]["required"] = True
        holds = dict(argument.split("=", 1) for argument in self.facts.arguments()[1::2])
        table = {"columns": described, "facts": holds}
        (self.folder / "v.yaml").write_text(json.dumps({"tables": {"t": table}}), encoding="utf-8")
        self.means = means

    def raw(self, number, column):
        if column == "number":
            return number
        names = [name for name, _ in self.columns]
        return self.rows[number][names.index(column)]

    def expected(self, whyfor, purpose):
        """Of each row and column: whether it is allowed, and what is shown."""
        asked = [
            {"act": "use", "field": self.means[column], "for": purpose, "facts": self.facts.facts(row)}
            for row in self.facts.rows
            for column in self.kinds
        ]
        text = "\n".join(map(json.dumps, asked))
        answers = map(json.loads, lines([whyfor, "batch", self.folder / "v.why", "--reasons", "none"], text).splitlines())
        cells = {}
        for number in range(len(self.rows)):
            for column, kind in self.kinds.items():
                answer = next(answers)
                shown = self.raw(number, column)
                mask = None
                for duty in answer["duties"]:
                    if duty in DUTIES:
                        mask = join(mask, DUTIES[duty]) if mask else DUTIES[duty]
                if mask:
                    shown = masked(mask, kind, shown)
                cells[number, column] = (answer["decision"] == "allow", shown)
        return cells

    def canaries(self, cells):
        """The values that no output may have. Those of cells that are allowed as they are may occur, also of a row that is
        dropped because of another cell."""
        hidden, open_ = set(), set()
        for (number, column), (allowed, shown) in cells.items():
            raw = self.raw(number, column)
            if isinstance(raw, (str, int)) and len(str(raw)) >= 14:
                (open_ if allowed and shown == raw else hidden).add(str(raw))
        return hidden - open_


def check(case, engine, whyfor, purpose, rows):
    """What is wrong with the view of a purpose, and how many cells it shows."""
    cells = case.expected(whyfor, purpose)
    command = [whyfor, "view", case.folder / "v.why", "--dataset", case.folder / "v.yaml", "--table", "t"]
    command += ["--for", purpose, "--rows", rows, "--dialect", engine.dialect, "--name", "v"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    if done.returncode == 1:
        return [f"{key} may be shown, and nothing is" for key, (allowed, _) in cells.items() if allowed], 0
    if done.returncode != 0:
        sys.exit(f"{command}: {done.stderr}")
    sql = done.stdout
    if engine.dialect == "spark":
        sql = sql.replace("CREATE OR REPLACE VIEW", "CREATE OR REPLACE TEMPORARY VIEW")  # the table is temporary
    if engine.dialect == "postgres":
        execute(engine, "DROP VIEW IF EXISTS v")
    execute(engine, sql)
    found, names = engine.query("SELECT * FROM v")
    numbers = range(len(case.rows))
    counted = names if rows == "drop" else {REQUIRED} & set(names)
    kept = [n for n in numbers if all(cells[n, column][0] for column in counted)]
    wrong = [
        f"`{column}` is left out, and row {n} may show it"
        for column in set(case.kinds) - set(names)
        for n in numbers
        if cells[n, column][0]
    ]
    by_number = {row[names.index("number")]: row for row in found}
    if sorted(by_number) != kept or len(found) != len(kept):
        wrong.append(f"rows {sorted(by_number)}, and {kept} expected")
        return wrong, 0
    shown = 0
    for number in kept:
        for column, got in zip(names, by_number[number]):
            allowed, want = cells[number, column]
            shown += allowed
            if not same(case.kinds[column], got, want if allowed else None):
                wrong.append(f"{number} {column} {case.raw(number, column)!r}: {got!r}, and {want!r} expected, {allowed}")
    hidden = case.canaries(cells)
    if hasattr(engine, "remains"):
        remains = engine.remains()
        wrong += [f"the hidden {value} is left in a buffer" for value in hidden if any(b in remains for b in spelled(value))]
    wrong += leaks(engine, names, repr(found), hidden)
    return wrong, shown


def execute(engine, sql):
    if engine.dialect == "postgres":
        engine.connection.execute(sql)
    else:
        engine.query(sql)


def spelled(value):
    """A hidden value as a text, and as a number of 64 bits. The bytes of the bounds of types occur by chance."""
    is_random = value.isdecimal() and 10**14 <= int(value) <= 10**15
    return [value.encode(), *([int(value).to_bytes(8, "little")] if is_random else [])]


def leaks(engine, names, printed, hidden):
    """Hidden values in the rows, in errors of queries that fail because of a value, and in the order of rows."""
    texts = [printed]
    for column in {"text", "other", "large"} & set(names):
        for query in (
            f"SELECT CAST({column} AS INT) FROM v",
            f"SELECT number FROM v WHERE CAST(CAST({column} AS VARCHAR(80)) AS INT) > 0",
            f"SELECT number FROM v ORDER BY CAST(CAST({column} AS VARCHAR(80)) AS DATE)",
        ):
            try:
                texts.append(repr(engine.query(query)))
            except Exception as error:  # the engine's own
                texts.append(str(error))
    wrong = [f"the hidden {value} is shown in {text[:300]}" for text in texts for value in hidden if value in text]
    for column in {"text", "other"} & set(names):
        ordered, _ = engine.query(f"SELECT {column}, number FROM v ORDER BY {column}, number")
        last = {}
        for shown, number in ordered:
            if number < last.get(shown, -1):
                wrong.append(f"the order of `{column}` tells the rows of {shown!r} apart")
            last[shown] = number
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("whyfor", help="the command")
    parser.add_argument("--policies", type=int, default=40)
    parser.add_argument("--rows", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=list(DATABASES), action="append")
    arguments = parser.parse_args()
    failed = False
    for name in arguments.engine or DATABASES:
        choose = random.Random(arguments.seed)
        with tempfile.TemporaryDirectory() as folder:
            engine = DATABASES[name](folder)
            zoned(engine)
            total = views = 0
            wrong = []
            for _ in range(arguments.policies):
                case = Case(choose, engine, folder, arguments.rows)
                engine.load(case.columns, case.rows)
                for rows in ("drop", "keep"):
                    purpose = choose.choice(PURPOSES)
                    found, shown = check(case, engine, arguments.whyfor, purpose, rows)
                    total, views = total + shown, views + 1
                    wrong += [(purpose, problem, (case.folder / "v.why").read_text()) for problem in found]
            engine.close()
        print(f"{name}: {views} views of {arguments.policies} policies, {total} cells shown, {len(wrong)} wrong")
        for problem in wrong[:3]:
            print(*problem, sep="\n  ")
        failed |= bool(wrong) or total == 0
    sys.exit(failed)


if __name__ == "__main__":
    main()
