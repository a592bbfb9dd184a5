"""Frames that `Policy.apply` of the Python package shows. Each has the facts, and the column `value` that is asked about."""

import random

import pyarrow
from tables import FLAGS, arrow


def applied(case, frame):
    """What a purpose may see of a frame. Whoever is asked needs no file: the policy is loaded from its text."""
    import whyfor

    facts = {}
    for notation, column in case.table.places().items():
        fact, _, purpose = notation.partition(".")
        if column in ("yes", "no"):
            facts.setdefault("consent", {})[column] = whyfor.col(column)
        elif purpose:
            facts.setdefault(fact, {})[purpose] = whyfor.col(column)
        else:
            facts[fact] = whyfor.col(column)
    policy = whyfor.loads(case.text)
    return policy.apply(frame, purpose=case.purpose, facts=facts, mapping={"value": case.field}).frame


class Arrow:
    ages = ["DOUBLE", "FLOAT", "SMALLINT", "BIGINT", "UBIGINT", "DECIMAL(18,2)", "DECIMAL(38,18)", "VARCHAR", "BOOLEAN"]
    flags, regions, others = list(FLAGS), ["VARCHAR", "LARGE", "VIEW", "ENUM"], ["BLOB", "BOOLEAN", "BIGINT"]
    no_lists = ["WORDS", "BLOBS"]

    def __init__(self, _folder):
        self.choose = random.Random(1)

    def shown(self, case):
        """The column `value` as it is shown; None if it is left out."""
        table = arrow(case.table.columns, case.table.rows).append_column("value", pyarrow.array(case.values, pyarrow.int64()))
        return self.column(applied(case, self.frame(table.drop(["number"]))))

    def frame(self, table):
        return table

    def column(self, frame):
        return frame["value"].to_pylist() if "value" in frame.column_names else None

    def close(self):
        pass


class Pandas(Arrow):
    def frame(self, table):
        """A frame with the types of NumPy, with nullable ones, or with those of Arrow."""
        import pandas

        nullable = {pyarrow.int16(): pandas.Int16Dtype(), pyarrow.int32(): pandas.Int32Dtype()}
        nullable |= {pyarrow.int64(): pandas.Int64Dtype(), pyarrow.uint64(): pandas.UInt64Dtype()}
        nullable |= {pyarrow.float64(): pandas.Float64Dtype(), pyarrow.bool_(): pandas.BooleanDtype()}
        nullable |= {pyarrow.string(): pandas.StringDtype(), pyarrow.large_string(): pandas.StringDtype()}
        mapper = self.choose.choice([None, nullable.get, pandas.ArrowDtype])
        return table.to_pandas(types_mapper=mapper, integer_object_nulls=True)

    def column(self, frame):
        import pandas

        if "value" not in frame.columns:
            return None
        return [None if pandas.isna(value) else int(value) for value in frame["value"]]


class Polars(Arrow):
    def frame(self, table):
        import polars

        return polars.from_arrow(table)

    def column(self, frame):
        return frame["value"].to_list() if "value" in frame.columns else None


class LazyPolars(Polars):
    """A lazy frame: the engine of polars evaluates the conditions, at once or in batches."""

    def frame(self, table):
        return super().frame(table).lazy()

    def column(self, frame):
        return super().column(frame.collect(engine=self.choose.choice(["in-memory", "streaming"])))


FRAMES = {"pyarrow": Arrow, "pandas": Pandas, "polars": Polars, "polars-lazy": LazyPolars}
