"""What estimators of scikit-learn do with tensors: they convert what they are given to an array."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keras_layer_lint.model import syntax
from keras_layer_lint.values.apis.registry import ApiCall, MethodCall, handles, methods
from keras_layer_lint.values.call_events import ApiCalled
from keras_layer_lint.values.events import NumpyCall
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.value import Instance, Nest, Value

if TYPE_CHECKING:
    from keras_layer_lint.values.calls import Calls

_CONVERTING = frozenset(
    f"sklearn.{module}"
    for module in """
    cluster covariance cross_decomposition decomposition discriminant_analysis ensemble gaussian_process
    kernel_approximation kernel_ridge linear_model mixture naive_bayes neighbors neural_network preprocessing
    random_projection svm tree
    """.split()
)
"""Modules whose estimators check what they are given, and make an array of it; measured with scikit-learn 1.9."""
_LEAVE_IT = ("AdaBoost", "Bagging", "FunctionTransformer", "RANSAC", "Stacking", "Voting")
"""Beginnings of the names of those that hand it on as it is, to a function or another estimator."""


@handles("sklearn.*")
def _estimator(calls: Calls, call: ApiCall) -> Value | None:
    module, _, name = call.name.rpartition(".")
    return Instance(call.name) if module in _CONVERTING and name[:1].isupper() else None


@methods(
    Instance,
    "decision_function",
    "fit_transform",
    "inverse_transform",
    "predict",
    "predict_log_proba",
    "predict_proba",
    "score_samples",
    "transform",
)
def _on_array(calls: Calls, call: MethodCall[Instance]) -> Value:
    of = call.receiver.of
    converts = of.startswith("sklearn.") and not of.rpartition(".")[2].startswith(_LEAVE_IT)
    nest = next((value.origin for value in call.arguments.values() if isinstance(value, Nest)), None)
    origin = call.tensor or nest
    if converts and origin is not None:
        function = syntax.source(call.node.func)
        api = f"{of}.{call.name}"
        calls.emit(call.node, call.frame, NumpyCall, function=function, origin=origin, api=api)
    calls.emit(call.node, call.frame, ApiCalled, name=f"{of}.{call.name}", arguments=call.arguments)
    return UNKNOWN
