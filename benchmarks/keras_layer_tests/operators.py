"""The faults: each edits the syntax tree of a layer's classes, in every place it can, a tree for each place."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

Tree = ast.Module
Make = Callable[[], Tree]
"""Makes a copy of the tree with the fault in one place."""
Edit = Callable[[Tree, int], Iterator[Make]]

OPERATORS: dict[str, Edit] = {}
"""By name. Each gets the tree and the batch of the inputs, and yields what makes a tree with one fault."""


def operator(edit: Edit) -> Edit:
    """Register one under its name."""
    OPERATORS[edit.__name__] = edit
    return edit


@dataclass(frozen=True)
class Method:
    """A method of a class of the tree."""

    owner: ast.ClassDef
    node: ast.FunctionDef


def methods(tree: Tree, *names: str) -> Iterator[Method]:
    """Those of these names; the last class comes first, for it is the one under test."""
    for owner in reversed([node for node in tree.body if isinstance(node, ast.ClassDef)]):
        for node in owner.body:
            if isinstance(node, ast.FunctionDef) and node.name in names:
                yield Method(owner, node)


def _places(tree: Tree, find: Callable[[Tree], list[ast.AST]], change: Callable[[ast.AST], None]) -> Iterator[Make]:
    """For each place that is found, a copy of the tree with that place changed."""

    def make(number: int) -> Tree:
        made = copy.deepcopy(tree)
        change(find(made)[number])
        return made

    for number in range(len(find(tree))):
        yield partial(make, number)


def _returning(tree: Tree, name: str, text: str) -> Iterator[Make]:
    """All returns of one method wrapped: `$` stands for what is returned."""

    def find(each: Tree) -> list[ast.AST]:
        return [method.node for method in methods(each, name)]

    def change(node: ast.AST) -> None:
        for found in _own(node):
            if isinstance(found, ast.Return) and found.value is not None:
                found.value = _expression(text, found.value)

    yield from _places(tree, find, change)


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions within it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.Lambda)):
            yield child
            yield from _own(child)


def _expression(text: str, value: ast.expr) -> ast.expr:
    made = ast.parse(text.replace("$", "__value__"), mode="eval").body

    class Put(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return value if node.id == "__value__" else node

    changed: ast.expr = Put().visit(made)
    return changed


def _starting(tree: Tree, names: tuple[str, ...], text: str, parameter: str = "") -> Iterator[Make]:
    """Statements put at the start of a method that has the parameter."""

    def find(each: Tree) -> list[ast.AST]:
        found = [method.node for method in methods(each, *names)]
        return [node for node in found if not parameter or parameter in [one.arg for one in node.args.args]]

    def change(node: ast.AST) -> None:
        assert isinstance(node, ast.FunctionDef)
        node.body[:0] = ast.parse(text).body

    yield from _places(tree, find, change)


def _added(tree: Tree, text: str) -> Iterator[Make]:
    """A method put into the class under test, in the place of one that it has."""

    def make() -> Tree:
        made = copy.deepcopy(tree)
        owner = [node for node in made.body if isinstance(node, ast.ClassDef)][-1]
        (method,) = ast.parse(text).body
        assert isinstance(method, ast.FunctionDef)
        owner.body = [each for each in owner.body if getattr(each, "name", "") != method.name]
        owner.body.append(method)
        return made

    yield make


def _config_dicts(tree: Tree) -> list[ast.AST]:
    found = [node for method in methods(tree, "get_config") for node in _own(method.node)]
    return [node for node in found if isinstance(node, ast.Dict) and any(key is not None for key in node.keys)]


def _config_entries(tree: Tree) -> list[tuple[ast.Dict, int]]:
    dicts = [node for node in _config_dicts(tree) if isinstance(node, ast.Dict)]
    return [(node, number) for node in dicts for number, key in enumerate(node.keys) if isinstance(key, ast.Constant)]


def _in_config(tree: Tree, change: Callable[[ast.Dict, int], None]) -> Iterator[Make]:
    """The same for each entry of a dict in `get_config` whose key is spelled out."""

    def make(number: int) -> Tree:
        made = copy.deepcopy(tree)
        change(*_config_entries(made)[number])
        return made

    for number in range(len(_config_entries(tree))):
        yield partial(make, number)


@operator
def config_key_dropped(tree: Tree, batch: int) -> Iterator[Make]:
    def change(node: ast.Dict, number: int) -> None:
        del node.keys[number], node.values[number]

    yield from _in_config(tree, change)


@operator
def config_key_misspelled(tree: Tree, batch: int) -> Iterator[Make]:
    def change(node: ast.Dict, number: int) -> None:
        key = node.keys[number]
        assert isinstance(key, ast.Constant)
        key.value = f"{key.value!s}s"

    yield from _in_config(tree, change)


@operator
def config_value_wrong(tree: Tree, batch: int) -> Iterator[Make]:
    def change(node: ast.Dict, number: int) -> None:
        node.values[number] = _expression("slips.other($)", node.values[number])

    yield from _in_config(tree, change)


def _weights(tree: Tree) -> list[ast.AST]:
    """The statements `self.x = self.add_weight(...)`."""
    owners = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    assigned = [node for owner in reversed(owners) for node in ast.walk(owner) if isinstance(node, ast.Assign)]
    return [node for node in assigned if _is_new_weight(node.value) and isinstance(node.targets[0], ast.Attribute)]


def _is_new_weight(value: ast.expr) -> bool:
    is_call = isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute)
    return is_call and value.func.attr == "add_weight"  # type: ignore[attr-defined]


def _names_of_weights(tree: Tree) -> set[str]:
    return {node.targets[0].attr for node in _weights(tree)}  # type: ignore[attr-defined]


def _set(call: ast.Call, name: str, text: str) -> None:
    call.keywords = [each for each in call.keywords if each.arg != name]
    call.keywords.append(ast.keyword(arg=name, value=ast.parse(text, mode="eval").body))


@operator
def weight_not_tracked(tree: Tree, batch: int) -> Iterator[Make]:
    def change(node: ast.AST) -> None:
        assert isinstance(node, ast.Assign)
        call, target = node.value, node.targets[0]
        assert isinstance(call, ast.Call)
        assert isinstance(target, ast.Attribute)
        call.func = ast.parse("slips.untracked", mode="eval").body
        call.args.insert(0, ast.Name("self", ast.Load()))
        node.value = _expression(f"object.__setattr__(self, {target.attr!r}, $)", call)
        node.targets = [ast.Name("_", ast.Store())]

    yield from _places(tree, _weights, change)


@operator
def weight_made_twice(tree: Tree, batch: int) -> Iterator[Make]:
    def change(node: ast.AST) -> None:
        assert isinstance(node, ast.Assign)
        node.value = _expression("[$, $][1]", node.value)

    yield from _places(tree, _weights, change)


def _with_argument(name: str, text: str) -> Edit:
    def edit(tree: Tree, batch: int) -> Iterator[Make]:
        yield from _places(tree, _weights, lambda node: _set(node.value, name, text))  # type: ignore[attr-defined]

    return edit


OPERATORS["weight_not_trained"] = _with_argument("trainable", "False")
OPERATORS["regularizer_lost"] = _with_argument("regularizer", "None")
OPERATORS["weight_of_fixed_dtype"] = _with_argument("dtype", "'float32'")


def _reads_of_weights(tree: Tree) -> list[ast.AST]:
    names = _names_of_weights(tree)
    found = [node for method in methods(tree, "call") for node in ast.walk(method.node)]
    return [
        node
        for node in found
        if isinstance(node, ast.Call)
        and any(isinstance(each, ast.Attribute) and each.attr in names for each in node.args)
    ]


def _read(text: str) -> Edit:
    def edit(tree: Tree, batch: int) -> Iterator[Make]:
        names = _names_of_weights(tree)

        def change(node: ast.AST) -> None:
            assert isinstance(node, ast.Call)
            place = next(n for n, one in enumerate(node.args) if isinstance(one, ast.Attribute) and one.attr in names)
            node.args[place] = _expression(text, node.args[place])

        yield from _places(tree, _reads_of_weights, change)

    return edit


OPERATORS["gradient_stopped"] = _read("slips.ops.stop_gradient($)")
OPERATORS["weight_frozen_as_array"] = _read("slips.ops.convert_to_tensor(slips.np.asarray($))")


@operator
def weights_not_saved(tree: Tree, batch: int) -> Iterator[Make]:
    if _weights(tree):
        yield from _added(tree, "def save_own_variables(self, store): pass")


@operator
def weights_not_loaded(tree: Tree, batch: int) -> Iterator[Make]:
    if _weights(tree):
        yield from _added(tree, "def load_own_variables(self, store): pass")


@operator
def output_shape_too_long(tree: Tree, batch: int) -> Iterator[Make]:
    yield from _returning(tree, "compute_output_shape", "slips.one_more($)")


@operator
def output_shape_of_other_rank(tree: Tree, batch: int) -> Iterator[Make]:
    yield from _returning(tree, "compute_output_shape", "slips.one_axis_less($)")


@operator
def output_spec_of_other_dtype(tree: Tree, batch: int) -> Iterator[Make]:
    own = list(_returning(tree, "compute_output_spec", "slips.of_int32($)"))
    text = (
        "def compute_output_spec(self, *args, **kwargs):\n"
        "    return slips.of_int32(super().compute_output_spec(*args, **kwargs))"
    )
    yield from own or _added(tree, text)


@operator
def sublayer_not_built(tree: Tree, batch: int) -> Iterator[Make]:
    def find(each: Tree) -> list[ast.AST]:
        found = [node for method in methods(each, "build") for node in _own(method.node)]
        return [node for node in found if isinstance(node, ast.Expr) and _is_build(node.value)]

    def change(node: ast.AST) -> None:
        assert isinstance(node, ast.Expr)
        node.value = ast.Constant(None)

    yield from _places(tree, find, change)


def _is_build(value: ast.expr) -> bool:
    if not (isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "build"):
        return False
    return isinstance(value.func.value, ast.Attribute)  # of an attribute, not of `super()`


@operator
def seed_generator_dropped(tree: Tree, batch: int) -> Iterator[Make]:
    def find(each: Tree) -> list[ast.AST]:
        found = [node for node in ast.walk(each) if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)]
        return [node for node in found if getattr(node.value.func, "attr", "") == "SeedGenerator"]  # type: ignore[attr-defined]

    def change(node: ast.AST) -> None:
        assert isinstance(node, ast.Assign)
        node.value = ast.Constant(None)

    yield from _places(tree, find, change)


@operator
def masking_not_supported(tree: Tree, batch: int) -> Iterator[Make]:
    def find(each: Tree) -> list[ast.AST]:
        found = [node for node in ast.walk(each) if isinstance(node, ast.Assign)]
        return [node for node in found if getattr(node.targets[0], "attr", "") == "supports_masking"]

    def change(node: ast.AST) -> None:
        assert isinstance(node, ast.Assign)
        node.value = ast.Constant(False)

    yield from _places(tree, find, change)


@operator
def mask_ignored(tree: Tree, batch: int) -> Iterator[Make]:
    yield from _starting(tree, ("call",), "mask = None", "mask")


@operator
def mask_dropped(tree: Tree, batch: int) -> Iterator[Make]:
    yield from _added(tree, "def compute_mask(self, inputs, *args, **kwargs): return None")


@operator
def training_ignored(tree: Tree, batch: int) -> Iterator[Make]:
    yield from _starting(tree, ("call",), "training = False", "training")


@operator
def always_training(tree: Tree, batch: int) -> Iterator[Make]:
    yield from _starting(tree, ("call",), "training = True", "training")


@operator
def not_autocast(tree: Tree, batch: int) -> Iterator[Make]:
    def find(each: Tree) -> list[ast.AST]:
        return [method.node for method in list(methods(each, "__init__"))[:1]]

    def change(node: ast.AST) -> None:
        assert isinstance(node, ast.FunctionDef)
        node.body += ast.parse("self.autocast = False").body

    yield from _places(tree, find, change)


def _call(text: str) -> Edit:
    def edit(tree: Tree, batch: int) -> Iterator[Make]:
        yield from _returning(tree, "call", text.replace("BATCH", str(batch)))

    return edit


OPERATORS |= {
    "numpy_in_call": _call("slips.through_numpy($)"),
    "counter_in_python": _call("slips.counted(self, $)"),
    "last_outputs_kept": _call("slips.with_last(self, $)"),
    "unseeded_noise": _call("slips.with_noise($)"),
    "branch_on_tensor": _call("slips.branching($)"),
    "outputs_of_fixed_dtype": _call("slips.float32($)"),
    "batch_size_fixed": _call("slips.of_batch($, BATCH)"),
    "gradient_not_finite": _call("slips.steep($)"),
    "not_compiled": _call("slips.not_compiled($)"),
}

FAMILIES = {
    "the configuration: a key dropped, misspelled, with another value": (
        "config_key_dropped",
        "config_key_misspelled",
        "config_value_wrong",
    ),
    "weights: not tracked, made twice, not trained, without gradient, frozen": (
        "weight_not_tracked",
        "weight_made_twice",
        "weight_not_trained",
        "regularizer_lost",
        "gradient_stopped",
        "weight_frozen_as_array",
        "sublayer_not_built",
    ),
    "weights that are not saved or not loaded": ("weights_not_saved", "weights_not_loaded"),
    "what the layer says of its outputs: length, rank, dtype": (
        "output_shape_too_long",
        "output_shape_of_other_rank",
        "output_spec_of_other_dtype",
    ),
    "dtypes that are fixed, casts that are lost": (
        "outputs_of_fixed_dtype",
        "weight_of_fixed_dtype",
        "not_autocast",
    ),
    "masks and `training` ignored": (
        "mask_ignored",
        "mask_dropped",
        "masking_not_supported",
        "training_ignored",
        "always_training",
    ),
    "random numbers without a seed": ("seed_generator_dropped", "unseeded_noise"),
    "`call` that cannot be traced, keeps state, has a fixed batch, compiles not": (
        "numpy_in_call",
        "counter_in_python",
        "last_outputs_kept",
        "branch_on_tensor",
        "batch_size_fixed",
        "not_compiled",
        "gradient_not_finite",
    ),
}
"""Operators by what they do, for the table of a page."""
