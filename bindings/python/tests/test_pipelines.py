"""A policy in pipelines of scikit-learn, and at hand on frames."""

from __future__ import annotations

import importlib
import pickle
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import sklearn.pipeline  # type: ignore[import-untyped]
import sklearn.preprocessing  # type: ignore[import-untyped]
import whyfor
from test_apply import DATA, FACTS, FRAMES, TEXT, rows_of
from whyfor.sklearn import PurposeFilter


def test_a_filter_of_a_pipeline_keeps_the_columns_of_its_purpose() -> None:
    policy = whyfor.loads(TEXT)
    make_pipeline: Any = sklearn.pipeline.make_pipeline

    for make in (pd.DataFrame, pl.DataFrame):
        frame = make({"uid": [1, 2], "zip": [3, 4], "age": [5, 7]})
        keep = PurposeFilter(policy, purpose="newsletter")
        pipeline = make_pipeline(keep, sklearn.preprocessing.StandardScaler())
        assert pipeline.fit_transform(frame).tolist() == [[-1.0, -1.0], [1.0, 1.0]]
        assert list(pipeline[:1].get_feature_names_out()) == ["uid", "age"]
        assert keep.report_.withheld == ("zip",)
        copy = pickle.loads(pickle.dumps(pipeline))
        assert copy.transform(frame).shape == (2, 2)
    with pytest.raises(TypeError, match="has no names of columns"):
        PurposeFilter(policy, purpose="newsletter").fit(np.zeros((2, 2)))


def test_frames_have_an_accessor() -> None:
    importlib.import_module("whyfor.accessors")
    policy = whyfor.loads(TEXT)
    for kind in ("pandas", "polars", "lazy polars"):
        frame = FRAMES[kind](DATA)
        shown = frame.whyfor.apply(policy, purpose="newsletter", facts=FACTS, rows="drop").frame
        assert rows_of(shown) == [{"uid": 1, "email": "a@b", "age": 20}]
        assert frame.whyfor.columns(policy, purpose="newsletter").allowed == ("uid", "age")
