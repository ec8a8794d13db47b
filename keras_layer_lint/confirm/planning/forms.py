"""What the parameters of a class are made of, read from its text: `a pair of lists of dicts with the key "size"`.

A form follows a value through names, attributes of self, loops, unpacking and the constructors of other classes.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from keras_layer_lint.confirm.planning.attributes import tells_nothing
from keras_layer_lint.confirm.planning.class_source import package_of, tree_of
from keras_layer_lint.confirm.planning.in_order import InOrder
from keras_layer_lint.confirm.planning.named_in_code import object_named
from keras_layer_lint.confirm.planning.settings import OPENED, sensible
from keras_layer_lint.confirm.planning.usual import COLUMNS
from keras_layer_lint.keras.names import FRAMEWORKS

_DEEPEST = 4
_MOST_PARTS = 6
_AROUND = frozenset({"enumerate", "zip", "reversed", "list", "tuple", "sorted"})
_SMALL = "4"
"""A number that is an index as well as a size: nothing tells which."""
COLUMN_NAMES = tuple(f"feat_{number}" for number in range(1, COLUMNS + 1))
_WORD = frozenset({"feat", "feature", "name", "key", "col", "column", "field"})
"""Keys, or last parts of them, under which names stand."""


@dataclass(slots=True)
class Form:
    """What is done with one value: its keys, attributes and elements that the code takes."""

    keys: dict[str, Form] = field(default_factory=dict)
    attributes: dict[str, Form] = field(default_factory=dict)
    parts: dict[int, Form] = field(default_factory=dict)
    """By number: of what is unpacked."""
    element: Form | None = None
    """Of what a loop runs over."""
    held: Form | None = None
    """Of a dict that is gone through: what stands under its keys."""
    name: str = ""
    """Of what it is unpacked to."""
    taken_as: str = ""
    """It holds some of the values under a key of this name."""

    @property
    def is_nested(self) -> bool:
        """Whether it is made of what is made of something itself, and not of attributes alone."""
        if self.held is not None:
            return True
        return any(each.is_made_of_something for each in self.inner()) and self._is_taken_apart()

    def _is_taken_apart(self) -> bool:
        is_here = bool(self.keys or self.parts or self.element or self.held)
        return is_here or any(each._is_taken_apart() for each in self.attributes.values())

    @property
    def is_made_of_something(self) -> bool:
        return bool(self.keys or self.attributes or self.parts or self.element or self.held or self.taken_as)

    def inner(self) -> Iterator[Form]:
        """What it is made of."""
        yield from (*self.keys.values(), *self.attributes.values(), *self.parts.values())
        yield from (each for each in (self.element, self.held) if each is not None)

    def is_unpacked_within(self) -> bool:
        """Whether elements are unpacked that are unpacked themselves: `(nodes, edges), mask = inputs`."""
        return any(len(each.parts) > 1 for each in self.parts.values()) and len(self.parts) > 1

    def has_mappings(self) -> bool:
        """Whether it is a dict that is gone through, or holds one."""
        return self.held is not None or any(each.has_mappings() for each in self.inner())

    def under_keys(self) -> Form:
        """What stands under the keys of the dict that it is."""
        self.held = self.held or Form()
        return self.held

    def one(self) -> Form:
        """One of its elements."""
        self.element = self.element or Form()
        return self.element

    def merge(self, other: Form, depth: int = 0) -> None:
        """Count what is done with another value, which is this one, in."""
        if other is self or depth > _DEEPEST:
            return
        for mine, its in ((self.keys, other.keys), (self.attributes, other.attributes), (self.parts, other.parts)):
            for name, form in its.items():
                mine.setdefault(name, Form()).merge(form, depth + 1)  # type: ignore[arg-type]
        if other.element is not None:
            self.one().merge(other.element, depth + 1)
        if other.held is not None:
            self.under_keys().merge(other.held, depth + 1)
        self.taken_as = self.taken_as or other.taken_as


def forms_of(
    methods: list[ast.FunctionDef], scope: Mapping[str, Any], depth: int = 0, of: str = "__init__"
) -> dict[str, Form]:
    """The forms of the parameters of a method, by name. `scope`: the names of the module."""
    first = [method for method in methods if method.name == of][:1]
    if not first:
        return {}
    reader = _Reader(scope, depth)
    arguments = first[0].args
    found = {each.arg: Form() for each in (*arguments.args[1:], *arguments.kwonlyargs)}
    reader.run(first[0], dict(found))
    for method in methods:
        if method is not first[0]:
            reader.run(method, {})
    return found


def spelled(form: Form, name: str, number: int = 1, depth: int = 0) -> str:
    """A value of the form as Python text; the name says what a value is that has no form."""
    if depth > _DEEPEST:
        return sensible(name)
    if form.keys:
        return (
            "{"
            + ", ".join(f"{key!r}: {spelled(each, key, number, depth + 1)}" for key, each in form.keys.items())
            + "}"
        )
    if form.attributes:
        inner = (f"{key}={spelled(each, key, number, depth + 1)}" for key, each in form.attributes.items())
        return f"{OPENED}{', '.join(inner)})"
    if len(form.parts) > 1:
        count = min(max(form.parts) + 1, _MOST_PARTS)
        # Nothing is said of some: `dense, sparse = columns`, of which only one is looked into.
        known = next((each for each in form.parts.values() if each.is_made_of_something), Form())
        given = [form.parts.get(at, Form()) for at in range(count)]
        inner_forms = [each if each.is_made_of_something else known for each in given]
        parts = [spelled(each, name, at + 1, depth + 1) for at, each in enumerate(inner_forms)]
        return f"[{', '.join(parts)}]"
    if form.held is not None:
        held = spelled(form.held, "", depth=depth + 1) if form.held.is_made_of_something else _SMALL
        return "{" + ", ".join(f"'{key}': {held}" for key in COLUMN_NAMES) + "}"
    if form.taken_as:
        return f"['{form.taken_as}_1', '{form.taken_as}_2']"
    element = form.element or form.parts.get(0)
    if element is not None:
        numbers = range(1, COLUMNS + 1) if element.is_made_of_something else (1, 2)
        return f"[{', '.join(spelled(element, _singular(name), at, depth + 1) for at in numbers)}]"
    if name.rpartition("_")[2] in _WORD and depth:
        return f"'{name}_{number}'"
    return sensible(name) if name else _SMALL


def _singular(name: str) -> str:
    return name.removesuffix("s")


class _Reader(InOrder, ast.NodeVisitor):
    """Goes through methods in order; `self` is one for all of them."""

    def __init__(self, scope: Mapping[str, Any], depth: int) -> None:
        self._scope = scope
        self._depth = depth
        self._own: dict[str, Form] = {}
        self._names: dict[str, Form] = {}

    def run(self, method: ast.FunctionDef, names: dict[str, Form]) -> None:
        self._names = names
        for statement in method.body:
            self.visit(statement)

    def assigned(self, target: ast.expr, value: ast.expr) -> None:
        self._bind(target, self._form(value))

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self._comprehend(node.generators, node.elt)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self._comprehend(node.generators, node.elt)

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._comprehend(node.generators, node.key, node.value)

    def _comprehend(self, generators: list[ast.comprehension], *made: ast.expr) -> None:
        before = dict(self._names)
        for generator in generators:
            self.visit(generator.iter)
            self.run_over(generator.target, generator.iter)
            for test in generator.ifs:
                self.visit(test)
        for part in made:
            self.visit(part)
        self._names = before

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self._form(node)
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._form(node)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        self.generic_visit(node)
        match node:
            case ast.Compare(
                left=ast.Subscript(slice=ast.Constant(value=str(key))),
                ops=[ast.In() | ast.NotIn()],
                comparators=[names],
            ) if (form := self._form(names)) is not None:
                form.taken_as = key

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        made = object_named(node.func, self._scope)
        if not isinstance(made, type) or self._depth >= _DEEPEST // 2 or package_of(made) in FRAMEWORKS:
            return
        known = _forms_of_class(made, self._depth + 1)
        for name, value in [*zip(known, node.args), *((word.arg, word.value) for word in node.keywords)]:  # noqa: B905
            form = self._form(value)
            if form is not None and name in known:
                form.merge(known[str(name)])

    def _bind(self, target: ast.expr, form: Form | None) -> None:
        match target:
            case ast.Name(id=name):
                self._names[name] = form or Form()
                self._names[name].name = self._names[name].name or name
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if form is not None:
                self._own[name] = form
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                for at, each in enumerate(targets):
                    self._bind(each, None if form is None else form.parts.setdefault(at, Form()))

    def run_over(self, target: ast.expr, over: ast.expr) -> None:
        match target, over:
            case ast.Tuple(elts=[_, inner]), ast.Call(func=ast.Name(id="enumerate"), args=[within, *_]):
                self.run_over(inner, within)
            case ast.Tuple(elts=targets), ast.Call(func=ast.Name(id="zip"), args=lists) if len(targets) == len(lists):
                for one, within in zip(targets, lists, strict=True):
                    self.run_over(one, within)
            case _, ast.Call(func=ast.Attribute(value=held, attr="items" | "keys" | "values" as method), args=[]):
                if (form := self._form(held)) is not None:
                    self._bind_items(target, method, form.under_keys())
            case _:
                form = self._form(over)
                self._bind(target, None if form is None else form.one())

    def _bind_items(self, target: ast.expr, method: str, held: Form) -> None:
        match target:
            case ast.Tuple(elts=[_, value]) if method == "items":
                self._bind(value, held)
            case ast.Name() if method == "values":
                self._bind(target, held)

    def _form(self, node: ast.expr) -> Form | None:
        """The form of what an expression stands for; None where it is not followed."""
        match node:
            case ast.Name(id=name):
                return self._names.get(name)
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                return self._own.get(name)
            case ast.Call(func=ast.Name(id=name), args=[inner, *_]) if name in _AROUND:
                return self._form(inner)
            case ast.Attribute(value=inner, attr=name) if (form := self._form(inner)) is not None:
                return form.attributes.setdefault(name, Form()) if tells_nothing(name) else None
            case ast.Subscript(value=inner, slice=index) if (form := self._form(inner)) is not None:
                return _at(form, index)
        return None


def _at(form: Form, index: ast.expr) -> Form | None:
    match index:
        case ast.Constant(value=str(key)):
            return form.keys.setdefault(key, Form())
        case ast.Constant(value=int(number)) if 0 <= number < _MOST_PARTS:
            return form.parts.setdefault(number, Form())
        case ast.Slice():
            return form
        case ast.Name():
            return form.one()
    return None


def _forms_of_class(cls: type, depth: int) -> dict[str, Form]:
    """The forms of what another class takes."""
    module = inspect.getmodule(cls)
    try:
        tree = tree_of(cls)
    except (OSError, TypeError, SyntaxError):
        return {}
    if module is None or not isinstance(tree.body[0], ast.ClassDef):
        return {}
    methods = [each for each in tree.body[0].body if isinstance(each, ast.FunctionDef)]
    return forms_of(methods, vars(module), depth)
