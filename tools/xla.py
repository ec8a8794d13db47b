"""Measures which public functions and layers XLA cannot compile.

Every function is traced and lowered to HLO, the function itself and its gradient, with all of the templates that it
takes, or as `CASES` says. It stands in the table when it runs without XLA with some of them and is lowered with none:
that it fails on one input says nothing where it works on others. The kernels registered for XLA are the same for CPU
and GPU, so one of them is enough.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import tensorflow as tf
from tensorflow.python.framework import kernels

import keras
from keras_layer_lint.keras.names import canonical
from tools.xla_inputs import CASES, TEMPLATES, namespace

MODULES = (
    "tf tf.math tf.math.special tf.linalg tf.nn tf.image tf.signal tf.strings tf.sparse tf.ragged tf.bitwise tf.sets "
    "tf.debugging tf.random tf.keras.activations tf.keras.backend "
    "keras.ops keras.ops.image keras.ops.linalg keras.ops.nn keras.random"
).split()
NOT_CALLED = (
    "function device init_scope name_scope load_ register control_depend Gradient import_ export no_gradient enable "
    "disable clear_session set_ get_ manual_ create_ reset is_ dynamic_stitch parallel_stack hessians while_loop "
    "guarantee_const queue"
).split()
NO_KERNEL_NEEDED = frozenset({"Assert", "Placeholder", "PlaceholderWithDefault", "VarHandleOp", "_Arg"})
FLOATS = "x image square row video columns".split()
GIVEN = [*FLOATS, *"c i b wide u8".split()]
"""The values that a function is given as arguments: XLA may compute what depends on constants only without a kernel."""


def not_compiled() -> list[str]:
    """The layers that tell Keras 3 not to compile a model that has them."""
    found = []
    for name, cls in inspect.getmembers(keras.layers, inspect.isclass):
        texts = [
            inspect.getsource(base.__init__) for base in cls.__mro__ if "__init__" in vars(base) and base is not object
        ]
        if any(re.search(r"^        self\.supports_jit = False", text, re.MULTILINE) for text in texts):
            found.append(f"keras.layers.{name}")
    return found


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """The public functions that no case speaks of."""
    spoken = {name.partition("(")[0] for name in CASES}
    for path in MODULES:
        module: Any = {"tf": tf, "keras": keras}[path.partition(".")[0]]
        for part in path.split(".")[1:]:
            module = getattr(module, part)
        for name in sorted(dir(module)):
            found = getattr(module, name, None)
            plain = callable(found) and not inspect.isclass(found) and not name.startswith(("_", *NOT_CALLED))
            if plain and f"{path}.{name}" not in spoken:
                yield f"{path}.{name}", found


def tensors(result: Any) -> list[tf.Tensor]:
    """The tensors in a result."""
    flat = tf.nest.flatten(result, expand_composites=True)
    return [tf.convert_to_tensor(item) for item in flat if isinstance(item, tf.Tensor | tf.Variable)]


@cache
def has_kernel(operation: str) -> bool:
    """Whether XLA has a kernel for an operation; control flow, variables and arguments are a matter of its own."""
    devices = {kernel.device_type for kernel in kernels.get_registered_kernels_for_op(operation).kernel}
    return not devices or "XLA_CPU_JIT" in devices or operation in NO_KERNEL_NEEDED


@dataclass(frozen=True)
class Run:
    """A call to be tried: of the values of `namespace`, which it is an expression of."""

    call: Callable[[dict[str, Any]], Any]
    expression: str

    def first_of(self, names: Iterable[str]) -> str | None:
        """The first of these values that the expression names."""
        words = re.findall(r"\w+", self.expression)
        return next((name for name in names if name in words), None)


@dataclass(frozen=True)
class Compilation:
    """How compiling and running went, for one input on which all works without XLA."""

    compiles: bool
    lacking: str = ""
    """The operations without kernel; empty where it fails although XLA has all of them."""


def compilation(function: Callable[[Any], Any], value: Any) -> Compilation | None:
    """How XLA does with a function of one tensor; None where it does not run without XLA either."""
    compiled = tf.function(function, jit_compile=True, autograph=False)
    try:
        graph = compiled.get_concrete_function(tf.TensorSpec(value.shape, value.dtype)).graph.as_graph_def()
    except Exception:
        return None
    try:
        # Running ends the process where strings are among what is compiled; lowering raises.
        compiled.experimental_get_compiler_ir(value)(stage="hlo")
        return Compilation(True)
    except Exception as error:
        message = str(error)
    try:
        if "resource arguments" in message:  # it has variables: only running it tells
            compiled(value)
            return Compilation(True)
    except Exception as error:
        message = str(error)
    try:
        tf.function(function, autograph=False)(value)
    except Exception as error:
        if "No OpKernel" not in str(error):  # what has one for GPU only runs there
            return None
    if "No registered" not in message:
        return Compilation(False)
    nodes = [*graph.node, *(node for inner in graph.library.function for node in inner.node_def)]
    lacking = {node.op for node in nodes if not has_kernel(node.op)}
    # `AsString` is how a case makes its strings, unless it is all there is.
    return Compilation(False, " ".join(sorted(lacking - {"AsString"} or lacking)))


def first_failure(compilations: Iterable[Compilation | None]) -> Compilation | None:
    """The first failure where none compiles, else one that compiles; None where nothing runs."""
    failure = None
    for found in compilations:
        if found is not None and found.compiles:
            return found
        failure = failure or found
    return failure


def forward(run: Run, values: dict[str, Any], name: str | None) -> Compilation | None:
    """Compile the call as a function of the value of that name."""

    def called(value: Any) -> list[Any]:
        results = tensors(run.call(values if name is None else {**values, name: value}))
        if not results:
            raise LookupError("it gives no tensor")
        return [tf.cast(value[..., :1], tf.float32), *results]

    return compilation(called, values[name or "x"])


def gradient(run: Run, values: dict[str, Any], name: str) -> Compilation | None:
    """Compile the gradient of the call to the value of that name."""

    def derived(value: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(value)
            results = [found for found in tensors(run.call({**values, name: value})) if found.dtype.is_floating]
        found = tape.gradient(results, value)
        if found is None:
            raise LookupError("it has no gradient")
        return tf.convert_to_tensor(found)

    return compilation(derived, values[name])


def of_runs(runs: Sequence[Run], values: dict[str, Any]) -> tuple[str | None, str | None]:
    """What is missing in the forward pass, and what only in the gradient: on all inputs that run without XLA."""
    given = [(run, run.first_of(GIVEN)) for run in runs]
    ahead = first_failure(forward(run, values, name) for run, name in given if name is not None)
    if ahead is None:
        ahead = first_failure(forward(run, values, None) for run, name in given if name is None)
    if ahead is None or not ahead.compiles:
        return None if ahead is None else ahead.lacking, None
    floats = [(run, run.first_of(FLOATS)) for run in runs]
    back = first_failure(gradient(run, values, name) for run, name in floats if name is not None)
    return None, None if back is None or back.compiles else back.lacking


def of_cases(values: dict[str, Any]) -> dict[str, tuple[str | None, str | None]]:
    """The results of `CASES`."""
    found = {}
    for name, expression in CASES.items():
        code = compile(expression, name, "eval")
        run = Run(lambda given, code=code: eval(code, dict(given)), expression)
        found[name] = of_runs([run], values)
    return found


def runs_of(name: str, function: Callable[..., Any]) -> list[Run]:
    """Calls with all the templates, whether the function takes them or not."""
    codes = [(compile(f"f({template})", name, "eval"), template) for template in TEMPLATES]
    return [Run(lambda given, code=code: eval(code, {**given, "f": function}), template) for code, template in codes]


def measured() -> dict[str, tuple[str | None, str | None]]:
    """Everything, by name."""
    values = namespace()
    found = of_cases(values)
    for name, function in functions():
        with contextlib.redirect_stderr(io.StringIO()):
            found[name] = of_runs(runs_of(name, function), values)
    return found


def measure() -> dict[str, Any]:
    """Measure functions and layers."""
    result: dict[str, Any] = {"forward": {}, "gradient": {}}
    for name, missing in sorted(measured().items()):
        full = re.sub(r"\Atf\.(?=keras\.)|\Atf(?=\.)", lambda m: "" if m[0] == "tf." else "tensorflow", name)
        function, bracket, condition = full.partition("(")
        for part, operations in zip(("forward", "gradient"), missing, strict=True):
            if operations is not None:
                result[part][canonical(function) + bracket + condition] = operations
    return {**result, "not_compiled": not_compiled()}
