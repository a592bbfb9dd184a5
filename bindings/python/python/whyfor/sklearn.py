"""A transformer for pipelines of scikit-learn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Self

import numpy
from sklearn.base import BaseEstimator, TransformerMixin  # type: ignore[import-untyped, unused-ignore]
from sklearn.utils.validation import check_is_fitted  # type: ignore[import-untyped, unused-ignore]

if TYPE_CHECKING:
    from ._contents import FactValue
    from ._core import Facts
    from ._policy import Policy
    from ._report import CategoryMapping, Report

__all__ = ["PurposeFilter"]


class PurposeFilter(TransformerMixin, BaseEstimator):  # type: ignore[misc, unused-ignore]
    """Keeps the columns that may be used for a purpose, with their masks: the first step of a pipeline.

    >>> from sklearn.pipeline import make_pipeline
    >>> pipeline = make_pipeline(PurposeFilter(policy, purpose="research"), model)  # doctest: +SKIP

    `fit` decides about the columns of a frame of pandas or polars, and `transform` gives a frame with those that were
    allowed. A column that `fit` did not see is left out.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        purpose: str,
        facts: Facts | Mapping[str, FactValue] | None = None,
        mapping: CategoryMapping | None = None,
    ) -> None:
        """The arguments are those of `Policy.select`."""
        self.policy = policy
        self.purpose = purpose
        self.facts = facts
        self.mapping = mapping

    def fit(self, X: Any, y: Any = None) -> Self:
        """Decides about the columns; raises `TypeError` if they have no names."""
        report: Report = self.policy.columns(
            self._named(X), purpose=self.purpose, facts=self.facts, mapping=self.mapping
        )
        allowed = set(report.allowed)
        self.report_ = report
        self.feature_names_in_ = numpy.asarray([str(name) for name in X.columns], dtype=object)
        self.n_features_in_ = len(self.feature_names_in_)
        self.columns_ = [name for name in self.feature_names_in_ if name in allowed]
        return self

    def transform(self, X: Any) -> Any:
        """The frame with the allowed columns, in the order in which `fit` saw them."""
        check_is_fitted(self)
        missing = [name for name in self.columns_ if name not in self._named(X).columns]
        if missing:
            raise ValueError(
                f"columns that were there at fit time are missing: {', '.join(missing)}"
            )
        shown = self.policy.select(
            X[self.columns_], purpose=self.purpose, facts=self.facts, mapping=self._mapping()
        )
        return shown.frame

    def get_feature_names_out(self, input_features: Iterable[str] | None = None) -> Any:
        """The names of the columns that are kept."""
        check_is_fitted(self)
        if input_features is not None and list(input_features) != list(self.feature_names_in_):
            raise ValueError("input_features is not equal to feature_names_in_")
        return numpy.asarray(self.columns_, dtype=object)

    def _mapping(self) -> CategoryMapping | None:
        """The part of the mapping that is about kept columns."""
        if self.mapping is None:
            return None
        kept = set(self.columns_)
        return {
            path: to
            for path, to in self.mapping.items()
            if path.partition(".")[0] in kept or path in kept
        }

    def _named(self, X: Any) -> Any:
        if not hasattr(X, "columns"):
            kind = type(X).__qualname__
            raise TypeError(
                f"'{kind}' object has no names of columns: a PurposeFilter takes a frame of pandas or polars"
            )
        return X
