"""Engines that evaluate SQL. Each loads a table `t`, with the number of each row after the columns."""

import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

from tables import ARROW, FLAGS, REGIONS, TEXTS, arrow


def remains(batches):
    """All bytes of some batches, also those below values that are NULL, and their dictionaries."""
    columns = [column for batch in batches for column in batch.columns]
    dictionaries = [repr(column.dictionary.to_pylist()).encode() for column in columns if hasattr(column, "dictionary")]
    buffers = [buffer.to_pybytes() for column in columns for buffer in column.buffers() if buffer]
    return b"".join(buffers + dictionaries)


class DuckDb:
    dialect = "duckdb"
    ages = ["DOUBLE", "FLOAT", "SMALLINT", "BIGINT", "UBIGINT", "DECIMAL(18,2)", "DECIMAL(38,18)", "VARCHAR", "BOOLEAN"]
    flags, regions = list(FLAGS), ["VARCHAR", "VARCHAR COLLATE NOCASE", "ENUM"]
    others, no_lists = ["BLOB", "BOOLEAN", "BIGINT"], []
    types = {"LIST": "VARCHAR[]", "ENUM": f"ENUM({', '.join(map(repr, REGIONS['ENUM'][1:]))})"}
    sent = ARROW | {"ENUM": ARROW["VARCHAR"], "UUID": ARROW["VARCHAR"], "MAP(VARCHAR, INTEGER)": ARROW["MAP"]}

    def __init__(self, _folder):
        import duckdb

        self.connection = duckdb.connect()
        self.connection.execute("SET threads = 1")

    def load(self, columns, rows):
        types = ", ".join(f'"{name}" {self.types.get(kind, kind)}' for name, kind in columns)
        self.connection.execute(f"CREATE OR REPLACE TABLE t ({types}, number INT)")
        if "UUID" in dict(columns).values():
            rows = [[str(value) if isinstance(value, uuid.UUID) else value for value in row] for row in rows]
        self.connection.register("loaded", arrow(columns, rows, self.sent))
        self.connection.execute("INSERT INTO t SELECT * FROM loaded")
        self.connection.unregister("loaded")

    def query(self, sql):
        """The rows of a query, and the names of its columns."""
        done = self.connection.execute(sql)
        return done.fetchall(), [column[0] for column in done.description]

    def close(self):
        self.connection.close()


class Postgres:
    dialect = "postgres"
    # A column of another type is an error before a row is read.
    ages = ["DOUBLE", "FLOAT", "SMALLINT", "BIGINT", "DECIMAL(18,2)", "DECIMAL(38,18)"]
    flags, regions = ["BOOLEAN"], ["TEXT", "TEXT COLLATE ci", "VARCHAR(5)", "ENUM"]
    others, no_lists = ["BLOB", "BOOLEAN", "BIGINT"], ["WORDS"]
    types = {"DOUBLE": "DOUBLE PRECISION", "FLOAT": "REAL", "LIST": "TEXT[]", "ENUM": "regions", "BLOB": "BYTEA", "WORDS": "TEXT"}

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
        options = f"-k {self.data} -c listen_addresses='' -c fsync=off"
        self.run(self.control, "-D", self.data, "-w", "-o", options, "-l", self.data / "log", "start")
        self.connection = psycopg.connect(
            host=str(self.data), user="postgres", dbname="postgres", autocommit=True, prepare_threshold=None
        )
        ci = "provider = icu, locale = 'und-u-ks-level2', deterministic = false"
        self.connection.execute(f"CREATE COLLATION ci ({ci})")
        labels = ", ".join(repr(text) for text in TEXTS if text)
        self.connection.execute(f"CREATE TYPE regions AS ENUM ({labels})")

    def run(self, *command):
        subprocess.run([*self.user, *map(str, command)], check=True, stdout=subprocess.DEVNULL, cwd="/")

    def load(self, columns, rows):
        types = ", ".join(f'"{name}" {self.types.get(kind, kind)}' for name, kind in columns)
        self.connection.execute("DROP TABLE IF EXISTS t CASCADE")
        self.connection.execute(f"CREATE UNLOGGED TABLE t ({types}, number INT)")
        with self.connection.cursor() as cursor, cursor.copy("COPY t FROM STDIN") as copy:
            for number, row in enumerate(rows):
                copy.write_row((*row, number))

    def query(self, sql):
        done = self.connection.execute(sql)
        return done.fetchall(), [column.name for column in done.description or []]

    def close(self):
        self.connection.close()
        self.run(self.control, "-D", self.data, "-m", "immediate", "stop")


class DataFusion:
    dialect = "datafusion"
    ages = ["DOUBLE", "FLOAT", "SMALLINT", "BIGINT", "UBIGINT", "DECIMAL(18,2)", "DECIMAL(38,18)", "VARCHAR"]
    flags, regions, others = list(FLAGS), ["VARCHAR", "LARGE", "VIEW", "ENUM"], ["BLOB", "BOOLEAN", "BIGINT"]
    no_lists = []

    def __init__(self, _folder):
        import datafusion

        self.context = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(1))

    def load(self, columns, rows):
        self.context.deregister_table("t")
        self.context.from_arrow(arrow(columns, rows), "t")

    def query(self, sql):
        frame = self.context.sql(sql)
        batches = self.batches = frame.collect()
        names = frame.schema().names
        rows = [row for batch in batches for row in zip(*map(self.values, batch.columns), strict=True)]
        return rows, names

    def remains(self):
        """All bytes of the last result."""
        return remains(self.batches)

    def values(self, array):
        """The values of a column, as the drivers of other engines give them."""
        import pyarrow

        values = array.to_pylist()
        if pyarrow.types.is_map(array.type):
            return [None if value is None else dict(value) for value in values]
        return values

    def close(self):
        pass


class Sail:
    """Spark SQL, by Sail."""

    dialect = "spark"
    ages = ["DOUBLE", "FLOAT", "SMALLINT", "BIGINT", "DECIMAL(18,2)", "DECIMAL(38,18)", "VARCHAR"]
    flags, regions, others = list(FLAGS), ["VARCHAR"], ["BLOB", "BOOLEAN", "BIGINT"]
    no_lists = ["BLOBS"]

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
            "INTEGER": types.IntegerType(), "LIST": types.ArrayType(types.StringType()), "BLOBS": types.ArrayType(types.BinaryType()),
            "DATE": types.DateType(),
            "TIMESTAMP": types.TimestampNTZType(), "TIMESTAMPTZ": types.TimestampType(), "BLOB": types.BinaryType(),
            "MAP": types.MapType(types.StringType(), types.IntegerType()), "SMALLINT": types.ShortType(),
            "DECIMAL(38,18)": types.DecimalType(38, 18),
        }  # fmt: skip
        fields = [types.StructField(name, kinds[kind]) for name, kind in columns]
        schema = types.StructType([*fields, types.StructField("number", types.IntegerType())])
        numbered = [(*row, number) for number, row in enumerate(rows)]
        self.session.createDataFrame(numbered, schema).createOrReplaceTempView("t")

    def query(self, sql):
        frame = self.frame = self.session.sql(sql)
        return [tuple(row) for row in frame.collect()], frame.columns

    def remains(self):
        return remains(self.frame.toArrow().to_batches())

    def close(self):
        self.session.stop()
        self.server.stop()


DATABASES = {"duckdb": DuckDb, "postgres": Postgres, "datafusion": DataFusion, "sail": Sail}
