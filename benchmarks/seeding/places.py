"""Where a fault is planted: each place wraps the seeded code, and computes what it computes in `call` itself."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field

import libcst as cst
import libcst.matchers as m

from benchmarks.seeding.names import Names
from benchmarks.seeding.registry import Edited, Snippet
from benchmarks.seeding.source import (
    LayerSource,
    appended,
    code_of,
    free_names,
    is_return,
    lines_of,
    marked,
    method,
    prepended,
    statements,
    with_methods,
    with_statements,
    without_method,
)

IN_CALL = ("call", "helper", "chain", "function", "nested", "comprehension", "base", "file", "alias", "flag")
ON_CLASS = ("class", "base", "helper")
PLACES = tuple(dict.fromkeys([*IN_CALL, *ON_CLASS]))
OTHER_FILE = "module_of_the_second_file"
"""Stands in an import until the second file has a name."""
_ASSIGNED_CALL = m.SimpleStatementLine([m.Assign(targets=[m.AssignTarget(m.Name())], value=m.Call())])
_SHAPES = re.compile(r"shape|size|dim|batch|len|num|mask|rank|axis|training|dtype|list|config|\bn\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Planted:
    """A class with a fault: the text of its file, and of a second file where there is one; lines bear marks."""

    text: str
    other: str = ""
    class_names: tuple[str, ...] = field(default=())
    """The classes that bear the fault."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A point of `call` with a tensor in scope."""

    variable: str
    at: int
    """Index of the statement of `call` before which it lies."""
    is_returned: bool = False
    """The variable is what that statement returns: it gets a name there if it has none."""
    rank: int | None = None
    """Where the plan tells."""


def spots(source: LayerSource, rank: int | None) -> Iterator[Spot]:
    """Points of `call` where a tensor is in scope. `rank`: of the first input where that is one float tensor."""
    function = method(source.node, "call")
    if function is None:
        return
    body = lines_of(function)
    first = 1 if function.get_docstring() is not None else 0
    given = function.params.params
    if rank is not None and len(given) > 1:
        yield Spot(variable=given[1].name.value, at=first, rank=rank)
    if body and is_return(body[-1]):
        yield Spot(variable="outputs", at=len(body) - 1, is_returned=True)
    for number, statement in enumerate(body[:-1]):
        if not m.matches(statement, _ASSIGNED_CALL):
            continue
        assign = cst.ensure_type(cst.ensure_type(statement, cst.SimpleStatementLine).body[0], cst.Assign)
        name = code_of(assign.targets[0].target)
        if not _SHAPES.search(name + code_of(assign.value).split("(")[0]):
            yield Spot(variable=name, at=number + 1)


def planted(source: LayerSource, snippet: Snippet, spot: Spot, place: str, generation: str) -> Planted | None:
    """The module with a snippet at a place; None where that place does not exist."""
    call = method(source.node, "call")
    if call is None:
        return None
    variable = _variable(call, spot)
    names = Names(source, generation, variable if place in ("call", "alias", "flag") else "value", place == "alias")
    is_in_call = snippet.is_planted_in == "call"
    code = names.fill(snippet.call)
    if is_in_call:
        code = marked(code)
    wrapped = _wrapped(source, code, variable, place)
    if wrapped is None:
        return None
    node = source.node
    node = with_methods(node, _with_code(call, spot, wrapped.in_call))
    more = names.fill(snippet.methods)
    for text in (*wrapped.methods, marked(more) if snippet.is_planted_in == "methods" else more):
        node = with_methods(node, *(cst.ensure_type(function, cst.FunctionDef) for function in statements(text)))
    before = names.fill(snippet.before)
    init = names.fill(snippet.init)
    build = names.fill(snippet.build)
    init = "\n".join(filter(None, [marked(init) if snippet.is_planted_in == "init" else init, wrapped.init]))
    made = _with_init(node, init)
    made = made and _with_build(made, marked(build) if snippet.is_planted_in == "build" else build)
    if made is None:
        return None
    imports = [*names.imports]
    other = ""
    if wrapped.base:
        bases = ", ".join(code_of(each.value) for each in source.node.bases)
        if not bases or not free_names(bases) <= source.importable:
            return None
        base = f"{source.name}Base"
        header = "\n".join([*source.import_statements, *imports])
        other = f"{header}\n\n\nclass {base}({bases}):\n{textwrap.indent(wrapped.base, '    ')}\n"
        imports.append(f"from {OTHER_FILE} import {base}")
        made = made.with_changes(bases=[cst.Arg(cst.Name(base))])
    if wrapped.other:
        header = "\n".join([*source.import_statements, *imports])
        other = f"{header}\n\n\n{wrapped.other}\n"
        imports.append(f"from {OTHER_FILE} import {wrapped.function}")
    used = free_names(wrapped.other or wrapped.base)
    if not used <= {*source.importable, *(line.split()[-1] for line in imports)}:
        return None
    text = source.render(made, imports, "\n\n\n".join(filter(None, [before.strip(), wrapped.function_text.strip()])))
    names_of_classes = (source.name, f"{source.name}Base") if wrapped.base else (source.name,)
    return Planted(text=text, other=other, class_names=names_of_classes)


@dataclass(frozen=True, kw_only=True)
class _Wrapped:
    """The code at a place, apart."""

    in_call: str
    methods: tuple[str, ...] = ()
    function_text: str = ""
    base: str = ""
    other: str = ""
    function: str = "adjusted"
    init: str = ""


def _wrapped(source: LayerSource, code: str, variable: str, place: str) -> _Wrapped | None:
    """Statements on `variable` (in the places of a function of their own: on `value`) as the place has them."""
    body = f"{code}\nreturn value"
    uses_self = re.search(r"\bself\b", code) is not None
    arguments = "layer, value" if uses_self else "value"
    given = f"self, {variable}" if uses_self else variable
    outside = re.sub(r"\bself\b", "layer", body)
    inner = textwrap.indent(body, "    ")
    match place:
        case "call" | "alias":
            return _Wrapped(in_call=code)
        case "helper":
            in_call = marked(f"{variable} = self._adjusted({variable})")
            return _Wrapped(in_call=in_call, methods=(f"def _adjusted(self, value):\n{inner}\n",))
        case "chain":
            first = "def _adjusted(self, value):\n    return self._scaled(value)\n"
            second = f"def _scaled(self, value):\n{inner}\n"
            return _Wrapped(in_call=marked(f"{variable} = self._adjusted({variable})"), methods=(first, second))
        case "function" | "file":
            text = f"def adjusted({arguments}):\n{textwrap.indent(outside, '    ')}\n"
            in_call = marked(f"{variable} = adjusted({given})")
            if place == "file":
                return _Wrapped(in_call=in_call, other=text)
            return _Wrapped(in_call=in_call, function_text=text)
        case "nested":
            return _Wrapped(in_call=f"def adjusted(value):\n{inner}\n\n" + marked(f"{variable} = adjusted({variable})"))
        case "comprehension":
            found = re.fullmatch(r"value = (.+?)(  #@)?", code.strip())
            if found is None:
                return None
            return _Wrapped(in_call=marked(f"{variable} = [{found[1]} for value in [{variable}]][0]"))
        case "base":
            in_call = marked(f"{variable} = self._adjusted({variable})")
            return _Wrapped(in_call=in_call, base=f"def _adjusted(self, value):\n{inner}\n")
        case "flag":
            in_call = f"if self.is_adjusted:\n{textwrap.indent(code, '    ')}"
            return _Wrapped(in_call=in_call, init="self.is_adjusted = True")
    raise AssertionError(place)


def _variable(call: cst.FunctionDef, spot: Spot) -> str:
    last = lines_of(call)[spot.at] if spot.is_returned else None
    if last is not None and m.matches(last, m.SimpleStatementLine([m.Return(value=m.Name())])):
        return code_of(cst.ensure_type(_returned(last), cst.Name))
    return spot.variable


def _returned(statement: cst.BaseStatement) -> cst.BaseExpression:
    value = cst.ensure_type(cst.ensure_type(statement, cst.SimpleStatementLine).body[0], cst.Return).value
    assert value is not None
    return value


def _with_code(call: cst.FunctionDef, spot: Spot, code: str) -> cst.FunctionDef:
    """`call` with statements at a spot; what is returned there gets a name first."""
    body = lines_of(call)
    more = statements(code)
    if spot.is_returned:
        value = _returned(body[spot.at])
        if isinstance(value, cst.Name):
            return with_statements(call, [*body[: spot.at], *more, *body[spot.at :]])
        line = cst.ensure_type(body[spot.at], cst.SimpleStatementLine)
        named = line.with_changes(body=[cst.Assign([cst.AssignTarget(cst.Name("outputs"))], value)])
        return with_statements(call, [*body[: spot.at], named, *more, *statements("return outputs")])
    return with_statements(call, [*body[: spot.at], *more, *body[spot.at :]])


def _with_init(node: cst.ClassDef, code: str) -> cst.ClassDef | None:
    if not code:
        return node
    function = method(node, "__init__")
    if function is None or "super" not in code_of(function):
        return None
    return with_methods(node, appended(function, statements(code)))


def _with_build(node: cst.ClassDef, code: str) -> cst.ClassDef | None:
    """At the beginning of `build`: at its end the layer counts as built."""
    if not code:
        return node
    function = method(node, "build")
    if function is None:
        return None
    return with_methods(node, prepended(function, statements(code)))


def edited(source: LayerSource, edit: Edited, place: str, working: str = "call") -> Planted | None:
    """The module with an edited class, or its fault moved to a base class in another file or to a helper method."""
    match place:
        case "class":
            text = source.render(edit.node, edit.imports, edit.before)
            return Planted(text=text, class_names=(source.name,))
        case "base":
            return _in_base(source, edit, working)
        case "helper":
            node = _with_helper(source, edit.node)
            if node is None:
                return None
            return Planted(text=source.render(node, edit.imports, edit.before), class_names=(source.name,))
    raise AssertionError(place)


def _in_base(source: LayerSource, edit: Edited, working: str) -> Planted | None:
    """All but the method that does the work in a base class in another file."""
    call = method(edit.node, working)
    if call is None or (source.node.decorators and any(each.decorators for each in [call])):
        return None
    name = f"{source.name}Base"
    base = without_method(edit.node, working).with_changes(name=cst.Name(name), decorators=[])
    text = re.sub(rf"\bsuper\({source.name}, self\)", "super()", source.code(base))
    header = "\n".join([*source.import_statements, *edit.imports])
    if not free_names(text) <= {*source.importable, *(line.split()[-1] for line in edit.imports)}:
        return None
    here = source.node.with_changes(bases=[cst.Arg(cst.Name(name))], body=source.node.body.with_changes(body=[call]))
    imports = [*edit.imports, f"from {OTHER_FILE} import {name}"]
    return Planted(
        text=source.render(here, imports, edit.before), other=f"{header}\n\n\n{text}\n", class_names=(source.name, name)
    )


def _with_helper(source: LayerSource, node: cst.ClassDef) -> cst.ClassDef | None:
    """What `build` does, but for the call of its base, in a helper method: where the fault is in `build`."""
    function = method(node, "build")
    before = method(source.node, "build")
    if function is None or before is None or function.deep_equals(before):
        return None
    body = lines_of(function)
    first = 1 if function.get_docstring() is not None else 0
    last = next((number for number, each in enumerate(body) if "super" in code_of(each)), len(body))
    moved = body[first:last]
    given = [each.name.value for each in function.params.params]
    if not moved or len(given) != 2 or given[0] != "self" or any("return" in code_of(each) for each in moved):
        return None
    later = "".join(code_of(each) for each in body[last:])
    if set(_assigned(moved)) & set(re.findall(r"\w+", later)):
        return None
    helper = with_statements(function, moved).with_changes(name=cst.Name("_make_state"), decorators=[])
    call = statements(f"self._make_state({given[1]})")
    return with_methods(node, with_statements(function, [*body[:first], *call, *body[last:]]), helper)


def _assigned(moved: list[cst.BaseStatement]) -> Iterator[str]:
    for each in moved:
        for target in m.findall(each, m.AssignTarget(m.Name())):
            yield code_of(cst.ensure_type(target, cst.AssignTarget).target)
