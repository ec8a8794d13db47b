"""What is written into `get_config` and `from_config`, or as such a method."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit
from keras_layer_lint.fixes.place import Place, is_functional, line_break, own_nodes, parameters_of, returns_of, walked

_WIDTH = 88
"""Beyond this a new dict has its elements on lines of their own."""


def new_methods(
    place: Place,
    elements: Sequence[cst.DictElement],
    objects: Sequence[str],
    deserialize: cst.BaseExpression,
    *,
    merges: bool,
) -> list[Edit | None]:
    """A `get_config` at the end of a class, and a `from_config` where there are objects among the arguments.

    None for a functional model of Keras 2, whose own config is that of its layers.
    """
    owner = place.owner
    if owner is None or not isinstance(owner.body, cst.IndentedBlock):
        return [None]
    if is_functional(owner) and place.diagnostic.keras != ("3",):
        return [None]
    last, own = owner.body.body[-1], place.method("from_config")
    base = cst.StarredDictElement(cst.parse_expression("super().get_config()"))
    column = place.tree.span(last).column + len("    return ")
    returned = cst.Return(_dict(([base] if merges else []) + list(elements), column))
    methods = [_method("get_config", "self", [cst.SimpleStatementLine([returned])])]
    if objects and own is None:
        methods.append(_from_config(objects, deserialize))
    edits = [place.behind(last, method) for method in methods]
    first, *_ = edits
    text = "".join(edit.text for edit in edits if edit is not None)
    more = _turned_back_in(place, own, objects, deserialize) if objects and own is not None else []
    return [None if first is None else Edit(first.span, text), *more]


def turned_back(
    place: Place, get_config: cst.FunctionDef, objects: Sequence[str], deserialize: cst.BaseExpression
) -> list[Edit | None]:
    """A `from_config` behind `get_config`, or more in the one that there is."""
    own = place.method("from_config")
    if own is not None:
        return _turned_back_in(place, own, objects, deserialize)
    return [place.behind(get_config, _from_config(objects, deserialize))]


def _turned_back_in(
    place: Place, own: cst.FunctionDef, objects: Sequence[str], deserialize: cst.BaseExpression
) -> list[Edit | None]:
    """In the `from_config` that there is, before all else that it does; None where it names one of the keys."""
    is_class_method = any(m.matches(each.decorator, m.Name("classmethod")) for each in own.decorators)
    parameters, body = parameters_of(own), own.body
    keys = {text.evaluated_value for text in walked(own) if isinstance(text, cst.SimpleString)}
    if not is_class_method or not parameters or keys & set(objects) or not isinstance(body, cst.IndentedBlock):
        return [None]
    config = parameters[0].name.value
    copied = m.Assign(targets=[m.AssignTarget(m.Name(config))], value=m.Call(m.Name("dict"), [m.Arg(m.Name(config))]))
    copies = [each for each in body.body[:2] if m.matches(each, m.SimpleStatementLine(body=[copied]))]
    lines = [_turned_back(name, config, deserialize) for name in objects]
    if copies:
        edits = [place.behind(copies[0], line) for line in lines]
    else:
        edits = [place.first_in(own, line) for line in [cst.parse_statement(f"{config} = dict({config})"), *lines]]
    first = edits[0]
    return [None if first is None else Edit(first.span, "".join(edit.text for edit in edits if edit is not None))]


def added_to_config(place: Place, method: cst.FunctionDef, elements: Sequence[cst.DictElement]) -> Edit | None:
    """Into the dict that the config is made of; else around what is returned."""
    returned = list(returns_of(method))
    if len(returned) != 1 or (value := returned[0].value) is None:
        return None
    for made in _dicts(method, value):
        if made.elements:
            return place.replaced(made, _longer(made, elements, place.tree.span(made).column))
    return place.replaced(value, _dict([cst.StarredDictElement(value), *elements], place.tree.span(value).column))


def _dicts(method: cst.FunctionDef, value: cst.BaseExpression) -> Iterator[cst.Dict]:
    """The dicts whose elements the returned value certainly has, the one that says most first.

    `return {...}`, `config.update({...})`, and `return dict(list(base.items()) + list(config.items()))`.
    """
    if isinstance(value, cst.Dict):
        yield value
    if isinstance(value, cst.Name):
        update = m.Call(func=m.Attribute(m.Name(value.value), m.Name("update")), args=[m.Arg(value=m.Dict())])
        updates = [node for node in own_nodes(method) if m.matches(node, update)]
        if len(updates) == 1:
            yield cst.ensure_type(cst.ensure_type(updates[0], cst.Call).args[0].value, cst.Dict)
    items = m.Call(m.Name("list"), [m.Arg(m.Call(m.Attribute(m.Name(), m.Name("items")), []))])
    if m.matches(value, m.Call(m.Name("dict"), [m.Arg(m.BinaryOperation(items, m.Add(), items))])):
        for each in m.findall(value, m.Attribute(m.Name(), m.Name("items"))):
            name = cst.ensure_type(cst.ensure_type(each, cst.Attribute).value, cst.Name).value
            assigned = m.Assign([m.AssignTarget(m.Name(name))])
            found = [node for node in own_nodes(method) if m.matches(node, assigned)]
            made = cst.ensure_type(found[0], cst.Assign).value if len(found) == 1 else None
            if isinstance(made, cst.Dict):
                yield made


def _method(name: str, receiver: str, lines: Sequence[cst.BaseStatement]) -> cst.FunctionDef:
    parameters = [cst.Param(cst.Name(each)) for each in ([receiver] if receiver == "self" else [receiver, "config"])]
    return cst.FunctionDef(
        name=cst.Name(name),
        params=cst.Parameters(parameters),
        body=cst.IndentedBlock(lines),
        decorators=[] if receiver == "self" else [cst.Decorator(cst.Name("classmethod"))],
        leading_lines=[cst.EmptyLine(indent=False)],
    )


def _from_config(objects: Sequence[str], deserialize: cst.BaseExpression) -> cst.FunctionDef:
    """A class method that turns objects back; configs that were saved without them are loaded as before."""
    lines: list[cst.BaseStatement] = [
        cst.parse_statement("config = dict(config)"),
        *(_turned_back(name, "config", deserialize) for name in objects),
        cst.parse_statement("return super().from_config(config)"),
    ]
    return _method("from_config", "cls", lines)


def _turned_back(name: str, config: str, deserialize: cst.BaseExpression) -> cst.If:
    """`keras.layers.deserialize` and its like take no None, as `keras.saving.deserialize_keras_object` does."""
    key = cst.parse_expression(f'{config}["{name}"]')
    value = cst.Call(deserialize.deep_clone(), [cst.Arg(key)])
    assigned = cst.Assign([cst.AssignTarget(cst.ensure_type(key.deep_clone(), cst.Subscript))], value)
    takes_none = not m.matches(deserialize, m.Attribute(attr=m.Name("deserialize")))
    test = f'"{name}" in {config}' if takes_none else f'{config}.get("{name}") is not None'
    return cst.If(cst.parse_expression(test), cst.IndentedBlock([cst.SimpleStatementLine([assigned])]))


def _dict(elements: Sequence[cst.BaseDictElement], column: int) -> cst.Dict:
    """A new dict, on one line where that is not too long."""
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    one = cst.Dict(_separated(elements, comma))
    if column + len(cst.Module([]).code_for_node(one)) <= _WIDTH:
        return one
    inner = cst.ParenthesizedWhitespace(indent=True, last_line=cst.SimpleWhitespace("    "))
    outer = cst.ParenthesizedWhitespace(indent=True)
    lines = _separated(elements, cst.Comma(whitespace_after=inner))
    lines[-1] = lines[-1].with_changes(comma=cst.Comma(whitespace_after=outer))
    return cst.Dict(lines, lbrace=cst.LeftCurlyBrace(whitespace_after=inner))


def _separated(elements: Sequence[cst.BaseDictElement], comma: cst.Comma) -> list[cst.BaseDictElement]:
    return [*(each.with_changes(comma=comma) for each in elements[:-1]), elements[-1]]


def _longer(value: cst.Dict, elements: Sequence[cst.DictElement], column: int) -> cst.Dict:
    """A dict with more elements, each on a line of its own where those that are there are, or where it gets long."""
    *before, last = value.elements
    if not m.findall(value, m.ParenthesizedWhitespace()):
        return _dict([*before, last, *elements], column)
    comma = cst.Comma(whitespace_after=line_break(value.lbrace.whitespace_after))
    trailing = last.comma if isinstance(last.comma, cst.Comma) else cst.MaybeSentinel.DEFAULT
    new = _separated(elements, comma)
    new[-1] = new[-1].with_changes(comma=trailing)
    return value.with_changes(elements=[*before, last.with_changes(comma=comma), *new])
