"""KLL305: return the config, which `update` changes and does not return."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Fix
from keras_layer_lint.fixes.place import Place, own_nodes, returns_of

_UPDATED = m.Return(value=m.Call(func=m.Attribute(value=m.Name(), attr=m.Name("update"))))


def fix(place: Place) -> Fix | None:
    """Safe: without a config nothing is saved or loaded, and nothing else reads it."""
    method = place.method("get_config")
    if method is None:
        return None
    statement = place.statement
    return _of_update(place, statement) if statement is not None else _at_the_end(place, method)


def _of_update(place: Place, statement: cst.SimpleStatementLine) -> Fix | None:
    """`return config.update(...)` becomes two statements."""
    if not m.matches(statement.body[0], _UPDATED):
        return None
    returned = cst.ensure_type(statement.body[0], cst.Return)
    call = cst.ensure_type(returned.value, cst.Call)
    name = cst.ensure_type(cst.ensure_type(call.func, cst.Attribute).value, cst.Name)
    behind = place.behind(statement, cst.parse_statement(f"return {name.value}"))
    if behind is None:
        return None
    return Fix("safe", f"return `{name.value}` after the update", (place.replaced(returned, cst.Expr(call)), behind))


def _at_the_end(place: Place, method: cst.FunctionDef) -> Fix | None:
    """A method that ends without `return`, and has one name that can be the config."""
    if any(returns_of(method)):
        return None
    made = {
        target.target.value
        for node in own_nodes(method)
        if isinstance(node, cst.Assign)
        for target in node.targets
        if isinstance(target.target, cst.Name)
    }
    updated = {
        node.func.value.value
        for node in own_nodes(method)
        if isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and isinstance(node.func.value, cst.Name)
        and node.func.attr.value == "update"
    }
    if len(made) != 1 or made != updated:
        return None
    (name,) = made
    edit = place.last_in(method, cst.parse_statement(f"return {name}"))
    return None if edit is None else Fix("safe", f"add `return {name}`", (edit,))
