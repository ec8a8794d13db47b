"""What a layer learns, copies or keeps outside of its weights."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.seeding.registry import Asked, Seed, Snippet, operator
from benchmarks.seeding.subjects import Subject
from keras_layer_lint.expectation import expects

_BOTH = ("layer", "model")
_UNCHANGED = "$x = $x * 1.0"
_COPIES = Asked(expects=expects(attribute="averages"))


@operator("KLL404", source="moving averages made in __init__: an empty list", kinds=_BOTH, asked=_COPIES)
def averages_of_nothing(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.averages = [$tf.Variable(value, trainable=False) for value in self.trainable_variables]",
        call=_UNCHANGED,
        is_planted_in="init",
    )


@operator("KLL404", source="accumulated gradients made in __init__: an empty list", kinds=_BOTH, asked=_COPIES)
def sums_of_nothing(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.averages = []\nfor weight in self.trainable_weights:\n"
        "    self.averages.append($tf.Variable($tf.zeros_like(weight), trainable=False))",
        call=_UNCHANGED,
        is_planted_in="init",
    )


@operator("KLL404", source="copies of the weights of a layer that is not built", kinds=_BOTH, asked=_COPIES)
def copies_of_unbuilt_layer(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.extra = $layers.Dense(1)\n"
        "self.averages = [$tf.Variable(value, trainable=False) for value in self.extra.trainable_weights]",
        call="$x = $x + self.extra($x)",
        lowest_rank=2,
        is_planted_in="init",
    )


_LEARNED = Asked(expects=expects(attribute="center", arguments=("adapt",)))
_CENTERED = "$x = $x - self.center"


@operator("KLL406", source="a mean that adapt keeps as a number", asked=_LEARNED)
def number_learned(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.center = 0.0",
        call=_CENTERED,
        methods="def adapt(self, data):\n    self.center = float($np.mean(data))\n",
        is_planted_in="methods",
    )


@operator("KLL406", source="an array that adapt keeps", asked=_LEARNED)
def array_learned(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init='self.center = $np.zeros((), "float32")',
        call=_CENTERED,
        methods='def adapt(self, data):\n    values = $np.asarray(data, "float32")\n    self.center = values.mean()\n',
        is_planted_in="methods",
    )


@operator("KLL406", source="bounds that adapt keeps in a list", asked=_LEARNED)
def bounds_learned(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.center = [0.0, 1.0]",
        call="$x = ($x - self.center[0]) / (self.center[1] - self.center[0] + 0.5)",
        methods="def adapt(self, data):\n    low, high = float($np.min(data)), float($np.max(data))\n"
        "    self.center = [low, high]\n",
        is_planted_in="methods",
    )


@operator("KLL406", source="a tensor that adapt keeps", asked=_LEARNED)
def tensor_learned(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.center = 0.0",
        call=_CENTERED,
        methods="def adapt(self, data):\n    self.center = $mean(data)\n",
        is_planted_in="methods",
    )


@operator(
    "KLL406",
    source="what fit of a layer keeps",
    asked=Asked(expects=expects(attribute="center", arguments=("fit",))),
)
def learned_by_fit(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.center = None",
        call="if self.center is not None:\n    $x = $x - self.center",
        methods="def fit(self, data):\n    self.center = $np.asarray(data).mean()\n    return self\n",
        is_planted_in="methods",
    )


@operator("KLL406", source="what a helper of adapt keeps", asked=_LEARNED)
def learned_by_helper(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.center = 0.0",
        call=_CENTERED,
        methods="def adapt(self, data):\n    self._learn(data)\n\n"
        "def _learn(self, data):\n    self.center = float($np.mean(data))\n",
        is_planted_in="methods",
    )
