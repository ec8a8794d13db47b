"""`__init__` and `build`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import libcst as cst
import libcst.matchers as m

from benchmarks.seeding.registry import Asked, Edited, Seed, Snippet, operator
from benchmarks.seeding.source import (
    code_of,
    lines_of,
    method,
    parameters,
    statements,
    with_methods,
    with_statements,
)
from benchmarks.seeding.subjects import Subject
from keras_layer_lint.expectation import NOTHING

_STATE = "(?i)super\\(\\)\\.__init__|has no attribute|tracker|not been initialized"


def _super_calls(function: cst.FunctionDef, name: str) -> Iterator[cst.Call]:
    pattern = m.Call(func=m.Attribute(value=m.Call(func=m.Name("super")), attr=m.Name(name)))
    for found in m.findall(function, pattern):
        yield cst.ensure_type(found, cst.Call)


def _replaced(subject: Subject, old: cst.CSTNode, new: cst.CSTNode) -> Edited:
    return Edited(node=cst.ensure_type(subject.source.node.deep_replace(old, new), cst.ClassDef))


def _without(subject: Subject, function: cst.FunctionDef, call: cst.Call) -> Iterable[Seed]:
    """Without the statement that is this call."""
    body = lines_of(function)
    kept = [each for each in body if not any(call is found for found in m.findall(each, m.Call()))]
    if len(kept) == len(body) - 1:
        yield Edited(node=with_methods(subject.source.node, with_statements(function, kept)))


@operator("KLL202", source="build without super().build: built by hand, its weights are made again", on_class=True)
def super_build_left_out(subject: Subject) -> Iterable[Seed]:
    build = method(subject.source.node, "build")
    for call in _super_calls(build, "build") if build is not None else ():
        yield from _without(subject, build, call)  # type: ignore[arg-type]


@operator("KLL202", source="self.built left out", on_class=True)
def built_left_out(subject: Subject) -> Iterable[Seed]:
    build = method(subject.source.node, "build")
    if build is None:
        return
    body = lines_of(build)
    kept = [each for each in body if not code_of(each).strip().startswith("self.built")]
    if len(kept) == len(body) - 1 and kept:
        yield Edited(node=with_methods(subject.source.node, with_statements(build, kept)))


@operator(
    "KLL203",
    source="a class renamed or copied, its super(Name, self) left",
    on_class=True,
    eagerly="super|is not defined",
)
def super_of_another(subject: Subject) -> Iterable[Seed]:
    for name in ("__init__", "build", "get_config"):
        function = method(subject.source.node, name)
        for call in _super_calls(function, name) if function is not None else ():
            new = cst.parse_expression(f"super(My{subject.source.name}, self).{name}")
            yield _replaced(subject, call.func, new)


@operator("KLL204", source="super().__init__ forgotten", on_class=True, eagerly=_STATE)
def super_init_left_out(subject: Subject) -> Iterable[Seed]:
    init = method(subject.source.node, "__init__")
    for call in _super_calls(init, "__init__") if init is not None else ():
        yield from _without(subject, init, call)  # type: ignore[arg-type]


@operator(
    "KLL204",
    source="a positional argument to super().__init__",
    on_class=True,
    eagerly="(?i)positional|argument|regularizer",
)
def positional_to_super(subject: Subject) -> Iterable[Seed]:
    init = method(subject.source.node, "__init__")
    given = parameters(init) if init is not None else []
    for call in _super_calls(init, "__init__") if init is not None and given else ():
        first = cst.Arg(cst.Name(given[0].name.value))
        yield _replaced(subject, call, call.with_changes(args=[first, *call.args]))


@operator(
    "KLL208",
    "3",
    source="add_weight with the name first, as in Keras 2",
    on_class=True,
    eagerly="(?i)shape|argument|multiple values|convert",
)
def name_first(subject: Subject) -> Iterable[Seed]:
    for call in _add_weights(subject):
        names = [arg for arg in call.args if arg.keyword is not None and arg.keyword.value == "name"]
        if names and call.args[0].keyword is not None:
            first = names[0].with_changes(keyword=None, equal=cst.MaybeSentinel.DEFAULT)
            rest = [arg for arg in call.args if arg is not names[0]]
            yield _replaced(subject, call, call.with_changes(args=[first, *rest]))


@operator("KLL208", source="a float dimension of a weight", eagerly="(?i)float|integer|dimension|shape", on_class=True)
def float_dimension(subject: Subject) -> Iterable[Seed]:
    for call in _add_weights(subject):
        for arg in call.args:
            is_shape = arg.keyword is not None and arg.keyword.value == "shape"
            if is_shape and isinstance(arg.value, cst.Tuple) and arg.value.elements:
                *before, last = arg.value.elements
                half = last.with_changes(value=cst.parse_expression(f"({code_of(last.value)}) / 2"))
                new = arg.with_changes(value=arg.value.with_changes(elements=[*before, half]))
                yield _replaced(subject, call, call.deep_replace(arg, new))


@operator("KLL312", "3", source="several inputs told from one by a list", on_class=True)
def list_test_of_shape(subject: Subject) -> Iterable[Seed]:
    build = method(subject.source.node, "build")
    names = [] if build is None else parameters(build)
    if build is None or len(names) != 1:
        return
    name = names[0].name.value
    test = statements(f"if isinstance({name}, list):\n    {name} = {name}[0]")
    yield Edited(node=with_methods(subject.source.node, with_statements(build, [*test, *lines_of(build)])))


@operator("KLL209", "2", source="weights without names", on_class=True, asked=Asked(expects=NOTHING))
def unnamed_weights(subject: Subject) -> Iterable[Seed]:
    node, count = subject.source.node, 0
    for call in _add_weights(subject):
        kept = [arg for arg in call.args if arg.keyword is None or arg.keyword.value != "name"]
        if kept and len(kept) < len(call.args):
            node = cst.ensure_type(node.deep_replace(call, call.with_changes(args=kept)), cst.ClassDef)
            count += 1
    if count > 1:
        yield Edited(node=node)


def _add_weights(subject: Subject) -> Iterator[cst.Call]:
    build = method(subject.source.node, "build")
    pattern = m.Call(func=m.Attribute(value=m.Name("self"), attr=m.Name("add_weight")))
    for found in m.findall(build, pattern) if build is not None else ():
        yield cst.ensure_type(found, cst.Call)


@operator(
    "KLL211", source="build with an argument of its own for each input", on_class=True, eagerly="(?i)build|argument"
)
def build_of_two_shapes(subject: Subject) -> Iterable[Seed]:
    build = method(subject.source.node, "build")
    if build is not None and subject.takes_list >= 2 and len(build.params.params) == 2:
        more = cst.Param(cst.Name("second_shape"))
        params = build.params.with_changes(params=[*build.params.params, more])
        yield Edited(node=with_methods(subject.source.node, build.with_changes(params=params)))


@operator(
    "KLL211",
    "3",
    source="arguments of build that are not called as those of call",
    on_class=True,
    eagerly="(?i)build|argument",
)
def build_argument_renamed(subject: Subject) -> Iterable[Seed]:
    build = method(subject.source.node, "build")
    for param in build.params.params[2:] if build is not None else ():
        if param.name.value.endswith("_shape") and build is not None:
            old = param.name.value
            new = build
            for found in m.findall(build, m.Name(old)):
                new = cst.ensure_type(new.deep_replace(found, cst.Name(f"shape_of_{old[:-6]}")), cst.FunctionDef)
            yield Edited(node=with_methods(subject.source.node, new))


_RESERVED = "an attribute with a name that Keras keeps for itself"


@operator("KLL212", source=_RESERVED, eagerly="(?i)set attribute|no setter|property|has no attribute|layers")
def reserved_losses(subject: Subject) -> Iterable[Seed]:
    yield Snippet(init="self.losses = []", call="$x = $x * 1.0", is_planted_in="init")


@operator("KLL212", source=_RESERVED, eagerly="(?i)set attribute|no setter|property|has no attribute|weights|override")
def reserved_weights(subject: Subject) -> Iterable[Seed]:
    yield Snippet(init="self.weights = [0.5, 0.5]", call="$x = $x * self.weights[0]", is_planted_in="init")


@operator("KLL212", source=_RESERVED, eagerly="(?i)set attribute|no setter|property|has no attribute|override")
def reserved_variables(subject: Subject) -> Iterable[Seed]:
    yield Snippet(init='self.variables = ["a", "b"]', call="$x = $x * float(len(self.variables))", is_planted_in="init")


@operator("KLL212", source=_RESERVED, eagerly="(?i)set attribute|no setter|property|has no attribute|override")
def reserved_metrics(subject: Subject) -> Iterable[Seed]:
    yield Snippet(init="self.metrics = []", call="$x = $x * 1.0", is_planted_in="init")


@operator("KLL212", "3", source=_RESERVED, eagerly="(?i)_layers|attribute")
def reserved_layers(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self._layers = [$layers.Dense(1)]",
        call="$x = $x + self._layers[0]($x)",
        is_planted_in="init",
        lowest_rank=2,
    )


@operator("KLL201", source="a weight made in __init__, before any input is known", asked=Asked(expects=NOTHING))
def weight_in_init(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init='self.rate = self.add_weight(name="rate", shape=(), initializer="ones")',
        call="$x = $x * self.rate",
        is_planted_in="init",
    )


@operator("KLL220", "3", source="functional wiring with TensorFlow functions", eagerly="KerasTensor")
def tensorflow_in_wiring(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="given = $keras.Input((3,))\nself.wired = $keras.Model(given, $layers.Dense(1)($tf.square(given)))",
        call="$x = $x * 1.0",
        is_planted_in="init",
    )


@operator("KLL220", "3", source="functional wiring with TensorFlow functions, behind a layer", eagerly="KerasTensor")
def tensorflow_behind_layer(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="given = $keras.Input((3,))\nhidden = $layers.Dense(3)(given)\n"
        "self.wired = $keras.Model(given, $tf.concat([given, hidden], -1))",
        call="$x = $x * 1.0",
        is_planted_in="init",
    )
