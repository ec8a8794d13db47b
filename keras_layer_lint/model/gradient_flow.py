"""Whether a gradient can flow from what a function returns back to one of its arguments: read with `ast`.

Only what certainly stops it counts. A function that is not known may do anything, and lets it through.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from keras_layer_lint.source.module_index import FunctionNode
from keras_layer_lint.source.tree_walk import children, walk

STOPS = frozenset(
    """
    argmax argmin argsort ceil equal floor greater greater_equal isfinite isinf isnan less less_equal logical_and
    logical_not logical_or logical_xor not_equal one_hot rint round shape size stop_gradient
    """.split()
)
"""Functions of `keras.ops`, `tf` and `tf.math` without a gradient.

Run with TensorFlow 2.21: the gradient of each with regard to its argument is None."""
_DISCRETE = ("bool", "int", "uint")

Names = Callable[[str], "str | None"]
"""The last part of the name of the API function that a dotted name stands for; None for anything else."""


def stops_gradient(function: FunctionNode, argument: str, api_function: Names) -> bool:
    """Whether the argument is used, and no value that is returned has a gradient with regard to it."""
    flow = _Flow({argument}, api_function)
    flow.run(function.body)
    return flow.is_followed and flow.is_stopped and flow.returned == [False] * len(flow.returned) != []


class _Flow:
    """The names that hold something with a gradient, statement by statement."""

    def __init__(self, names: set[str], api_function: Names) -> None:
        self.names = names
        self.api_function = api_function
        self.returned: list[bool] = []
        self.is_stopped = False
        """Whether something stopped a gradient."""
        self.is_followed = True
        """Whether all statements could be followed."""

    def run(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            match statement:
                case ast.Assign(targets=targets, value=value):
                    has_gradient = self.has_gradient(value)
                    for target in targets:
                        self._bind(target, has_gradient)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    self._bind(target, self.has_gradient(value))
                case ast.AugAssign(target=target, value=value):
                    self._bind(target, self.has_gradient(value) or self.has_gradient(target))
                case ast.Return(value=value):
                    self.returned.append(value is not None and self.has_gradient(value))
                case ast.If(body=body, orelse=orelse):
                    self._either(body, orelse)
                case ast.For(target=target, iter=source, body=body, orelse=orelse):
                    self._bind(target, self.has_gradient(source) or self.has_gradient(target))
                    self._again(body)
                    self.run(orelse)
                case ast.While(body=body, orelse=orelse):
                    self._again(body)
                    self.run(orelse)
                case ast.With(items=items, body=body):
                    for item in items:
                        if item.optional_vars is not None:
                            self._bind(item.optional_vars, self.has_gradient(item.context_expr))
                    self.run(body)
                case ast.Expr() | ast.Pass() | ast.Assert() | ast.Raise() | ast.Import() | ast.ImportFrom():
                    pass
                case _:
                    self.is_followed = False

    def _either(self, body: list[ast.stmt], orelse: list[ast.stmt]) -> None:
        """What holds a gradient on one of two paths may hold it behind them."""
        before = set(self.names)
        self.run(body)
        after, self.names = self.names, before
        self.run(orelse)
        self.names |= after

    def _again(self, body: list[ast.stmt]) -> None:
        """A body that runs any number of times, or not at all: until no more names hold a gradient."""
        before: set[str] = set()
        while before != self.names:
            before = set(self.names)
            self.run(body)
            self.names |= before

    def _bind(self, target: ast.expr, has_gradient: bool) -> None:
        match target:
            case ast.Name(id=name):
                (self.names.add if has_gradient else self.names.discard)(name)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part in parts:
                    self._bind(part, has_gradient)
            case _:
                self.is_followed = False  # something else than a variable holds it now

    def has_gradient(self, node: ast.expr) -> bool:
        match node:
            case ast.Name(id=name):
                return name in self.names
            case ast.Compare():
                return self._stopped(node.left, *node.comparators)
            case ast.Call():
                function = self.api_function(ast.unparse(node.func)) if _is_dotted(node.func) else None
                given = [*node.args, *(keyword.value for keyword in node.keywords)]
                if function in STOPS or (function == "cast" and _is_to_discrete(node)):
                    return self._stopped(*given)
                return any(map(self.has_gradient, (node.func, *given)))
            case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                # What it binds itself comes from what it goes through, or from what a call of it is given.
                return any(isinstance(part, ast.Name) and part.id in self.names for part in walk(node))
            case _:
                return any(self.has_gradient(part) for part in children(node) if isinstance(part, ast.expr))

    def _stopped(self, *given: ast.expr) -> bool:
        if any(map(self.has_gradient, given)):
            self.is_stopped = True
        return False


def _is_dotted(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _is_to_discrete(node: ast.Call) -> bool:
    dtypes = [*node.args[1:2], *(keyword.value for keyword in node.keywords if keyword.arg == "dtype")]
    return bool(dtypes) and ast.unparse(dtypes[0]).strip("'\"").rpartition(".")[2].startswith(_DISCRETE)
