"""From the learning phase of Keras 2 to the argument `training` of the method."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit, Fix
from keras_layer_lint.fixes.expressions import around, call
from keras_layer_lint.fixes.parameters import behind_parameters
from keras_layer_lint.fixes.place import Place, own_nodes, parameters_of

TRAINING = "training"
_PHASES = {"in_train_phase": (0, 1), "in_test_phase": (1, 0)}
"""Functions that choose by the phase: which of their arguments is for training, and which is not."""
_ASKED = m.If(test=m.Comparison(m.Name(TRAINING), [m.ComparisonTarget(m.Is(), m.Name("None"))]))
_ALONE = (cst.Assign, cst.AnnAssign, cst.Return, cst.Arg)
_VALUES = (cst.Call, cst.BinaryOperation, cst.UnaryOperation, cst.Subscript, cst.BaseNumber)


def by_argument(place: Place, last: str, outer: cst.Call) -> Fix | None:
    """`K.in_train_phase(noisy, x)` and `K.learning_phase()` by `training`; None where that is not the whole of it.

    Unsafe: Keras 2 also has a learning phase of the whole process, which `K.set_learning_phase` sets.
    """
    if last == "learning_phase":
        return None if outer.args else _phase(place, outer)
    if last not in _PHASES:
        return None
    given = _arguments(outer)
    method = place.function
    if given is None or method is None:
        return None
    values = [_value(method, given[index]) for index in _PHASES[last]]
    test, edits = _test(place, given[2])
    if test is None or values[0] is None or values[1] is None:
        return None
    held, *_ = [*around(place, outer), None]
    chosen = enclosed(held, cst.IfExp(test=test, body=values[0], orelse=values[1]))
    return Fix("unsafe", "choose by `training`", (*edits, place.replaced(outer, chosen)))


def _phase(place: Place, outer: cst.Call) -> Fix | None:
    """Where `training` is None there is no phase: Keras 3 fills it in all that it runs."""
    if place.function is not None and any(m.matches(node, _ASKED) for node in _statements_around(place)):
        return Fix("unsafe", "take `training` as it is given", (place.replaced(outer, cst.Name("False")),))
    test, edits = _test(place, None)
    if test is None:
        return None
    held, *_ = [*around(place, outer), None]
    number = cst.IfExp(test=test, body=cst.Integer("1"), orelse=cst.Integer("0"))
    new = test if isinstance(held, (cst.If, cst.IfExp)) and held.test is outer else enclosed(held, number)
    return Fix("unsafe", "use `training`", (*edits, place.replaced(outer, new)))


def enclosed(held: cst.CSTNode | None, chosen: cst.IfExp) -> cst.IfExp:
    """A conditional expression, in parentheses unless it stands alone."""
    if isinstance(held, _ALONE):
        return chosen
    return chosen.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _statements_around(place: Place) -> list[cst.BaseStatement]:
    span = place.diagnostic.span
    return place.tree.around(span.line, span.column)


def _arguments(outer: cst.Call) -> list[cst.BaseExpression | None] | None:
    """The two that are chosen from, and `training`."""
    names = ("x", "alt", TRAINING)
    found: dict[str, cst.BaseExpression | None] = dict.fromkeys(names)
    for name, argument in zip(names, outer.args, strict=False):
        key = name if argument.keyword is None else argument.keyword.value
        if argument.star or key not in found or found[key] is not None:
            return None
        found[key] = argument.value
    if len(outer.args) > len(names) or found["x"] is None or found["alt"] is None:
        return None
    return list(found.values())


def _test(place: Place, given: cst.BaseExpression | None) -> tuple[cst.BaseExpression | None, tuple[Edit, ...]]:
    """What is asked: `training` as it is given to the function, or to the method, which then takes it."""
    if given is not None and not m.matches(given, m.Name("None")):
        return (given, ()) if isinstance(given, (cst.Name, cst.Attribute)) else (None, ())
    method = place.function
    if method is None:
        return None, ()
    if TRAINING in {each.name.value for each in parameters_of(method)}:
        return cst.Name(TRAINING), ()
    is_bound = any(m.matches(node, m.Name(TRAINING)) for node in own_nodes(method))
    if method is not place.method("call") or method.params.star_kwarg is not None or is_bound:
        return None, ()
    edit = behind_parameters(place, method, f"{TRAINING}=None")
    return (None, ()) if edit is None else (cst.Name(TRAINING), (edit,))


def _value(method: cst.FunctionDef, node: cst.BaseExpression | None) -> cst.BaseExpression | None:
    """One of the two: a function without arguments is called. None where it may be one or not."""
    if isinstance(node, cst.Lambda):
        return None if m.findall(node.params, m.Param()) else _in_choice(node)
    if isinstance(node, cst.Name):
        functions = [each for each in own_nodes(method) if m.matches(each, m.FunctionDef(m.Name(node.value)))]
        if functions:
            return call(node)
        bound = [each for each in own_nodes(method) if _binds(each, node.value)]
        if bound or node.value in {each.name.value for each in parameters_of(method)}:
            return None if any(not _is_value(each) for each in bound) else node
        return None
    return node if isinstance(node, _VALUES) else None


def _in_choice(node: cst.Lambda) -> cst.BaseExpression | None:
    return None if isinstance(node.body, (cst.Lambda, cst.IfExp, cst.NamedExpr)) and not node.body.lpar else node.body


def _binds(node: cst.CSTNode, name: str) -> bool:
    target = m.AssignTarget(target=m.Name(name))
    return m.matches(node, m.Assign(targets=[m.ZeroOrMore(), target, m.ZeroOrMore()])) or m.matches(
        node, m.AnnAssign(target=m.Name(name)) | m.AugAssign(target=m.Name(name))
    )


def _is_value(node: cst.CSTNode) -> bool:
    """Whether what is assigned is no function."""
    return isinstance(node, (cst.Assign, cst.AnnAssign, cst.AugAssign)) and isinstance(node.value, _VALUES)
