"""What AutoGraph does with a statement in Keras 2: where it gives up, and which conversions fail.

Source: measured with TensorFlow 2.21 and tf_keras 2.21, one function per construct.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import libcst as cst

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.keras.versions import AUTOGRAPH_GIVES_UP_ON_WALRUS
from keras_layer_lint.model import syntax, uses
from keras_layer_lint.model.code import CodeUnit
from keras_layer_lint.target import EVERY_VERSION, Versions
from keras_layer_lint.values.blocks import Block, raises, returns
from keras_layer_lint.values.value import Nest, PythonValue, Tensor, Value

WITHOUT_ELSE = "keep in a flag how the loop ended, and use an `if` after it"


@dataclass(frozen=True, slots=True)
class GivesUp:
    """A construct for which AutoGraph leaves the whole function as it is."""

    construct: str
    advice: str
    """What to write in its place."""
    node: cst.CSTNode
    versions: Versions = EVERY_VERSION
    """Those of Keras 2 in which it does so."""


@dataclass(frozen=True, slots=True)
class Unconvertible:
    """Why AutoGraph cannot convert a statement, `str` of it, and what to write instead."""

    why: str
    advice: str
    is_raise: bool = False
    """Whether it is a `raise` on a tensor, which nothing that traces can decide."""

    def __str__(self) -> str:
        return self.why


class FunctionFacts:
    """What the text of one function says, found once per node."""

    __slots__ = ("gives_up", "is_generator", "node")

    def __init__(self, node: cst.FunctionDef | cst.Lambda, unit: CodeUnit) -> None:
        self.node = node
        """Keeps the node, and so its identity, alive."""
        self.gives_up: GivesUp | None = None
        self.is_generator = False
        if _holds(unit, ":="):
            self._look_for_walrus()
        if _holds(unit, "yield"):
            own = {id(child) for child in syntax.walk(node, into_functions=False)}
            for child in syntax.walk(node):
                if type(child) is cst.Yield:
                    if id(child) in own:
                        self.is_generator = True
                    else:
                        self._give_up("a nested generator (`yield`)", "return a list", child)
        if isinstance(node, cst.FunctionDef):
            self._look_at_statements(node.body)

    def _give_up(self, construct: str, advice: str, node: cst.CSTNode, versions: Versions = EVERY_VERSION) -> None:
        """Keep the construct that it gives up on in most versions, the first of these."""
        known = self.gives_up
        if known is None or (known.versions != EVERY_VERSION and versions == EVERY_VERSION):
            self.gives_up = GivesUp(construct, advice, node, versions)

    def _look_for_walrus(self) -> None:
        for child in syntax.walk(self.node):
            if type(child) is cst.NamedExpr:
                self._give_up("`:=`", "assign in a statement of its own", child, AUTOGRAPH_GIVES_UP_ON_WALRUS)
                return

    def _look_at_statements(self, body: cst.BaseSuite) -> None:
        for statement in syntax.statements(body):
            kind = type(statement)
            if kind is cst.SimpleStatementLine:
                continue
            if isinstance(statement, cst.Match):
                self._give_up("`match`", "write `if` and `elif`", statement.subject)
            elif isinstance(statement, cst.For) and statement.orelse is not None:
                self._give_up("`for ... else`", WITHOUT_ELSE, statement.iter)
            elif isinstance(statement, cst.While) and statement.orelse is not None:
                self._give_up("`while ... else`", WITHOUT_ELSE, statement.test)
            for suite in syntax.suites(statement):
                self._look_at_statements(suite)


@lru_cache(maxsize=256)
def _holds(unit: CodeUnit, text: str) -> bool:
    return text in unit.text


_GRAPH_LOOP = "loop over `tf.range(...)`, which AutoGraph converts, and leave that with `break`"


def if_fault(
    node: cst.If, blocks: Sequence[Block], env: Mapping[str, Value], in_python_loop: bool
) -> Unconvertible | None:
    """Why AutoGraph cannot convert an `if` on a tensor, None where it can."""
    body = syntax.statements(node.body)
    if in_python_loop and leaves(node):
        return Unconvertible("AutoGraph cannot leave a Python `for` where a tensor says so", _GRAPH_LOOP)
    other: Sequence[cst.CSTNode] = ()
    if isinstance(node.orelse, cst.Else):
        other = syntax.statements(node.orelse.body)
    elif isinstance(node.orelse, cst.If):
        other = (node.orelse,)
    if any(raises(statement) for statement in (*body, *other)):
        why = "the `raise` under it fires while tracing, whatever the tensor holds"
        return Unconvertible(why, "check it with `tf.debugging.assert_*`, which runs in the graph", is_raise=True)
    if any(map(returns, body)) != any(map(returns, other)) and not any(block.leaves_later for block in blocks):
        why = "only one branch returns, and AutoGraph needs a `return` on both"
        return Unconvertible(why, "return on both branches, or set one name on both and return it after them")
    mine, theirs = _bindings(body), _bindings(other)
    bound, bound_there = _bound(body), _bound(other)
    for name in _needed_later(mine.keys() ^ theirs.keys(), blocks):
        if name not in env and not (name in bound and name in bound_there):
            branch = "the other branch" if name in theirs else "the `else` branch"
            why = f"`{name}` is set in one branch only: AutoGraph needs it in {branch} as well"
            return Unconvertible(why, f"set `{name}` on both branches, or before the `if`")
        if name not in bound or name not in bound_there:
            fault = _changes(name, mine.get(name) or theirs[name], env.get(name))
            if fault is not None:
                return fault
    for name in _needed_later(mine.keys() & theirs.keys(), blocks):
        fault = _mismatch(name, mine[name], theirs[name], env)
        if fault is not None:
            return fault
    for statement in (*body, *other):
        for name in _needed_later(_grown(statement), blocks):
            why = f"`{name}` grows under it, and AutoGraph cannot carry a list out of a branch"
            return Unconvertible(why, "choose the tensor first, with `tf.cond` or `tf.where`, and append it after that")
    return None


def for_fault(node: cst.For, env: Mapping[str, Value]) -> Unconvertible | None:
    """Why AutoGraph cannot convert a `for` over a tensor, None where it can."""
    body = syntax.statements(node.body)
    if any(isinstance(child, cst.Return) for s in body for child in syntax.walk(s, into_functions=False)):
        why = "a `return` cannot stand in a loop over a tensor"
        return Unconvertible(why, "set a name in the loop, leave it with `break`, and return the name after it")
    has_invariants = any(
        isinstance(child, cst.Name) and child.value == "shape_invariants" for s in body for child in syntax.walk(s)
    )
    if has_invariants:
        return None
    for name, values in sorted(_bindings(body).items()):
        start = env.get(name)
        if start is not None and len(values) == 1 and _grows(name, values[0]):
            why = f"`{name}` changes its shape from one iteration to the next"
            return Unconvertible(why, "collect the parts in a `tf.TensorArray`, and `concat()` it after the loop")
        if isinstance(start, PythonValue) and type(start.constant) is int and any(map(_is_float, values)):
            why = f"`{name}` is an int before the loop and a float after one iteration"
            return Unconvertible(why, f"begin with a float: `{name} = {float(start.constant)}`")
    return None


def leaves(node: cst.If) -> bool:
    """Whether the body of an `if` ends the loop around it: `break` or `return` stands in it."""
    parts = [part for statement in syntax.statements(node.body) for part in syntax.simple(statement)]
    return any(isinstance(part, cst.Break | cst.Return) for part in parts)


def exits_of(node: cst.While) -> list[cst.If]:
    """The `if` statements of a loop's body that leave it, nested loops apart."""
    found: list[cst.If] = []
    stack = list(syntax.statements(node.body))
    while stack:
        statement = stack.pop()
        if isinstance(statement, cst.If):
            if leaves(statement):
                found.append(statement)
            stack.extend(syntax.statements(statement.body))
            if isinstance(statement.orelse, cst.Else):
                stack.extend(syntax.statements(statement.orelse.body))
            elif isinstance(statement.orelse, cst.If):
                stack.append(statement.orelse)
    return found


def _needed_later(names: Iterable[str], blocks: Sequence[Block]) -> list[str]:
    """Those of the names that are read behind the statement at hand before they are bound again."""
    return sorted(name for name in names if any(block.needs_later(name) for block in blocks))


def _bindings(body: Sequence[cst.CSTNode]) -> dict[str, list[cst.BaseExpression]]:
    """Names assigned directly in a block, with what they are assigned."""
    found: dict[str, list[cst.BaseExpression]] = {}
    for statement in body:
        for part in syntax.simple(statement):
            if isinstance(part, cst.Assign):
                for target in part.targets:
                    if isinstance(target.target, cst.Name):
                        found.setdefault(target.target.value, []).append(part.value)
                    elif isinstance(target.target, cst.Tuple):
                        for element in target.target.elements:
                            if isinstance(element.value, cst.Name):
                                found.setdefault(element.value.value, []).append(part.value)
    return found


def _bound(body: Sequence[cst.CSTNode]) -> set[str]:
    """Names bound anywhere in a block, on some path."""
    return {name for statement in body for name in uses.names_stored(statement) if "." not in name}


def _mismatch(
    name: str, mine: list[cst.BaseExpression], theirs: list[cst.BaseExpression], env: Mapping[str, Value]
) -> Unconvertible | None:
    a, b = mine[-1], theirs[-1]
    one, other = syntax.literal(a), syntax.literal(b)
    if (one is None) != (other is None):
        return _none(name)
    if {type(one), type(other)} == {int, float}:
        return _int_and_float(name)
    for value, against in ((a, b), (b, a)):
        if isinstance(value, cst.Tuple | cst.List) and _is_one(against, env):
            kind = "tuple" if isinstance(value, cst.Tuple) else "list"
            why = f"`{name}` is a {kind} in one branch only"
            return Unconvertible(why, f"make `{name}` a {kind} on both branches, of the same length")
    return None


def _changes(name: str, values: Sequence[cst.BaseExpression], before: Value | None) -> Unconvertible | None:
    """How a value that one branch gives differs in kind from the one before, which the other branch keeps."""
    if not isinstance(before, PythonValue):
        return None
    if before.constant is None and syntax.literal(values[-1]) is not None:
        return _none(name)
    if type(before.constant) is int and _is_float(values[-1]):
        return _int_and_float(name)
    return None


def _none(name: str) -> Unconvertible:
    why = f"`{name}` is None at the end of one branch and not of the other"
    return Unconvertible(why, f"give `{name}` a tensor on both branches")


def _int_and_float(name: str) -> Unconvertible:
    why = f"`{name}` is an int in one branch and a float in the other"
    return Unconvertible(why, f"give `{name}` a float on both branches")


def _is_one(node: cst.BaseExpression, env: Mapping[str, Value]) -> bool:
    """Whether an expression is no tuple or list, as far as its form says."""
    if isinstance(node, cst.Name):
        return isinstance(env.get(node.value), Tensor | Nest)
    return isinstance(node, cst.BinaryOperation | cst.UnaryOperation)


def _grown(statement: cst.CSTNode) -> set[str]:
    found = set()
    for part in syntax.simple(statement):
        match part:
            case cst.Expr(value=cst.Call(func=cst.Attribute(value=holder, attr=cst.Name(value="append" | "extend")))):
                name = syntax.dotted(holder)
                if name is not None:
                    found.add(name)
            case _:
                pass
    return found


def _grows(name: str, value: cst.BaseExpression) -> bool:
    """`name = concat([name, ...])`."""
    match value:
        case cst.Call(func=function, args=[cst.Arg(value=cst.List() | cst.Tuple() as parts), *_]):
            called = syntax.dotted(function) or ""
            if called.rpartition(".")[2] in ("concat", "concatenate"):
                return any(isinstance(e.value, cst.Name) and e.value.value == name for e in parts.elements)
    return False


_FLOAT_FUNCTIONS = frozenset(
    "reduce_mean mean reduce_std std sqrt rsqrt exp log sigmoid tanh softmax norm reduce_logsumexp".split()
)


def _is_float(node: cst.BaseExpression) -> bool:
    """Whether an expression is certainly a float or a tensor of floats."""
    if isinstance(node, cst.Float):
        return True
    if isinstance(node, cst.Call):
        return (syntax.dotted(node.func) or "").rpartition(".")[2] in _FLOAT_FUNCTIONS
    return isinstance(node, cst.BinaryOperation) and (_is_float(node.left) or _is_float(node.right))
