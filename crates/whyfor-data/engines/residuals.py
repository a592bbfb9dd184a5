"""Compares conditions on rows with what the policy says of each row, in real engines.

Random policies, questions and rows, odd values included. `whyfor residual` writes the condition, the engine evaluates it over
a table, and `whyfor batch` answers for the facts of each row. The two must agree in all three values, and in the masks.

    python residuals.py WHYFOR [--policies N] [--seed N] [--engine NAME …]
"""

import argparse
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

DECLARATIONS = """policy rows
category a { b c } category d
purpose marketing { news ads { banner } } purpose service { login } purpose crm also marketing
fact consent per purpose fact verified fact age: number fact region: one of eu, us, other
duty hash mask "sha-256-global" duty fixed mask "mask-to-fixed-value" duty tell
"""
CATEGORIES = ["a", "a.b", "a.c", "d"]
PURPOSES = ["marketing", "marketing.news", "marketing.ads", "marketing.ads.banner", "service", "service.login", "crm"]
TESTS = [
    "consent", "verified", "age >= 18", "age > 17.5", "age < 3", "age == 18", "age != 18", "age <= 0", "age >= 0",
    "region is eu", "region in (eu, us)", "region is not us", "region not in (other)",
]  # fmt: skip

EXACT = 2**53
# Values of each type of column; those that a policy would refuse state nothing.
AGES = {
    "DOUBLE": [None, 17.9, 18.0, 0.0, -0.0, -5.0, math.nan, math.inf, -math.inf, 2.0**60, 17.5, 2.9999],
    "FLOAT": [None, 17.5, 18.0, math.nan, math.inf, 0.5],
    "BIGINT": [None, 17, 18, 0, -1, EXACT, EXACT + 1, -EXACT - 1, 3, 2],
    "DECIMAL(18,2)": [None, Decimal("17.50"), Decimal("18.00"), Decimal("17.51"), Decimal("0"), Decimal("-1")],
    "VARCHAR": [None, "18", "abc", ""],
    "BOOLEAN": [None, True, False],
}
REGIONS = [None, "eu", "us", "other", "EU", "uk", "", " eu", "eu ", "ｅｕ"]
CHOICES = {"eu", "us", "other"}
FLAGS = {"BOOLEAN": [None, True, False], "VARCHAR": [None, "true", "yes", "f"], "INTEGER": [None, 1, 0]}
LISTS = [
    None, [], ["marketing"], ["news"], ["marketing.news"], ["service", "crm"], ["nope"], ["Marketing"],
    ["ads.banner"], ["banner", "login"], ["crm"], ["marketing", None],
]  # fmt: skip


class DuckDb:
    dialect = "duckdb"
    ages, flags, regions = list(AGES), list(FLAGS), ["VARCHAR", "VARCHAR COLLATE NOCASE"]

    def __init__(self, _folder):
        import duckdb

        self.connection = duckdb.connect()

    def load(self, columns, rows):
        """Makes the table `t`, with the number of each row behind the columns."""
        types = ", ".join(f'"{name}" {"VARCHAR[]" if kind == "LIST" else kind}' for name, kind in columns)
        self.connection.execute(f"CREATE OR REPLACE TABLE t ({types}, number INT)")
        places = ", ".join("?" for _ in range(len(columns) + 1))
        numbered = [(*row, number) for number, row in enumerate(rows)]
        self.connection.executemany(f"INSERT INTO t VALUES ({places})", numbered)

    def query(self, sql):
        """The rows of a query, and the names of its columns."""
        done = self.connection.execute(sql)
        return done.fetchall(), [column[0] for column in done.description]

    def close(self):
        self.connection.close()


class Postgres:
    dialect = "postgres"
    # A column of another type is an error before a row is read.
    ages = ["DOUBLE", "FLOAT", "BIGINT", "DECIMAL(18,2)"]
    flags, regions = ["BOOLEAN"], ["TEXT", "TEXT COLLATE ci", "VARCHAR(5)"]
    types = {"DOUBLE": "DOUBLE PRECISION", "FLOAT": "REAL", "LIST": "TEXT[]"}

    def __init__(self, folder):
        import psycopg

        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        programs = found[-1].parent if found else Path(shutil.which("initdb") or sys.exit("no PostgreSQL here")).parent
        self.data = Path(folder) / "postgres"
        self.data.mkdir()
        # PostgreSQL refuses to run as root.
        self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
        if self.user:
            os.chmod(folder, 0o755)
            shutil.chown(self.data, "postgres", "postgres")
        self.control = programs / "pg_ctl"
        self.run(programs / "initdb", "-D", self.data, "-A", "trust", "-U", "postgres", "--encoding=UTF8")
        options = f"-k {self.data} -c listen_addresses=''"
        self.run(self.control, "-D", self.data, "-w", "-o", options, "-l", self.data / "log", "start")
        self.connection = psycopg.connect(
            host=str(self.data), user="postgres", dbname="postgres", autocommit=True, prepare_threshold=None
        )
        ci = "provider = icu, locale = 'und-u-ks-level2', deterministic = false"
        self.connection.execute(f"CREATE COLLATION ci ({ci})")

    def run(self, *command):
        subprocess.run([*self.user, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd="/")

    def load(self, columns, rows):
        types = ", ".join(f'"{name}" {self.types.get(kind, kind)}' for name, kind in columns)
        self.connection.execute("DROP TABLE IF EXISTS t CASCADE")
        self.connection.execute(f"CREATE TABLE t ({types}, number INT)")
        places = ", ".join("%s" for _ in range(len(columns) + 1))
        with self.connection.cursor() as cursor:
            numbered = [(*row, number) for number, row in enumerate(rows)]
            cursor.executemany(f"INSERT INTO t VALUES ({places})", numbered)

    def query(self, sql):
        done = self.connection.execute(sql)
        return done.fetchall(), [column.name for column in done.description or []]

    def close(self):
        self.connection.close()
        self.run(self.control, "-D", self.data, "-m", "immediate", "stop")


class Sail:
    """Spark SQL, by Sail."""

    dialect = "spark"
    ages = ["DOUBLE", "FLOAT", "BIGINT", "DECIMAL(18,2)", "VARCHAR"]
    flags, regions = list(FLAGS), ["VARCHAR"]

    def __init__(self, _folder):
        from pysail.spark import SparkConnectServer
        from pyspark.sql import SparkSession

        self.server = SparkConnectServer(port=0)
        self.server.start(background=True)
        address = f"sc://127.0.0.1:{self.server.listening_address[1]}"
        self.session = SparkSession.builder.remote(address).getOrCreate()

    def load(self, columns, rows):
        from pyspark.sql import types

        kinds = {
            "DOUBLE": types.DoubleType(), "FLOAT": types.FloatType(), "BIGINT": types.LongType(),
            "DECIMAL(18,2)": types.DecimalType(18, 2), "VARCHAR": types.StringType(), "BOOLEAN": types.BooleanType(),
            "INTEGER": types.IntegerType(), "LIST": types.ArrayType(types.StringType()), "DATE": types.DateType(),
            "TIMESTAMP": types.TimestampNTZType(), "TIMESTAMPTZ": types.TimestampType(), "BLOB": types.BinaryType(),
            "MAP": types.MapType(types.StringType(), types.IntegerType()),
        }  # fmt: skip
        fields = [types.StructField(name, kinds[kind]) for name, kind in columns]
        schema = types.StructType([*fields, types.StructField("number", types.IntegerType())])
        numbered = [(*row, number) for number, row in enumerate(rows)]
        self.session.createDataFrame(numbered, schema).createOrReplaceTempView("t")

    def query(self, sql):
        frame = self.session.sql(sql)
        return [tuple(row) for row in frame.collect()], frame.columns

    def close(self):
        self.session.stop()
        self.server.stop()


ENGINES = {"duckdb": DuckDb, "postgres": Postgres, "sail": Sail}


def condition(choose, depth=0):
    kind = choose.random()
    if depth < 3 and kind < 0.4:
        joint = choose.choice([" and ", " or "])
        return "(" + joint.join(condition(choose, depth + 1) for _ in range(choose.randint(2, 3))) + ")"
    if depth < 3 and kind < 0.5:
        return "not " + condition(choose, 3)
    return choose.choice(TESTS)


def policy(choose):
    statements = []
    for _ in range(choose.randint(2, 6)):
        data = ", ".join(choose.sample(CATEGORIES, choose.randint(1, 2)))
        purposes = ", ".join(choose.sample(PURPOSES, choose.randint(1, 3)))
        when = f" when {condition(choose)}" if choose.random() < 0.8 else ""
        duties = choose.choice(["", " then hash", " then fixed", " then tell", " then hash, tell"])
        kind = choose.random()
        if kind < 0.75:
            statements.append(f"use {data} for {purposes}{when}{duties}")
        elif kind < 0.9:
            statements.append(f"never use {data} for {purposes}{when}")
        else:
            statements.append(f"require {choose.choice(['hash', 'fixed'])} to use {data} for {purposes}{when}")
    return DECLARATIONS + "\n".join(statements) + "\n"


class Table:
    """Columns of some types with random rows, and the facts that each row states."""

    def __init__(self, choose, engine, size):
        self.kinds = {
            "age": choose.choice(engine.ages),
            "region": choose.choice(engine.regions),
            "verified": choose.choice(engine.flags),
        }
        self.left_out = choose.choice([None, None, None, "age", "region", "verified"])
        self.each = []
        lists = {}
        if choose.random() < 0.5:
            self.each = choose.sample(["marketing", "marketing.news", "marketing.ads.banner", "service", "crm"], 2)
        else:
            lists = {"yes": "LIST", "no": "LIST"}
        flags = {f"c{number}": "BOOLEAN" for number in range(len(self.each))}
        self.columns = list((self.kinds | flags | lists).items())
        self.rows = [self.row(choose) for _ in range(size)]

    def row(self, choose):
        plain = [AGES[self.kinds["age"]], REGIONS, FLAGS[self.kinds["verified"]]]
        further = [[None, True, True, False] for _ in self.each] or [LISTS, [None, *LISTS]]
        return tuple(choose.choice(values) for values in plain + further)

    def arguments(self):
        plain = [f"{fact}={fact}" for fact in self.kinds if fact != self.left_out]
        each = [f"consent.{purpose}=c{number}" for number, purpose in enumerate(self.each)]
        named = plain + (each or ["consent=yes", "consent!=no"])
        return [argument for column in named for argument in ("--column", column)]

    def facts(self, row):
        age, region, verified, *rest = row
        facts = {}
        if (number := self.number(age)) is not None:
            facts["age"] = number
        if region in CHOICES:
            facts["region"] = region
        if self.kinds["verified"] == "BOOLEAN" and verified is not None:
            facts["verified"] = verified
        facts.pop(self.left_out, None)
        if self.each:
            yes, no = [
                [purpose for purpose, value in zip(self.each, rest) if value is wanted] for wanted in (True, False)
            ]
        else:
            yes, no = [value or [] for value in rest]
            if {"nope", "Marketing", None} & {*yes, *no}:
                yes, no = [], []  # a list with a name that the policy does not know states nothing
        if yes or no:
            facts["consent"] = {"yes": yes, "no": no}
        return facts

    def number(self, value):
        if value is None or self.kinds["age"] in ("VARCHAR", "BOOLEAN"):
            return None
        if isinstance(value, int):
            return value if abs(value) <= EXACT else None
        if isinstance(value, Decimal):
            return float(value)
        if not math.isfinite(value):
            return None
        return int(value) if abs(value) > EXACT else value  # JSON is read by its digits


def lines(command, text):
    done = subprocess.run(command, input=text, capture_output=True, text=True, encoding="utf-8")
    if done.stderr or done.returncode not in (0, 1):
        sys.exit(f"{command}: {done.stderr}")
    return done.stdout


def joined(masks):
    return "mask-to-fixed-value" if len(masks) > 1 else next(iter(masks), None)


def compare(engine, whyfor, choose, folder, rows):
    """The number of rows that were compared, and what is wrong."""
    path = Path(folder) / "rows.why"
    path.write_text(policy(choose), encoding="utf-8")
    table = Table(choose, engine, rows)
    field, purpose = choose.choice(CATEGORIES), choose.choice(PURPOSES)
    residual = [whyfor, "residual", path, "use", field, "--for", purpose, *table.arguments()]
    written = json.loads(lines([*residual, "--dialect", engine.dialect, "--format", "json"], ""))
    expressions = [written["sql"], *(mask["unless_no"] for mask in written["masks"])]
    engine.load(table.columns, table.rows)
    results = ", ".join(f"{text} AS e{number}" for number, text in enumerate(expressions))
    found = [row[:-1] for row in engine.query(f"SELECT {results}, number FROM t ORDER BY number")[0]]
    asked = [{"act": "use", "field": field, "for": purpose, "facts": table.facts(row)} for row in table.rows]
    answers = lines([whyfor, "batch", path, "--reasons", "none"], "\n".join(map(json.dumps, asked)))
    wrong = []
    for row, (value, *unless), answer in zip(table.rows, found, map(json.loads, answers.splitlines()), strict=True):
        expected = {"allow": True, "deny": False, "depends": None}[answer["decision"]]
        named = {"hash": "sha-256-global", "fixed": "mask-to-fixed-value"}
        owed = joined({named[duty] for duty in answer["duties"] if duty in named})
        shown = joined({mask["mask"] for mask, applies in zip(written["masks"], unless) if applies is not False})
        if value is not expected or (expected is not False and shown != owed):
            wrong.append((field, purpose, table.columns, row, expected, value, owed, shown, path.read_text()))
    return len(table.rows), sum(value is True for value, *_ in found), wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("whyfor", help="the command")
    parser.add_argument("--policies", type=int, default=60)
    parser.add_argument("--rows", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=list(ENGINES), action="append")
    arguments = parser.parse_args()
    failed = False
    for name in arguments.engine or ENGINES:
        choose = random.Random(arguments.seed)
        with tempfile.TemporaryDirectory() as folder:
            engine = ENGINES[name](folder)
            total = allowed = 0
            wrong = []
            for _ in range(arguments.policies):
                rows, yes, found = compare(engine, arguments.whyfor, choose, folder, arguments.rows)
                total, allowed, wrong = total + rows, allowed + yes, wrong + found
            engine.close()
        print(f"{name}: {total} rows of {arguments.policies} policies, {allowed} allowed, {len(wrong)} wrong")
        for case in wrong[:3]:
            print(*case, sep="\n  ")
        failed |= bool(wrong) or allowed == 0
    sys.exit(failed)


if __name__ == "__main__":
    main()
