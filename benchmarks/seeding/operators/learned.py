"""What a layer learns, copies or keeps outside of its weights."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from benchmarks.seeding.registry import Asked, Planting, Seed, Snippet, operator
from benchmarks.seeding.subjects import Subject
from keras_layer_lint.expectation import expects

_UNCHANGED = "$x = $x * 1.0"


def _copied(source: str) -> Callable[[Planting], Planting]:
    """Register what copies variables before there are any, into `self.averages`."""
    return operator(
        "KLL404", source=source, kinds=("layer", "model"), asked=Asked(expects=expects(attribute="averages"))
    )


def _learned(source: str, by: str = "adapt") -> Callable[[Planting], Planting]:
    """Register what keeps what a method learns in `self.center`, outside of weights and config."""
    return operator("KLL406", source=source, asked=Asked(expects=expects(attribute="center", arguments=(by,))))


@_copied("moving averages made in __init__: an empty list")
def averages_of_nothing(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.averages = [$tf.Variable(value, trainable=False) for value in self.trainable_variables]",
        call=_UNCHANGED,
        is_planted_in="init",
    )


@_copied("accumulated gradients made in __init__: an empty list")
def sums_of_nothing(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.averages = []\nfor weight in self.trainable_weights:\n"
        "    self.averages.append($tf.Variable($tf.zeros_like(weight), trainable=False))",
        call=_UNCHANGED,
        is_planted_in="init",
    )


@_copied("copies of the weights of a layer that is not built")
def copies_of_unbuilt_layer(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.extra = $layers.Dense(1)\n"
        "self.averages = [$tf.Variable(value, trainable=False) for value in self.extra.trainable_weights]",
        call="$x = $x + self.extra($x)",
        lowest_rank=2,
        is_planted_in="init",
    )


_CENTERED = "$x = $x - self.center"


@_learned("a mean that adapt keeps as a number")
def number_learned(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.center = 0.0",
        call=_CENTERED,
        methods="def adapt(self, data):\n    self.center = float($np.mean(data))\n",
        is_planted_in="methods",
    )


@_learned("an array that adapt keeps")
def array_learned(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init='self.center = $np.zeros((), "float32")',
        call=_CENTERED,
        methods='def adapt(self, data):\n    values = $np.asarray(data, "float32")\n    self.center = values.mean()\n',
        is_planted_in="methods",
    )


@_learned("bounds that adapt keeps in a list")
def bounds_learned(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.center = [0.0, 1.0]",
        call="$x = ($x - self.center[0]) / (self.center[1] - self.center[0] + 0.5)",
        methods="def adapt(self, data):\n    low, high = float($np.min(data)), float($np.max(data))\n"
        "    self.center = [low, high]\n",
        is_planted_in="methods",
    )


@_learned("a tensor that adapt keeps")
def tensor_learned(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.center = 0.0",
        call=_CENTERED,
        methods="def adapt(self, data):\n    self.center = $mean(data)\n",
        is_planted_in="methods",
    )


@_learned("what fit of a layer keeps", by="fit")
def learned_by_fit(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.center = None",
        call="if self.center is not None:\n    $x = $x - self.center",
        methods="def fit(self, data):\n    self.center = $np.asarray(data).mean()\n    return self\n",
        is_planted_in="methods",
    )


@_learned("what a helper of adapt keeps")
def learned_by_helper(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.center = 0.0",
        call=_CENTERED,
        methods="def adapt(self, data):\n    self._learn(data)\n\n"
        "def _learn(self, data):\n    self.center = float($np.mean(data))\n",
        is_planted_in="methods",
    )
