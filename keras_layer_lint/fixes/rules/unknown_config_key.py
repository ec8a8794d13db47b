"""KLL303: a key of the config that `__init__` does not take goes, or gets the name of the argument."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit, Fix
from keras_layer_lint.fixes.config_keys import key_at, removed, renamed
from keras_layer_lint.fixes.expressions import names_in
from keras_layer_lint.fixes.place import BASE_INIT, Place, parameters_of, returns_of, walked
from keras_layer_lint.keras.methods import BASE_ARGUMENTS

_READS_OTHERS = m.Call() | m.Await() | m.NamedExpr() | m.Yield()


def fix(place: Place) -> Fix | None:
    """Unsafe, as a class in another file may take the key out of the config that it inherits.

    Safe where it is `super().__init__` that gets an argument twice: what is in `**kwargs` then counts, which raised.
    """
    keys, meant = place.diagnostic.expectation.arguments, place.diagnostic.expectation.lacking
    if (fix := _set_by_default(place, keys)) is not None:
        return fix
    if _gives_name_by_position(place):
        return None  # what is taken for another argument is told by itself
    key = key_at(place)
    if key is not None and meant:
        edit = renamed(place, key, meant[0].name)
        return None if edit is None else Fix("unsafe", f"return it as `{meant[0].name}`", (edit,))
    if meant or place.method("from_config") is not None:
        return None
    if place.method("get_config") is None:
        edits = _new_method(place, keys)
    elif key is not None:
        is_own = place.function is place.method("get_config")
        edits = (removed(place, key),) if is_own and _names_all_required(place) else ()
    else:
        edits = _popped(place, keys)
    made = tuple(edit for edit in edits if edit is not None)
    shown = ", ".join(f"`{key}`" for key in keys)
    return Fix("unsafe", f"take {shown} out of the config", made) if made and len(made) == len(edits) else None


def _gives_name_by_position(place: Place) -> bool:
    """Whether it is `super().__init__(name, **kwargs)`: the base takes it for another argument."""
    if place.statement is None or not m.matches(place.statement, BASE_INIT):
        return False
    call = cst.ensure_type(cst.ensure_type(place.statement.body[0], cst.Expr).value, cst.Call)
    return m.matches(call, m.Call(args=[m.Arg(m.Name("name"), keyword=None, star=""), m.ZeroOrMore()]))


def _set_by_default(place: Place, keys: tuple[str, ...]) -> Fix | None:
    """`kwargs.setdefault("size", 4)`, and `**kwargs` alone is passed on."""
    statement, init = place.statement, place.method("__init__")
    if init is None or place.function is not init or statement is None or not m.matches(statement, BASE_INIT):
        return None
    call = cst.ensure_type(cst.ensure_type(statement.body[0], cst.Expr).value, cst.Call)
    star = init.params.star_kwarg
    stars = [arg for arg in call.args if arg.star]
    if star is None or len(stars) != 1 or not m.matches(stars[0], m.Arg(m.Name(star.name.value), star="**")):
        return None
    given = {arg.keyword.value: arg for arg in call.args if arg.keyword is not None and arg.keyword.value in keys}
    names = {parameter.name.value for parameter in parameters_of(init)}
    others = [arg.value for key, arg in given.items() if key not in BASE_ARGUMENTS]
    if set(given) != set(keys) or names & names_in(others):
        return None  # what is made of another argument is made again when that is loaded
    set_default = cst.Attribute(cst.Name(star.name.value), cst.Name("setdefault"))
    calls = [cst.Call(set_default, [_text(key), cst.Arg(arg.value)]) for key, arg in given.items()]
    before = [place.before(statement, cst.SimpleStatementLine([cst.Expr(each)])) for each in calls]
    first, *_ = before
    if first is None:
        return None
    rest = [arg for arg in call.args if arg not in given.values()]
    text = "".join(edit.text for edit in before if edit is not None)
    is_safe = not any(m.findall(arg.value, _READS_OTHERS) for arg in given.values())
    shown = ", ".join(f"`{key}`" for key in keys)
    edits = (Edit(first.span, text), place.replaced(call, call.with_changes(args=rest)))
    return Fix("safe" if is_safe else "unsafe", f"let the config say {shown}", edits)


def _names_all_required(place: Place) -> bool:
    """Whether `get_config` names each argument that `__init__` requires: else a key may hold what one is made of."""
    init, method = place.method("__init__"), place.method("get_config")
    if init is None or method is None:
        return True
    required = {parameter.name.value for parameter in parameters_of(init) if parameter.default is None}
    texts = {node.evaluated_value for node in walked(method) if isinstance(node, cst.SimpleString)}
    keywords = {arg.keyword.value for arg in walked(method) if isinstance(arg, cst.Arg) and arg.keyword is not None}
    return required <= texts | keywords


def _text(key: str) -> cst.Arg:
    return cst.Arg(cst.SimpleString(f'"{key}"'))


def _new_method(place: Place, keys: tuple[str, ...]) -> tuple[Edit | None, ...]:
    """A `get_config` without the keys that the class sets by itself."""
    owner = place.owner
    if owner is None or not isinstance(owner.body, cst.IndentedBlock):
        return ()
    lines = ["config = super().get_config()", *(f'config.pop("{key}", None)' for key in keys), "return config"]
    method = cst.FunctionDef(
        name=cst.Name("get_config"),
        params=cst.Parameters([cst.Param(cst.Name("self"))]),
        body=cst.IndentedBlock([cst.parse_statement(line) for line in lines]),
        leading_lines=[cst.EmptyLine(indent=False)],
    )
    return (place.behind(owner.body.body[-1], method),)


def _popped(place: Place, keys: tuple[str, ...]) -> tuple[Edit | None, ...]:
    """The same in the `get_config` that there is, before it returns what it inherits."""
    method = place.method("get_config")
    returned = [] if method is None else list(returns_of(method))
    if method is None or len(returned) != 1 or (value := returned[0].value) is None:
        return ()
    last = method.body.body[-1]
    if not m.matches(last, m.SimpleStatementLine(body=[m.Return()])):
        return ()
    name = value.value if isinstance(value, cst.Name) else "config"
    lines = [*(f'{name}.pop("{key}", None)' for key in keys)]
    if isinstance(value, cst.Name):
        edits = [place.before(last, cst.parse_statement(line)) for line in lines]
    elif name in names_in([method]):
        return ()
    else:
        edits = [place.behind(last, cst.parse_statement(line)) for line in [*lines, f"return {name}"]]
    first = edits[0]
    if first is None:
        return ()
    made = Edit(first.span, "".join(edit.text for edit in edits if edit is not None))
    if isinstance(value, cst.Name):
        return (made,)
    return place.replaced(returned[0], cst.Assign([cst.AssignTarget(cst.Name(name))], value)), made
