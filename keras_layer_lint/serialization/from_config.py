"""What a `from_config` of the project does with the config that it is given."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.model.uses import Form, Use, uses_of

_PLAIN = frozenset({"cls", "super", "from_config", "dict", "copy"})
"""The names, beside its argument, in a `from_config` that does no more than the one it overrides."""
_COPIES = frozenset({"dict", "copy", "deepcopy"})
_OF_ONE_KEY = frozenset({"pop", "get", "setdefault"})


def does_no_more(from_config: cst.FunctionDef) -> bool:
    """Whether all that it does is `return cls(**config)`, or to call the one that it overrides, of a copy perhaps."""
    if "classmethod" not in syntax.decorator_names(from_config):
        return False
    parts = [part for line in syntax.statements(from_config.body) for part in syntax.simple(line)]
    names = set().union(*(syntax.names_in_text(part) for part in parts if not syntax.is_docstring(part)))
    given = {parameter.name.value for parameter in syntax.parameters(from_config)[1:]}
    return not given.isdisjoint(names) and names <= _PLAIN | given


def returns_what_is_made(from_config: cst.FunctionDef) -> bool:
    """Whether it gives the object as `cls(...)` or the one that it overrides makes it: nothing builds or calls it."""
    returned = [node.value for node in syntax.walk(from_config.body) if isinstance(node, cst.Return)]
    return bool(returned) and all(isinstance(value, cst.Call) and _is_maker(value) for value in returned)


def _is_maker(call: cst.Call) -> bool:
    match call.func:
        case cst.Name(value="cls"):
            return True
        case cst.Attribute(value=cst.Call(func=cst.Name(value="super")), attr=cst.Name(value="from_config")):
            return True
        case _:
            return False


def keys_in_question(from_config: cst.FunctionDef) -> frozenset[str] | None:
    """The keys that it may take out, change or give by itself; None where that may be any.

    All other keys arrive at the class as they are: it ends in `cls(**config)`, and what it does with the config before
    names single keys.
    """
    parameters = [parameter.name.value for parameter in syntax.parameters(from_config)]
    if parameters[2:] not in ([], ["custom_objects"]) or len(parameters) < 2:
        return None
    if "classmethod" not in syntax.decorator_names(from_config):
        return None
    receiver, config = parameters[:2]
    calls = {id(part.func): part for part in syntax.walk(from_config.body) if isinstance(part, cst.Call)}
    is_handed_on = False
    for use in uses_of(from_config.body):
        if use.name != config:
            continue
        if _hands_on(use, receiver):
            is_handed_on = True
        elif not (_names_a_key(use, calls) or _is_copied(use, config)):
            return None
    return frozenset(syntax.names_in_text(from_config)) if is_handed_on else None


def _hands_on(use: Use, receiver: str) -> bool:
    """`cls(**config)`, or `super().from_config(config)`."""
    if use.form is not Form.PASSED or not isinstance(use.parent, cst.Call):
        return False
    match use.parent.func:
        case cst.Name(value=name):
            return name == receiver and use.argument == "**"
        case cst.Attribute(value=cst.Call(func=cst.Name(value="super")), attr=cst.Name(value="from_config")):
            return use.argument == 0
        case _:
            return False


def _names_a_key(use: Use, calls: dict[int, cst.Call]) -> bool:
    """`config.pop("size")`, `config["size"]`, `"size" in config`."""
    match use.parent:
        case cst.Attribute(attr=cst.Name(value=name)) as method if use.form is Form.ATTRIBUTE:
            call = calls.get(id(method))
            given = [] if call is None else [arg.value for arg in call.args[:1]]
            return name == "copy" or (name in _OF_ONE_KEY and any(isinstance(key, cst.SimpleString) for key in given))
        case cst.Subscript(slice=[cst.SubscriptElement(slice=cst.Index(value=cst.SimpleString()))]):
            return use.form is Form.SUBSCRIPTED
        case cst.ComparisonTarget(operator=cst.In() | cst.NotIn()):
            return True
        case _:
            return False


def _is_copied(use: Use, config: str) -> bool:
    """Both sides of `config = dict(config)`."""
    match use.parent:
        case cst.Call(func=function) if use.form is Form.PASSED:
            return (syntax.dotted(function) or "").rpartition(".")[2] in _COPIES
        case cst.Assign(value=cst.Call(func=function)) if use.form is Form.STORED:
            return (syntax.dotted(function) or "").rpartition(".")[2] in _COPIES
        case _:
            return False
