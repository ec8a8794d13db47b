"""Steps of a Model, and what callbacks do to it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

import libcst as cst
import libcst.matchers as m

from benchmarks.seeding.names import Names
from benchmarks.seeding.registry import Asked, Edited, Seed, Snippet, operator
from benchmarks.seeding.source import (
    code_of,
    functions,
    method,
    parameters,
    with_methods,
    without_parameter,
)
from benchmarks.seeding.subjects import Subject
from keras_layer_lint.expectation import NOTHING, expects

_MODEL = ("model",)
_REFUSED = expects(errors=("TypeError",))


def _with_code(subject: Subject, code: str) -> Edited:
    """The class with more methods."""
    names = Names(subject.source, subject.generation, "")
    more = functions(names.fill(code))
    return Edited(node=with_methods(subject.source.node, *more), imports=tuple(names.imports))


_STEP = """\
def train_step(self, data):
    x, y = data
    with $tf.GradientTape(persistent=True) as tape:
        loss = $tf.reduce_mean($tf.square(self(x, training=True) - y))
"""
_WEIGHTLESS = re.compile(r"Dropout|Activation|Flatten|Add|Concat|ReLU|Softmax|Permute|Reshape|Noise|Pool|Input")
_TWO_LISTS = Asked(expects=expects(errors=("KeyError", "ValueError")), line="self.optimizer.")


def _maker(init: cst.FunctionDef, target: str) -> str:
    """What makes an attribute, as written."""
    pattern = m.Assign(value=m.Call())
    every = [cst.ensure_type(each, cst.Assign) for each in m.findall(init, pattern)]
    return next(code_of(each.value) for each in every if code_of(each.targets[0].target) == target).partition("(")[0]


def _two_parts(subject: Subject) -> tuple[str, str] | None:
    """Two layers that `__init__` makes and `call` calls."""
    init, call = method(subject.source.node, "__init__"), method(subject.source.node, "call")
    if init is None or call is None or method(subject.source.node, "train_step") is not None:
        return None
    pattern = m.Assign(targets=[m.AssignTarget(m.Attribute(value=m.Name("self")))], value=m.Call())
    made = [code_of(cst.ensure_type(each, cst.Assign).targets[0].target) for each in m.findall(init, pattern)]
    made = [name for name in made if not _WEIGHTLESS.search(_maker(init, name))]
    called = [name for name in dict.fromkeys(made) if f"{name}(" in code_of(call) and made.count(name) == 1]
    return (called[0], called[1]) if len(called) > 1 else None


@operator("KLL401", source="one optimizer for two parts in turn", kinds=_MODEL, places=("class",), asked=_TWO_LISTS)
def one_optimizer(subject: Subject) -> Iterable[Seed]:
    parts = _two_parts(subject)
    for one, two in (parts, parts[::-1]) if parts is not None else ():
        lines = [_STEP]
        for part in (one, two):
            lines.append(f"    gradients = tape.gradient(loss, {part}.trainable_variables)\n")
            lines.append(f"    self.optimizer.apply_gradients(zip(gradients, {part}.trainable_variables))\n")
        yield _with_code(subject, "".join([*lines, '    return {"loss": loss}\n']))


@operator(
    "KLL401",
    source="one optimizer for two parts, their variables in names",
    kinds=_MODEL,
    places=("class",),
    asked=_TWO_LISTS,
)
def one_optimizer_by_names(subject: Subject) -> Iterable[Seed]:
    parts = _two_parts(subject)
    for one, two in (parts, parts[::-1]) if parts is not None else ():
        code = textwrap.indent(
            f"first = {one}.trainable_weights\nsecond = {two}.trainable_weights\n"
            "first_gradients = tape.gradient(loss, first)\nsecond_gradients = tape.gradient(loss, second)\n"
            "self.optimizer.apply_gradients(zip(first_gradients, first))\n"
            "self.optimizer.apply_gradients(zip(second_gradients, second))\n",
            "    ",
        )
        yield _with_code(subject, f'{_STEP}{code}    return {{"loss": loss}}\n')


@operator("KLL401", source="one optimizer for two parts in a loop", kinds=_MODEL, places=("class",), asked=_TWO_LISTS)
def one_optimizer_in_loop(subject: Subject) -> Iterable[Seed]:
    parts = _two_parts(subject)
    if parts is not None:
        code = (
            f"    for part in ({', '.join(parts)}):\n"
            "        gradients = tape.gradient(loss, part.trainable_variables)\n"
            "        self.optimizer.apply_gradients(zip(gradients, part.trainable_variables))\n"
        )
        yield _with_code(subject, f'{_STEP}{code}    return {{"loss": loss}}\n')


@operator("KLL401", "2", source="minimize for two parts in turn", kinds=_MODEL, places=("class",), asked=_TWO_LISTS)
def minimized_in_turn(subject: Subject) -> Iterable[Seed]:
    parts = _two_parts(subject)
    if parts is not None:
        code = "".join(f"    self.optimizer.minimize(loss, {part}.trainable_variables, tape=tape)\n" for part in parts)
        yield _with_code(subject, f'{_STEP}{code}    return {{"loss": loss}}\n')


_IDLE = Asked(expects=NOTHING)
_ONE_LIST = """\
    weights = self.trainable_variables
    self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
    return {"loss": loss}
"""


@operator("KLL408", source="self(x) in a step of one's own", kinds=_MODEL, asked=_IDLE)
def step_without_training(subject: Subject) -> Iterable[Seed]:
    if method(subject.source.node, "train_step") is None:
        yield _with_code(subject, _STEP.replace(", training=True", "") + _ONE_LIST)


@operator("KLL408", source="self(x) in a step that calls compute_loss", kinds=_MODEL, asked=_IDLE)
def prediction_without_training(subject: Subject) -> Iterable[Seed]:
    if method(subject.source.node, "train_step") is None:
        step = (
            "def train_step(self, data):\n    x, y = data\n    with $tf.GradientTape() as tape:\n"
            "        y_pred = self(x)\n        loss = self.compute_loss(x=x, y=y, y_pred=y_pred)\n"
        )
        yield _with_code(subject, step + _ONE_LIST)


@operator("KLL408", source="training=True left out of a step", kinds=_MODEL, asked=_IDLE)
def training_left_out(subject: Subject) -> Iterable[Seed]:
    step = method(subject.source.node, "train_step")
    pattern = m.Call(func=m.Name("self"))
    for found in m.findall(step, pattern) if step is not None else ():
        call = cst.ensure_type(found, cst.Call)
        kept = [arg for arg in call.args if arg.keyword is None or arg.keyword.value != "training"]
        if len(kept) < len(call.args):
            last = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
            node = subject.source.node.deep_replace(call, call.with_changes(args=[*kept[:-1], last]))
            yield Edited(node=cst.ensure_type(node, cst.ClassDef))


_LOOP = """\
def train_by_hand(batches, *arguments):
    model = {name}(*arguments)
    optimizer = $keras.optimizers.Adam()
    for x, y in batches:
        with $tf.GradientTape() as tape:
            loss = $tf.reduce_mean($tf.square(y - model(x)))
        weights = model.trainable_variables
        optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
"""
_TRAINER = """\
class Trainer:
    def __init__(self, *arguments):
        self.net = {name}(*arguments)
        self.optimizer = $keras.optimizers.Adam()

    @$tf.function
    def step(self, x, y):
        with $tf.GradientTape() as tape:
            y_pred = self.net(x)
            loss = $tf.reduce_mean($tf.abs(y - y_pred))
        gradients = tape.gradient(loss, self.net.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.net.trainable_weights))
"""


def _beside(subject: Subject, code: str) -> Edited:
    """The class as it is, and code that uses it in its module."""
    names = Names(subject.source, subject.generation, "")
    node = subject.source.node
    before = names.fill(code.format(name=node.name.value))
    return Edited(node=node, imports=tuple(names.imports), before=before)


@operator(
    "KLL410", source="a loop that calls the model without training=True", kinds=_MODEL, places=("class",), asked=_IDLE
)
def loop_without_training(subject: Subject) -> Iterable[Seed]:
    yield _beside(subject, _LOOP)


@operator(
    "KLL410",
    source="a trainer that calls its model without training=True",
    kinds=_MODEL,
    places=("class",),
    asked=_IDLE,
)
def trainer_without_training(subject: Subject) -> Iterable[Seed]:
    yield _beside(subject, _TRAINER)


@operator(
    "KLL142",
    "3",
    source="a Model whose call takes no training",
    kinds=_MODEL,
    on_class=True,
    asked=Asked(expects=NOTHING),
)
def call_without_training(subject: Subject) -> Iterable[Seed]:
    call = method(subject.source.node, "call")
    if call is None or "training" not in [each.name.value for each in parameters(call)]:
        return
    new = without_parameter(call, "training")
    for found in m.findall(new, m.Arg(keyword=m.Name("training"))):
        new = cst.ensure_type(new.deep_remove(found), cst.FunctionDef)
    if not m.findall(new, m.Name("training")):
        yield Edited(node=with_methods(subject.source.node, new))


_FROZEN = Asked(expects=expects(attribute="beta"))
_ANNEAL = """\
class Anneal($keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.model.beta = min(1.0, epoch / 10.0)
"""


@operator("KLL405", source="a factor that a callback anneals", kinds=_MODEL, asked=_FROZEN)
def annealed_by_callback(subject: Subject) -> Iterable[Seed]:
    yield Snippet(init="self.beta = 0.5", call="$x = $x + self.beta * $x", before=_ANNEAL)


@operator("KLL405", source="a flag that a callback switches", kinds=_MODEL, asked=_FROZEN)
def switched_by_callback(subject: Subject) -> Iterable[Seed]:
    before = _ANNEAL.replace("min(1.0, epoch / 10.0)", "epoch > 3")
    yield Snippet(init="self.beta = False", call="if self.beta:\n    $x = $x * 0.5", before=before)


@operator("KLL405", source="a factor that a callback changes by a method", kinds=_MODEL, asked=_FROZEN)
def set_by_callback(subject: Subject) -> Iterable[Seed]:
    before = _ANNEAL.replace("beta = min(1.0, epoch / 10.0)", "set_beta(epoch / 10.0)").replace("_begin", "_end")
    yield Snippet(
        init="self.beta = 0.5",
        call="$x = $x + self.beta * $x",
        methods="def set_beta(self, beta):\n    self.beta = beta\n",
        before=before,
    )


@operator(
    "KLL222",
    source="train_step(self, x, y)",
    kinds=_MODEL,
    on_class=True,
    places=("class",),
    asked=Asked(expects=_REFUSED, method="train_step"),
)
def step_of_x_and_y(subject: Subject) -> Iterable[Seed]:
    if method(subject.source.node, "train_step") is None:
        step = _STEP.replace("data", "x, y", 1).replace("    x, y = data\n", "")
        yield _with_code(subject, step + _ONE_LIST)


@operator(
    "KLL222",
    source="compute_loss(self, y, y_pred)",
    kinds=_MODEL,
    on_class=True,
    places=("class",),
    asked=Asked(expects=_REFUSED, method="compute_loss"),
)
def compute_loss_of_two(subject: Subject) -> Iterable[Seed]:
    if method(subject.source.node, "compute_loss") is None:
        yield _with_code(
            subject,
            "def compute_loss(self, y, y_pred):\n    return $tf.reduce_mean($tf.square(y - y_pred))\n",
        )


def _trains_itself(subject: Subject) -> bool:
    node = subject.source.node
    return any(method(node, name) is not None for name in ("compile", "train_step", "fit", "make_train_function"))


_DROPPED = Asked(expects=expects(attribute="optimizer"), method="compile")


@operator(
    "KLL409",
    source="a compile with one more argument, which forgets the optimizer",
    kinds=_MODEL,
    on_class=True,
    places=("class",),
    asked=_DROPPED,
)
def compile_forgets_optimizer(subject: Subject) -> Iterable[Seed]:
    if not _trains_itself(subject):
        yield _with_code(
            subject,
            "def compile(self, optimizer, loss=None, weight=1.0, **kwargs):\n"
            "    super().compile(loss=loss, **kwargs)\n    self.weight_of_loss = weight\n",
        )


@operator(
    "KLL409",
    source="a compile that passes on all but its first argument",
    kinds=_MODEL,
    on_class=True,
    places=("class",),
    asked=_DROPPED,
)
def compile_passes_the_rest_on(subject: Subject) -> Iterable[Seed]:
    if not _trains_itself(subject):
        code = 'def compile(self, optimizer="adam", **kwargs):\n    super().compile(**kwargs)\n'
        yield _with_code(subject, code)
