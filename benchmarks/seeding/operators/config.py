"""`get_config`, `from_config`, and the arguments of `__init__`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import libcst as cst
import libcst.matchers as m

from benchmarks.seeding.names import Names
from benchmarks.seeding.registry import Asked, Edited, Seed, operator
from benchmarks.seeding.source import (
    appended,
    code_of,
    is_return,
    lines_of,
    method,
    parameters,
    statements,
    with_methods,
    with_statements,
    without_method,
)
from benchmarks.seeding.subjects import Subject
from keras_layer_lint.expectation import expects

_LOST = "a model that does not load, or loads with other arguments"
_MANY = ("KLL302", "KLL303", "KLL304", "KLL305", "KLL307", "KLL310")


def _config(subject: Subject) -> cst.FunctionDef | None:
    return method(subject.source.node, "get_config")


def _entries(function: cst.FunctionDef) -> Iterator[tuple[cst.CSTNode, cst.CSTNode, str, cst.BaseExpression]]:
    """Keys that are written as text: the dict or call around one, the element, the key, the value."""
    for found in m.findall(function, m.Dict()):
        for element in cst.ensure_type(found, cst.Dict).elements:
            if isinstance(element, cst.DictElement) and isinstance(element.key, cst.SimpleString):
                yield found, element, str(element.key.evaluated_value), element.value
    for found in m.findall(function, m.Call(func=m.Name("dict") | m.Attribute(attr=m.Name("update")))):
        for arg in cst.ensure_type(found, cst.Call).args:
            if arg.keyword is not None:
                yield found, arg, arg.keyword.value, arg.value


def _arguments(subject: Subject) -> dict[str, cst.Param]:
    init = method(subject.source.node, "__init__")
    return {each.name.value: each for each in parameters(init)} if init is not None else {}


def _with_value(subject: Subject, entry: cst.CSTNode, code: str) -> Edited:
    new = entry.with_changes(value=cst.parse_expression(code))
    return Edited(node=cst.ensure_type(subject.source.node.deep_replace(entry, new), cst.ClassDef))


@operator("KLL301", source=_LOST, on_class=True, also=["KLL302"])
def get_config_left_out(subject: Subject) -> Iterable[Seed]:
    if _config(subject) is not None and _arguments(subject):
        yield Edited(node=without_method(subject.source.node, "get_config"))


@operator("KLL302", source="a new argument that get_config was not told of", on_class=True)
def key_left_out(subject: Subject) -> Iterable[Seed]:
    function = _config(subject)
    for around, entry, key, _ in _entries(function) if function is not None else ():
        if key in _arguments(subject):
            name = "elements" if isinstance(around, cst.Dict) else "args"
            kept = [each for each in getattr(around, name) if each is not entry]
            new = around.with_changes(**{name: kept})
            yield Edited(node=cst.ensure_type(subject.source.node.deep_replace(around, new), cst.ClassDef))


_NO_LAYER = ("loss", "metric", "initializer", "regularizer", "constraint", "schedule")


@operator("KLL301", source="a loss or metric without get_config", on_class=True, also=["KLL302"], kinds=_NO_LAYER)
def config_of_object_left_out(subject: Subject) -> Iterable[Seed]:
    yield from get_config_left_out(subject)


@operator("KLL302", source="an argument of a loss or metric, not in the config", on_class=True, kinds=_NO_LAYER)
def key_of_object_left_out(subject: Subject) -> Iterable[Seed]:
    yield from key_left_out(subject)


@operator("KLL303", source="a key with another name than the argument", on_class=True, also=["KLL302"])
def key_misspelled(subject: Subject) -> Iterable[Seed]:
    function = _config(subject)
    for _, entry, key, _ in _entries(function) if function is not None else ():
        if key in _arguments(subject):
            is_element = isinstance(entry, cst.DictElement)
            change = {"key": cst.SimpleString(f'"{key}s"')} if is_element else {"keyword": cst.Name(f"{key}s")}
            new = entry.with_changes(**change)
            yield Edited(node=cst.ensure_type(subject.source.node.deep_replace(entry, new), cst.ClassDef))


@operator("KLL303", source="a key for what __init__ does not take", on_class=True)
def key_of_no_argument(subject: Subject) -> Iterable[Seed]:
    function = _config(subject)
    init = method(subject.source.node, "__init__")
    for around, _, key, _ in _entries(function) if function is not None and init is not None else ():
        if isinstance(around, cst.Dict) and key in _arguments(subject):
            more = cst.DictElement(cst.SimpleString('"version"'), cst.Integer("2"))
            new = around.with_changes(elements=[*around.elements, more])
            yield Edited(node=cst.ensure_type(subject.source.node.deep_replace(around, new), cst.ClassDef))
            return


@operator(
    "KLL304",
    source="the config of the base not merged: name and dtype are lost",
    on_class=True,
    asked=Asked(expects=expects(arguments=("name", "trainable"))),
)
def base_not_merged(subject: Subject) -> Iterable[Seed]:
    function = _config(subject)
    pattern = m.Call(func=m.Attribute(value=m.Call(func=m.Name("super")), attr=m.Name("get_config")))
    for found in m.findall(function, pattern) if function is not None else ():
        yield Edited(node=cst.ensure_type(subject.source.node.deep_replace(found, cst.Dict([])), cst.ClassDef))


@operator("KLL305", source="return forgotten", on_class=True)
def return_left_out(subject: Subject) -> Iterable[Seed]:
    function = _config(subject)
    if function is not None and is_return(lines_of(function)[-1]):
        body = lines_of(function)[:-1] or statements("pass")
        if len(body) > 1 or not m.matches(body[0], m.SimpleStatementLine([m.Pass()])):
            yield Edited(node=with_methods(subject.source.node, with_statements(function, body)))


@operator("KLL305", source="return config.update(...)", on_class=True)
def returned_update(subject: Subject) -> Iterable[Seed]:
    function = _config(subject)
    if function is None or len(lines_of(function)) < 2:
        return
    *before, update, last = lines_of(function)
    is_update = m.matches(
        update, m.SimpleStatementLine([m.Expr(m.Call(func=m.Attribute(value=m.Name(), attr=m.Name("update"))))])
    )
    if is_update and is_return(last):
        returned = statements(f"return {code_of(update).strip()}")
        yield Edited(node=with_methods(subject.source.node, with_statements(function, [*before, *returned])))


@operator("KLL306", source="__init__ without **kwargs: name and dtype of the config have no place", on_class=True)
def kwargs_left_out(subject: Subject) -> Iterable[Seed]:
    init = method(subject.source.node, "__init__")
    if init is None or init.params.star_kwarg is None:
        return
    name = init.params.star_kwarg.name.value
    passed = [
        found
        for found in m.findall(init, m.Call(func=m.Attribute(value=m.Call(func=m.Name("super")))))
        if any(arg.star == "**" for arg in cst.ensure_type(found, cst.Call).args)
    ]
    if len(passed) != 1 or len(m.findall(init, m.Name(name))) != 2:
        return
    call = cst.ensure_type(passed[0], cst.Call)
    args = [arg for arg in call.args if arg.star != "**"]
    args = [*args[:-1], args[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)] if args else []
    new = cst.ensure_type(init.deep_replace(call, call.with_changes(args=args)), cst.FunctionDef)
    params = [*new.params.params]
    if params:
        params[-1] = params[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
    new = new.with_changes(params=new.params.with_changes(params=params, star_kwarg=None))
    yield Edited(node=with_methods(subject.source.node, new))


@operator("KLL306", source="**kwargs taken and not passed on", on_class=True)
def kwargs_not_passed_on(subject: Subject) -> Iterable[Seed]:
    init = method(subject.source.node, "__init__")
    for found in m.findall(init, m.Call(func=m.Attribute(attr=m.Name("__init__")))) if init is not None else ():
        call = cst.ensure_type(found, cst.Call)
        args = [arg for arg in call.args if arg.star != "**"]
        if len(args) < len(call.args):
            args = [*args[:-1], args[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)] if args else []
            new = subject.source.node.deep_replace(call, call.with_changes(args=args))
            yield Edited(node=cst.ensure_type(new, cst.ClassDef))


@operator("KLL307", source="an object in the config: not JSON, or not turned back", on_class=True, also=["KLL308"])
def serialize_left_out(subject: Subject) -> Iterable[Seed]:
    function = _config(subject)
    for _, entry, _, value in _entries(function) if function is not None else ():
        if isinstance(value, cst.Call) and code_of(value.func).endswith("serialize") and len(value.args) == 1:
            yield _with_value(subject, entry, code_of(value.args[0].value))


@operator("KLL307", source="a lambda in the config", on_class=True)
def lambda_in_config(subject: Subject) -> Iterable[Seed]:
    function = _config(subject)
    for _, entry, key, value in _entries(function) if function is not None else ():
        if key in ("activation", "activations") and key in _arguments(subject):
            yield _with_value(subject, entry, f"lambda value: {code_of(value)}(value)")


@operator("KLL307", source="a set in the config", on_class=True)
def set_in_config(subject: Subject) -> Iterable[Seed]:
    yield from _around(subject, "{{{}}}")


@operator("KLL307", source="a tensor in the config", on_class=True)
def tensor_in_config(subject: Subject) -> Iterable[Seed]:
    if "tf" in subject.source.imported:
        yield from _around(subject, "tf.constant({})")


@operator("KLL307", source="an array in the config", on_class=True)
def array_in_config(subject: Subject) -> Iterable[Seed]:
    if subject.source.imported.get("np") == "numpy":
        yield from _around(subject, "np.array([{}])")


def _around(subject: Subject, text: str) -> Iterator[Seed]:
    """A number of the config in something else."""
    function = _config(subject)
    arguments = _arguments(subject)
    for _, entry, key, value in _entries(function) if function is not None else ():
        default = arguments[key].default if key in arguments else None
        if isinstance(default, (cst.Integer, cst.Float)) or key in (
            "units",
            "filters",
            "dim",
            "channels",
            "output_dim",
        ):
            yield _with_value(subject, entry, text.format(code_of(value)))


@operator("KLL308", source="from_config without @classmethod", on_class=True)
def from_config_of_instance(subject: Subject) -> Iterable[Seed]:
    known = method(subject.source.node, "from_config")
    if known is not None and known.decorators:
        yield Edited(node=with_methods(subject.source.node, known.with_changes(decorators=[])))
    elif known is None and _config(subject) is not None:
        made = statements("def from_config(self, config):\n    return self.__class__(**config)\n")[0]
        yield Edited(node=with_methods(subject.source.node, cst.ensure_type(made, cst.FunctionDef)))


@operator("KLL308", source="nested objects not deserialized", on_class=True, also=["KLL307"])
def deserialize_left_out(subject: Subject) -> Iterable[Seed]:
    for name in ("from_config", "__init__"):
        function = method(subject.source.node, name)
        for found in m.findall(function, m.Call(args=[m.Arg(), m.ZeroOrMore()])) if function is not None else ():
            call = cst.ensure_type(found, cst.Call)
            if code_of(call.func).split(".")[-1].startswith("deserialize"):
                new = subject.source.node.deep_replace(call, call.args[0].value)
                yield Edited(node=cst.ensure_type(new, cst.ClassDef))


@operator("KLL310", source="an attribute that get_config reads under another name", on_class=True)
def other_attribute_in_config(subject: Subject) -> Iterable[Seed]:
    function = _config(subject)
    for _, entry, key, value in _entries(function) if function is not None else ():
        if key in _arguments(subject) and m.matches(value, m.Attribute(value=m.Name("self"), attr=m.Name(key))):
            yield _with_value(subject, entry, f"self._{key}")


@operator("KLL310", source="an argument changed before it is kept", on_class=True)
def changed_before_kept(subject: Subject) -> Iterable[Seed]:
    init = method(subject.source.node, "__init__")
    if init is None or _config(subject) is None:
        return
    for found in m.findall(init, m.Assign(targets=[m.AssignTarget(m.Attribute(value=m.Name("self")))], value=m.Name())):
        assign = cst.ensure_type(found, cst.Assign)
        name = code_of(assign.value)
        default = _arguments(subject)[name].default if name in _arguments(subject) else None
        if isinstance(default, cst.Integer) and code_of(assign.targets[0].target) == f"self.{name}":
            new = subject.source.node.deep_replace(
                assign, assign.with_changes(value=cst.parse_expression(f"{name} * 2"))
            )
            yield Edited(node=cst.ensure_type(new, cst.ClassDef))


@operator("KLL311", source="an activation that is serialized and was never made into a function", on_class=True)
def activation_kept_as_given(subject: Subject) -> Iterable[Seed]:
    function, init = _config(subject), _with_argument(subject, "gate", "None")
    dicts = [] if function is None else m.findall(function, m.Dict())
    if function is None or init is None or not dicts:
        return
    names = Names(subject.source, subject.generation, "")
    value = cst.parse_expression(f"{names['keras']}.activations.serialize(self.gate)")
    around = cst.ensure_type(dicts[-1], cst.Dict)
    more = around.with_changes(elements=[*around.elements, cst.DictElement(cst.SimpleString('"gate"'), value)])
    changed = cst.ensure_type(function.deep_replace(around, more), cst.FunctionDef)
    yield Edited(node=with_methods(subject.source.node, init, changed), imports=tuple(names.imports))


@operator("KLL302", source="a new argument of __init__, not in the config", on_class=True, also=["KLL301"])
def new_argument(subject: Subject) -> Iterable[Seed]:
    call, init = method(subject.source.node, "call"), _with_argument(subject, "output_scale", "1.0")
    if init is None or call is None or _config(subject) is None or not is_return(lines_of(call)[-1]):
        return
    *before, last = lines_of(call)
    value = cst.ensure_type(cst.ensure_type(last, cst.SimpleStatementLine).body[0], cst.Return).value
    if value is None or isinstance(value, (cst.Tuple, cst.List, cst.Dict)):
        return
    returned = statements(f"return ({code_of(value)}) * self.output_scale")
    yield Edited(node=with_methods(subject.source.node, init, with_statements(call, [*before, *returned])))


def _with_argument(subject: Subject, name: str, default: str) -> cst.FunctionDef | None:
    """`__init__` with one more argument, which it keeps; None where there is no place for one."""
    init = method(subject.source.node, "__init__")
    if init is None or init.params.star_kwarg is None or init.params.kwonly_params:
        return None
    if init.params.star_arg is not cst.MaybeSentinel.DEFAULT:
        return None
    more = cst.Param(cst.Name(name), default=cst.parse_expression(default))
    given = init.params.with_changes(params=[*init.params.params, more])
    return appended(init.with_changes(params=given), statements(f"self.{name} = {name}"))
