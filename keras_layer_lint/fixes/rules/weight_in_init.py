"""KLL201: make the weight in `build`."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit, Fix, Span
from keras_layer_lint.fixes.builds import in_build, shape_in_build
from keras_layer_lint.fixes.expressions import is_plain, variables_in
from keras_layer_lint.fixes.kept_objects import kept, locals_of
from keras_layer_lint.fixes.place import Place, own_nodes, parameters_of

_ADDED = m.Call(func=m.Attribute(m.Name("self"), m.Name("add_weight")))
_OWN = m.Attribute(m.Name("self"))
_KEPT = m.Assign(targets=[m.AssignTarget(_OWN)], value=m.Name())


def fix(place: Place) -> Fix | None:
    """Unsafe: before its first call the layer has no such weight. Keras 2 gives it another name in `build`."""
    init, call, statement = place.method("__init__"), place.method("call"), place.statement
    if init is None or call is None or statement is None or place.diagnostic.keras != ("3",):
        return None
    small = statement.body[0]
    if not isinstance(init.body, cst.IndentedBlock) or statement not in init.body.body:
        return None
    if not m.matches(small, m.Assign(targets=[m.AssignTarget(_OWN)], value=_ADDED)) or shape_in_build(place) is None:
        return None
    assign = cst.ensure_type(small, cst.Assign)
    name = cst.ensure_type(assign.targets[0].target, cst.Attribute).attr.value
    if _is_used(init, assign, name) or not _is_last(place, init, assign) or not is_plain(assign.value):
        return None
    made, kept_in = assign.value, _kept_in(init)
    for each in variables_in([assign.value]):
        if each.value in kept_in:
            by = cst.Attribute(cst.Name("self"), cst.Name(kept_in[each.value]))
            made = cst.ensure_type(made.deep_replace(each, by), cst.Call)
        elif each.value in locals_of(init):
            return None
    build, new = place.method("build"), kept(name, made)
    edit = in_build(place, [new], call) if build is None else place.first_in(build, new)
    span, lines = place.tree.span(statement), place.tree.lines
    text = lines[span.line - 1][: span.column - 1] + lines[span.end_line - 1][span.end_column - 1 :]
    if edit is None or text.strip() or len(init.body.body) < 2:
        return None
    gone = Edit(Span(span.line, 1, span.end_line + 1, 1), "")
    return Fix("unsafe", f"make `self.{name}` in `build`", (edit, gone))


def _is_used(init: cst.FunctionDef, assign: cst.Assign, name: str) -> bool:
    """Whether anything else in `__init__` has to do with the attribute, or calls what may."""
    others = [each for each in own_nodes(init) if m.matches(each, m.Attribute(m.Name("self"), m.Name(name)))]
    of_own = m.Call(func=_OWN)
    calls = [each for each in own_nodes(init) if m.matches(each, of_own) and not m.matches(each, _ADDED)]
    return len(others) > 1 or bool(calls)


def _is_last(place: Place, init: cst.FunctionDef, assign: cst.Assign) -> bool:
    """Whether no other weight is made behind it in `__init__`: at the head of `build` it keeps its place among them."""
    made = [each for each in own_nodes(init) if m.matches(each, _ADDED)]
    return max(place.tree.span(each) for each in made) == place.tree.span(assign.value)


def _kept_in(init: cst.FunctionDef) -> dict[str, str]:
    """The attributes that hold arguments of `__init__` as they were given."""
    names = {each.name.value for each in parameters_of(init)}
    found: dict[str, str] = {}
    body = init.body.body if isinstance(init.body, cst.IndentedBlock) else ()
    for statement in body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if m.matches(small, _KEPT):
                assign = cst.ensure_type(small, cst.Assign)
                value = cst.ensure_type(assign.value, cst.Name).value
                if value in names:
                    found.setdefault(value, cst.ensure_type(assign.targets[0].target, cst.Attribute).attr.value)
    return found
