"""KLL153: give an array its size, where one loop writes all of it; have Keras 3 compile nothing that has another."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.expressions import called, names_in, pointed_at
from keras_layer_lint.fixes.place import Place, own_nodes, walked
from keras_layer_lint.fixes.without_xla import without_xla

_MADE = m.SimpleStatementLine([m.Assign([m.AssignTarget(m.Name())], m.Call())])
_LEAVES = m.Break() | m.Continue() | m.Return() | m.Raise()


def fix(place: Place) -> Fix | None:
    """Safe where each round of one loop writes the row of its number: the array has as many rows as it did."""
    node = pointed_at(place)
    size = _size(place, node) if isinstance(node, cst.Call) else None
    if size is None or not isinstance(node, cst.Call):
        return without_xla(place)
    args = [_sized(each, size) for each in node.args if _keyword(each) != "dynamic_size"]
    args[-1] = args[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    edit = place.replaced(node, node.with_changes(args=args))
    text = place.tree.module.code_for_node(size)
    return Fix("safe", f"make it of `size={text}`", (edit,))


def _sized(argument: cst.Arg, size: cst.BaseExpression) -> cst.Arg:
    return argument.with_changes(value=size) if _keyword(argument) == "size" else argument


def _keyword(argument: cst.Arg) -> str | None:
    return None if argument.keyword is None else argument.keyword.value


def _size(place: Place, node: cst.Call) -> cst.BaseExpression | None:
    """How often the one loop runs that fills an array, where that is known before it is made."""
    keywords = {each.keyword.value: each.value for each in node.args if each.keyword is not None}
    function, line = place.function, place.statement
    if not m.matches(keywords.get("size", node), m.Integer("0")) or "dynamic_size" not in keywords:
        return None
    if function is None or line is None or not m.matches(line, _MADE):
        return None
    assign = cst.ensure_type(line.body[0], cst.Assign)
    name = cst.ensure_type(assign.targets[0].target, cst.Name).value
    block = next((each for each in walked(function) if isinstance(each, cst.IndentedBlock) and line in each.body), None)
    if assign.value is not node or block is None:
        return None
    behind = list(block.body)[list(block.body).index(line) + 1 :]
    loops = [each for each in behind if isinstance(each, cst.For) and m.findall(each, m.Name(name))]
    if len(loops) != 1 or not _is_only_written(function, name) or not _writes_each_round(loops[0], name):
        return None
    bound = cst.ensure_type(loops[0].iter, cst.Call)
    if called(place, bound) != "tensorflow.range" and not m.matches(bound.func, m.Name("range")):
        return None
    size = bound.args[0].value
    return size if _is_known_before(place, function, size, line, loops[0]) else None


def _is_only_written(function: cst.FunctionDef, name: str) -> bool:
    """Whether an array is made, written once and stacked, and nothing else is done with it."""
    uses = [cst.ensure_type(each, cst.Attribute).attr.value for each in m.findall(function, m.Attribute(m.Name(name)))]
    targets = m.findall(function, m.AssignTarget(m.Name(name)))
    mentions = m.findall(function, m.Name(name))
    return uses.count("write") == 1 and set(uses) <= {"write", "stack"} and len(mentions) == len(uses) + len(targets)


def _writes_each_round(loop: cst.For, name: str) -> bool:
    """`rows = rows.write(step, ...)` in the loop itself, which nothing leaves or skips."""
    if loop.orelse is not None or m.findall(loop.body, _LEAVES) or not isinstance(loop.target, cst.Name):
        return False
    if not m.matches(loop.iter, m.Call(args=[m.Arg(keyword=None, star="")])):
        return False
    write = m.Call(m.Attribute(m.Name(name), m.Name("write")), [m.Arg(m.Name(loop.target.value)), m.AtLeastN(n=1)])
    wanted = m.SimpleStatementLine([m.Assign([m.AssignTarget(m.Name(name))], write)])
    bound = [each for each in walked(loop.body) if m.matches(each, m.AssignTarget(m.Name(loop.target.value)))]
    return not bound and sum(m.matches(each, wanted) for each in loop.body.body) == 1


def _is_known_before(
    place: Place, function: cst.FunctionDef, size: cst.BaseExpression, line: cst.CSTNode, loop: cst.For
) -> bool:
    """Whether what a size is made of is given nothing else between an array and the loop."""
    names = names_in([size])
    start, end = place.tree.span(line), place.tree.span(loop)
    for node in own_nodes(function):
        if isinstance(node, (cst.AssignTarget, cst.AugAssign, cst.NamedExpr, cst.For, cst.AsName, cst.AnnAssign)):
            where = place.tree.span(node)
            given = names_in([node.target] if not isinstance(node, cst.AsName) else [node.name])
            if given & names and (start.line, start.column) <= (where.line, where.column) < (end.line, end.column):
                return False
    calls = m.findall(size, m.Call() | m.NamedExpr() | m.Await())
    return all(called(place, each) in _SIZES for each in calls)


_SIZES = frozenset({"tensorflow.shape", "keras.ops.shape", "tensorflow.size"})
