"""Conditions that ask whether code runs eagerly or is traced, directly or through functions of the project.

`fit` and `predict` trace with symbolic tensors that are no `KerasTensor`: a test for that class alone tells nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.model.code import CodeUnit
from keras_layer_lint.values.globals import global_value
from keras_layer_lint.values.run import Run
from keras_layer_lint.values.value import ExternalName, Function

_EAGER = frozenset({"tensorflow.executing_eagerly"})
_TRACED = frozenset(
    {
        "tensorflow.inside_function",
        "tensorflow.is_symbolic_tensor",
        "tensorflow.executing_in_graph",
        "keras.utils.is_symbolic_tensor",
    }
)
_ASK_FOR_BACKEND = frozenset({"keras.backend.backend", "keras.config.backend"})
_SYMBOLIC = frozenset({"Tracer", "SymbolicTensor"})
_CONCRETE = frozenset({"EagerTensor", "ndarray"})
_ONLY_CONCRETE = frozenset({"numpy", "_numpy"})
"""Attributes that a tensor has only where it holds values."""
_MAX_DEPTH = 4


def eager_branch(run: Run, unit: CodeUnit, test: cst.BaseExpression, body: cst.FunctionDef | cst.Lambda) -> bool | None:
    """`eager_where` in what Keras traces; a constructor always runs eagerly, whatever it asks of its arguments."""
    return None if run.phase == "__init__" else eager_where(run, unit, test, body)


def eager_where(
    run: Run, unit: CodeUnit, test: cst.BaseExpression, body: cst.FunctionDef | cst.Lambda, depth: int = 0
) -> bool | None:
    """The truth of `test` with which it certainly runs eagerly; None where neither says so.

    `body` is the function around the test, for variables that hold what such a test came to.
    """
    match test:
        case cst.UnaryOperation(operator=cst.Not(), expression=inner):
            found = eager_where(run, unit, inner, body, depth)
            return None if found is None else not found
        case cst.BooleanOperation(left=left, operator=operator, right=right):
            # One side of `and` that holds is enough, and one side of `or` that does not.
            each = {eager_where(run, unit, part, body, depth) for part in (left, right)}
            wanted = isinstance(operator, cst.And)
            return wanted if wanted in each else (not wanted if each == {not wanted} else None)
        case cst.Comparison(left=left, comparisons=[cst.ComparisonTarget(operator=operator, comparator=right)]):
            found = _compared(left, operator, right)
            return _on_other_backend(run, unit, left, operator, right) if found is None else found
        case cst.Call():
            return _called(run, unit, test, depth)
        case cst.Attribute(attr=cst.Name(value="run_eagerly")):
            return True  # of a model, or what it is compiled with
        case cst.Name() if depth < _MAX_DEPTH:
            value = _assigned(body, test.value) if _is_assigned(test.value, unit.text) else None
            return None if value is None else eager_where(run, unit, value, body, depth + 1)
        case _:
            return None


def _compared(left: cst.BaseExpression, operator: cst.BaseCompOp, right: cst.BaseExpression) -> bool | None:
    """`"Tracer" in type(x).__name__`, `type(x).__name__ == "EagerTensor"`."""
    is_positive = isinstance(operator, cst.In | cst.Equal | cst.Is)
    for text, other in ((left, right), (right, left)):
        name = syntax.literal(text)
        if isinstance(name, str) and _is_type_name(other):
            found = True if "Eager" in name else False if "Tracer" in name or "Symbolic" in name else None
            if found is None or is_positive:
                return found
            return not found
    return None


def _on_other_backend(
    run: Run, unit: CodeUnit, left: cst.BaseExpression, operator: cst.BaseCompOp, right: cst.BaseExpression
) -> bool | None:
    """`self.backend.name == keras.backend.backend()`: Keras traces nothing on any other backend than its own."""
    if not isinstance(operator, cst.Equal | cst.NotEqual):
        return None
    for asked, other in ((left, right), (right, left)):
        if isinstance(asked, cst.Call) and not asked.args and isinstance(other, cst.Attribute | cst.Name):
            name = syntax.dotted(asked.func)
            found = None if name is None else global_value(run, unit, name)
            if isinstance(found, ExternalName) and found.name in _ASK_FOR_BACKEND:
                return isinstance(operator, cst.NotEqual)
    return None


def _is_type_name(node: cst.BaseExpression) -> bool:
    """`type(x).__name__`, `x.__class__.__name__`, `str(type(x))`."""
    match node:
        case cst.Attribute(value=inner, attr=cst.Name(value="__name__" | "__qualname__")):
            return _is_type_name(inner)
        case cst.Attribute(attr=cst.Name(value="__class__")):
            return True
        case cst.Call(func=cst.Name(value="type")):
            return True
        case cst.Call(func=cst.Name(value="str" | "repr"), args=[cst.Arg(value=inner)]):
            return _is_type_name(inner)
        case _:
            return False


def _called(run: Run, unit: CodeUnit, call: cst.Call, depth: int) -> bool | None:
    name = syntax.dotted(call.func)
    if name is None:
        return None
    if name == "hasattr" and len(call.args) == 2:
        return True if syntax.literal(call.args[1].value) in _ONLY_CONCRETE else None
    if name == "isinstance" and len(call.args) == 2:
        kinds = {child.value for child in syntax.walk(call.args[1].value) if isinstance(child, cst.Name)}
        named = isinstance(call.args[1].value, cst.Tuple)
        if kinds & _SYMBOLIC:
            return False
        return True if kinds & _CONCRETE and not named else None
    if name.startswith("self.") and name.count(".") == 1:
        method = run.layer.method(name[5:])
        return None if method is None else _function(run, method.unit, method.node, depth)
    match global_value(run, unit, name):
        case ExternalName(name=known):
            return True if known in _EAGER else False if known in _TRACED else None
        case Function(node=cst.FunctionDef() as node) as function:
            return _function(run, function.unit, node, depth)
    return None


def _function(run: Run, unit: CodeUnit, node: cst.FunctionDef, depth: int) -> bool | None:
    """The same of what a function returns."""
    if depth >= _MAX_DEPTH:
        return None
    body = [part for line in syntax.statements(node.body) for part in syntax.simple(line)]
    return _returned(run, unit, [part for part in body if not syntax.is_docstring(part)], node, depth + 1)


def _returned(run: Run, unit: CodeUnit, body: Sequence[cst.CSTNode], node: cst.FunctionDef, depth: int) -> bool | None:
    for number, part in enumerate(body):
        match part:
            case cst.Return(value=cst.BaseExpression() as value):
                return eager_where(run, unit, value, node, depth)
            case cst.If(test=test, orelse=None):
                truth = _constant_returned(part.body)
                if truth is None:
                    return None
                # `if a: return True` before `return b` is `a or b`, `if a: return False` is `not a and b`.
                first = eager_where(run, unit, test, node, depth)
                first = first if truth or first is None else not first
                rest = _returned(run, unit, body[number + 1 :], node, depth)
                if _is_constant(body[number + 1 :], not truth):
                    return first
                return (not truth) if (not truth) in (first, rest) else (truth if first is rest is truth else None)
            case cst.Try(body=block, handlers=[cst.ExceptHandler(body=handler)]):
                # What has no values raises where a value is asked for.
                asked = any(_asks_for_value(child) for child in syntax.walk(block))
                truth = _constant_returned(block)
                rest = _constant_returned(handler)
                if rest is None:
                    rest = _constant_returned(cst.IndentedBlock([_line(part) for part in body[number + 1 :]]))
                return truth if asked and truth is not None and rest is (not truth) else None
            case cst.Assign() | cst.Import() | cst.ImportFrom():
                continue
            case _:
                return None
    return None


def _line(part: cst.CSTNode) -> cst.BaseStatement:
    return part if isinstance(part, cst.BaseStatement) else cst.SimpleStatementLine([part])  # type: ignore[list-item]


def _constant_returned(body: cst.BaseSuite) -> bool | None:
    """The constant that a block returns at its end."""
    parts = [part for line in syntax.statements(body) for part in syntax.simple(line)]
    last = parts[-1] if parts else None
    value = last.value if isinstance(last, cst.Return) else None
    found = None if value is None else syntax.literal(value)
    return found if isinstance(found, bool) else None


def _is_constant(body: Sequence[cst.CSTNode], value: bool) -> bool:
    return (
        len(body) == 1
        and isinstance(body[0], cst.Return)
        and body[0].value is not None
        and syntax.literal(body[0].value) is value
    )


def _asks_for_value(node: cst.CSTNode) -> bool:
    match node:
        case cst.Call(func=cst.Attribute(attr=cst.Name(value="numpy" | "item" | "tolist"))):
            return True
        case cst.Call(func=cst.Name(value="int" | "float" | "bool"), args=[_]):
            return True
        case _:
            return False


def _is_assigned(name: str, text: str) -> bool:
    """Whether a text may have an assignment to a variable: most tests are of parameters."""
    return (f"{name} =" in text or f" {name}=" in text) and f"{name} :=" not in text


def _assigned(body: cst.FunctionDef | cst.Lambda, name: str) -> cst.BaseExpression | None:
    """The one expression that a function binds a variable to."""
    found = _bindings(body).get(name, [])
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=1024)
def _bindings(function: cst.FunctionDef | cst.Lambda) -> dict[str, list[cst.BaseExpression | None]]:
    """The variables of a function, and what each assignment binds them to; None where that is not one expression."""
    found: dict[str, list[cst.BaseExpression | None]] = {}
    stack: list[cst.CSTNode] = [function.body]
    while stack:
        for line in syntax.statements(stack.pop()):
            for part in syntax.simple(line):
                if type(part) is cst.Assign:
                    for item in part.targets:
                        value = part.value if type(item.target) is cst.Name else None
                        for name in syntax.target_names(item.target):
                            found.setdefault(name, []).append(value)
                elif type(part) is cst.AugAssign and type(part.target) is cst.Name:
                    found.setdefault(part.target.value, []).append(None)
            if type(line) not in _WITHOUT_BLOCKS:
                stack.extend(syntax.suites(line))
    return found


_WITHOUT_BLOCKS = frozenset({cst.SimpleStatementLine, cst.FunctionDef, cst.ClassDef})
