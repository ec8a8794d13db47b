"""State kept in Python, and what is made at the wrong time."""

from __future__ import annotations

from collections.abc import Iterable

from benchmarks.seeding.registry import Seed, Snippet, operator
from benchmarks.seeding.subjects import Subject

_RATE = 'self.rate = self.add_weight(name="rate", shape=(), initializer="ones")'


@operator("KLL123", source="a counter of steps: frozen in the graph")
def counter(subject: Subject) -> Iterable[Seed]:
    yield Snippet(init="self.step = 0", call="self.step += 1\n$x = $x / self.step")


@operator("KLL123", source="warm-up by a number on self")
def annealed(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.temperature = 1.0", call="self.temperature = self.temperature * 0.9\n$x = $x * self.temperature"
    )


@operator("KLL123", source="a moving average kept as an attribute")
def moving_average(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.moving = 0.0", call="self.moving = 0.9 * self.moving + 0.1 * $mean($x)\n$x = $x - self.moving"
    )


@operator("KLL123", source="a history kept in a list")
def history(subject: Subject) -> Iterable[Seed]:
    yield Snippet(init="self.history = []", call="self.history.append($mean($x))\n$x = $x - self.history[0]")


@operator("KLL123", source="a value cached in the first call")
def cached(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.reference = None",
        call="if self.reference is None:\n    self.reference = $mean($x)\n$x = $x - self.reference",
    )


@operator("KLL123", source="the previous value kept for the next call")
def previous(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.previous = 0.0", call="current = $mean($x)\n$x = $x - self.previous\nself.previous = current"
    )


@operator("KLL123", source="state in a dict on self")
def dict_state(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init='self.statistics = {"calls": 0}',
        call='self.statistics["calls"] += 1\n$x = $x / self.statistics["calls"]',
    )


@operator("KLL123", source="`+=` on a weight", also=["KLL214"], eagerly="not supported|add_weight|read-only|assign")
def weight_added_to(subject: Subject) -> Iterable[Seed]:
    yield Snippet(build=_RATE, call="self.rate += 0.1\n$x = $x * self.rate")


@operator("KLL123", source="a weight rebound in call", also=["KLL214"])
def weight_rebound_in_call(subject: Subject) -> Iterable[Seed]:
    yield Snippet(build=_RATE, call="self.rate = self.rate * 0.9\n$x = $x * self.rate")


@operator("KLL214", source="a weight clipped when it is made: it gets no gradient and is not saved", also=["KLL123"])
def weight_rebound_in_build(subject: Subject) -> Iterable[Seed]:
    yield Snippet(build=f"{_RATE}\nself.rate = $abs(self.rate)", call="$x = $x * self.rate", is_planted_in="build")


@operator("KLL131", source="add_weight in call", eagerly="cannot add new elements of state|add_weight|tracker")
def add_weight_in_call(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call='rate = self.add_weight(name="rate", shape=(), initializer="ones")\n$x = $x * rate')


@operator(
    "KLL131", source="add_weight in call, kept on self", also=["KLL215"], eagerly="cannot add new elements of state"
)
def weight_kept_in_call(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call='self.rate = self.add_weight(name="rate", shape=(), initializer="ones")\n$x = $x * self.rate')


@operator("KLL131", source="tf.Variable in call: only supports singleton tf.Variables")
def variable_in_call(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="shift = $tf.Variable(0.5)\n$x = $x + shift")


@operator("KLL131", "3", source="keras.Variable in call")
def keras_variable_in_call(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call='shift = $keras.Variable(0.5, dtype="float32")\n$x = $x + shift')


@operator("KLL131", "2", source="K.variable in call")
def backend_variable_in_call(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="shift = $keras.backend.variable(0.5)\n$x = $x + shift")


@operator("KLL132", source="a Dense made and called in call")
def dense_in_call(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $x + $layers.Dense(1)($x)", lowest_rank=2)


@operator("KLL132", source="a normalization made and called in call")
def normalization_in_call(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="norm = $layers.LayerNormalization()\n$x = norm($x)", lowest_rank=2)


@operator("KLL132", "3", source="Dropout made in call")
def dropout_in_call(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $layers.Dropout(0.5)($x, training=True)")


@operator("KLL205", "3", source="tf.Variable as a weight in Keras 3: neither trained nor saved")
def untracked_variable(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        build="self.shift = $tf.Variable($tf.zeros(()), trainable=True)",
        call="$x = $x + self.shift",
        is_planted_in="build",
    )


@operator("KLL205", "3", source="tf.Variable as a weight in Keras 3: neither trained nor saved")
def untracked_variable_in_init(subject: Subject) -> Iterable[Seed]:
    yield Snippet(init="self.shift = $tf.Variable(0.0)", call="$x = $x + self.shift", is_planted_in="init")


@operator("KLL206", source="a sublayer in an object of its own")
def sublayer_in_object(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.parts = $types.SimpleNamespace(dense=$layers.Dense(1))",
        call="$x = $x + self.parts.dense($x)",
        lowest_rank=2,
        is_planted_in="init",
    )


@operator("KLL206", source="a sublayer in a closure")
def sublayer_in_closure(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="dense = $layers.Dense(1)\nself.project = lambda value: dense(value)",
        call="$x = $x + self.project($x)",
        lowest_rank=2,
        is_planted_in="init",
    )


@operator("KLL206", "2", source="sublayers in nested lists or dicts of lists: weights lost on loading")
def nested_sublayers(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.stages = [[$layers.Dense(1)], [$layers.Dense(1)]]",
        call="for stage in self.stages:\n    for dense in stage:\n        $x = $x + dense($x)",
        lowest_rank=2,
        is_planted_in="init",
    )


@operator("KLL206", "2", source="sublayers in nested lists or dicts of lists: weights lost on loading")
def sublayers_in_dict_of_lists(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init='self.heads = {"first": [$layers.Dense(1)]}',
        call='for dense in self.heads["first"]:\n    $x = $x + dense($x)',
        lowest_rank=2,
        is_planted_in="init",
    )


@operator("KLL206", source="sublayers in a set")
def sublayers_in_set(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.towers = {$layers.Dense(1)}",
        call="for dense in self.towers:\n    $x = $x + dense($x)",
        lowest_rank=2,
        is_planted_in="init",
    )


@operator(
    "KLL207",
    "3",
    source="build of its own that leaves a sublayer unbuilt: weights are not loaded",
    on_class=True,
)
def unbuilt_sublayer(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.project = $layers.Dense(1)",
        build="self.bias_scale = 1.0",
        call="$x = $x + self.project($x)",
        lowest_rank=2,
        is_planted_in="init",
    )


@operator("KLL213", "3", source="a tensor made in build and used in call: out of scope in a model")
def tensor_from_build(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        build='self.offset = $cast($range(3), "float32")', call="$x = $x + $mean(self.offset)", is_planted_in="build"
    )


@operator(
    "KLL215", "3", source="a sublayer made in call, once", also=["KLL132", "KLL123"], eagerly="cannot add new elements"
)
def sublayer_made_late(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.late = None",
        call="if self.late is None:\n    self.late = $layers.Dense(1)\n$x = $x + self.late($x)",
        lowest_rank=2,
    )


@operator(
    "KLL215",
    "3",
    source="a list of sublayers grown in call",
    also=["KLL132", "KLL123"],
    eagerly="cannot add new elements",
)
def sublayers_appended(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self.added = []",
        call="self.added.append($layers.Dense(1))\n$x = $x + self.added[-1]($x)",
        lowest_rank=2,
    )
