"""What the parameters of a method are made of, read from the text of a class.

A form follows a value through names, attributes of self, loops, unpacking, and the constructors and functions of the
project that it is given to.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Mapping
from functools import lru_cache
from types import FunctionType, MappingProxyType
from typing import Any

from keras_layer_lint.confirm.planning.attributes import tells_nothing
from keras_layer_lint.confirm.planning.class_source import comes_installed, package_of, tree_of
from keras_layer_lint.confirm.planning.forms import DEEPEST, MOST_PARTS, Form
from keras_layer_lint.confirm.planning.in_order import InOrder
from keras_layer_lint.confirm.planning.named_in_code import object_named
from keras_layer_lint.confirm.planning.reading_arrays import arrays_in
from keras_layer_lint.keras.names import FRAMEWORKS

_AROUND = frozenset({"enumerate", "zip", "reversed", "list", "tuple", "sorted"})


def forms_of(
    methods: list[ast.FunctionDef],
    scope: Mapping[str, Any],
    depth: int = 0,
    of: str = "__init__",
    inherited: Mapping[str, ast.FunctionDef] = MappingProxyType({}),
) -> dict[str, Form]:
    """The forms of the parameters of a method, by name.

    `scope`: the names of the module. `inherited`: methods that are called on self, by name.
    """
    first = [method for method in methods if method.name == of][:1]
    if not first:
        return {}
    reader = _Reader(scope, depth, inherited)
    found = reader.taken(first[0], 1)
    for method in methods:
        if method is not first[0]:
            reader.run(method, {})
    return found


class _Reader(InOrder, ast.NodeVisitor):
    """Goes through methods in order; `self` is one for all of them."""

    def __init__(
        self, scope: Mapping[str, Any], depth: int, inherited: Mapping[str, ast.FunctionDef] = MappingProxyType({})
    ) -> None:
        self._scope = scope
        self._depth = depth
        self._inherited = inherited
        self._own: dict[str, Form] = {}
        self._names: dict[str, Form] = {}
        self._known: dict[str, dict[str, Form]] = {}
        """What methods of self take."""
        self._items: dict[str, Form] = {}
        """What the loops go through that bind a name."""

    def run(self, method: ast.FunctionDef, names: dict[str, Form]) -> None:
        self._names = names
        for statement in method.body:
            self.visit(statement)

    def taken(self, function: ast.FunctionDef, skipped: int) -> dict[str, Form]:
        """The forms of what a function takes, but for the first arguments."""
        found = {each.arg: Form() for each in (*function.args.args[skipped:], *function.args.kwonlyargs)}
        self.run(function, dict(found))
        return found

    def assigned(self, target: ast.expr, value: ast.expr) -> None:
        self._bind(target, self._form(value))

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self._comprehend(node.generators, node.elt)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self._comprehend(node.generators, node.elt)

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._comprehend(node.generators, node.key, node.value)

    def _comprehend(self, generators: list[ast.comprehension], *made: ast.expr) -> None:
        before, items = dict(self._names), dict(self._items)
        for generator in generators:
            self.visit(generator.iter)
            self.run_over(generator.target, generator.iter)
            for test in generator.ifs:
                self.visit(test)
        for part in made:
            self.visit(part)
        self._names, self._items = before, items

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self._form(node)
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._form(node)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        self._count_arrays(node)
        self.generic_visit(node)

    def _count_arrays(self, node: ast.expr) -> None:
        for kind, value in arrays_in(node):
            if (form := self._form(value)) is not None and not form.array:
                form.array = kind

    def visit_Compare(self, node: ast.Compare) -> None:
        self._count_arrays(node)
        self.generic_visit(node)
        match node:
            case ast.Compare(
                left=ast.Subscript(slice=ast.Constant(value=str(key))),
                ops=[ast.In() | ast.NotIn()],
                comparators=[names],
            ) if (form := self._form(names)) is not None:
                form.taken_as = key

    def visit_Call(self, node: ast.Call) -> None:
        match node:
            case ast.Call(func=ast.Name(id="filter" | "map"), args=[ast.Lambda(args=taken, body=body), *lists]):
                before = dict(self._names)
                for one, within in zip(taken.args, lists, strict=False):
                    self.visit(within)
                    self.run_over(ast.Name(one.arg), within)
                self.visit(body)
                self._names = before
                return
            case ast.Call(func=ast.Name(id="isinstance"), args=[value, types]):
                if (form := self._form(value)) is not None:
                    form.classes |= dict.fromkeys(self._of_project(types))
        self._count_arrays(node)
        self.generic_visit(node)
        self._count_given(node)
        known = self._taken_by(node.func)
        for name, value in [*zip(known, node.args), *((word.arg, word.value) for word in node.keywords)]:  # noqa: B905
            own = known.get(str(name))
            form = None if own is None else self._form(value) if own.element is None else self._several(value)
            if form is not None and own is not None:
                form.merge(own)

    def _count_given(self, node: ast.Call) -> None:
        """What layers of Keras are made with: `Dense(size)`."""
        made = object_named(node.func, self._scope)
        if not isinstance(made, type) or package_of(made) not in FRAMEWORKS or not hasattr(made, "get_config"):
            return
        taken = list(inspect.signature(made).parameters)
        for name, value in [*zip(taken, node.args), *((word.arg, word.value) for word in node.keywords)]:  # noqa: B905
            if isinstance(value, ast.Name) and name is not None and (form := self._form(value)) is not None:
                form.given_as = form.given_as or name

    def _taken_by(self, function: ast.expr) -> dict[str, Form]:
        """The forms of what a class, a function or a method of self takes."""
        if self._depth >= DEEPEST // 2:
            return {}
        match function:
            case ast.Attribute(value=ast.Name(id="self"), attr=name) if name in self._inherited:
                if name not in self._known:
                    inner = _Reader(self._scope, self._depth + 1, self._inherited)
                    self._known[name] = inner.taken(self._inherited[name], 1)
                return self._known[name]
        called = object_named(function, self._scope)
        if not isinstance(called, (type, FunctionType)) or package_of(called) in FRAMEWORKS:
            return {}
        return _forms_taken(called, self._depth + 1)

    def _of_project(self, types: ast.expr) -> list[type]:
        nodes = types.elts if isinstance(types, ast.Tuple) else [types]
        found = (object_named(node, self._scope) for node in nodes)
        return [each for each in found if isinstance(each, type) and not comes_installed(each)]

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
                form = self._several(over)
                self._bind(target, None if form is None else form.one())
                if isinstance(target, ast.Name) and form is not None:
                    self._items[target.id] = form

    def _bind_items(self, target: ast.expr, method: str, held: Form) -> None:
        match target:
            case ast.Tuple(elts=[_, value]) if method == "items":
                self._bind(value, held)
            case ast.Name() if method == "values":
                self._bind(target, held)

    def _several(self, node: ast.expr) -> Form | None:
        """The form of what is gone through: lists that are joined have elements of one form."""
        match node:
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                joined = [form for each in (left, right) if (form := self._several(each)) is not None]
                for other in joined[1:]:
                    joined[0].one().merge(other.one())
                    other.element = joined[0].element
                return joined[0] if joined else None
        return self._form(node)

    def _form(self, node: ast.expr) -> Form | None:
        """The form of what an expression stands for; None where it is not followed."""
        match node:
            case ast.Name(id=name):
                return self._names.get(name)
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                return self._own.get(name)
            case ast.Call(func=ast.Name(id=name), args=[inner, *_]) if name in _AROUND:
                return self._form(inner)
            case ast.Call(func=ast.Name(id="filter"), args=[_, inner]) | ast.IfExp(body=inner):
                return self._form(inner)
            case ast.Attribute(value=inner, attr=name) if (form := self._form(inner)) is not None:
                return form.attributes.setdefault(name, Form()) if tells_nothing(name) else None
            case ast.Subscript(value=inner, slice=ast.Name(id=name)) if (
                form := self._form(inner)
            ) is not None and self._items.get(name) is form:
                return form.under_keys()  # what is gone through are its keys
            case ast.Subscript(value=inner, slice=index) if (form := self._form(inner)) is not None:
                return _at(form, index)
        return None


def _at(form: Form, index: ast.expr) -> Form | None:
    match index:
        case ast.Constant(value=str(key)):
            return form.keys.setdefault(key, Form())
        case ast.Constant(value=int(number)) if 0 <= number < MOST_PARTS:
            return form.parts.setdefault(number, Form())
        case ast.Slice():
            return form
        case ast.Name():
            return form.one()
    return None


@lru_cache(maxsize=128)
def _forms_taken(called: type | FunctionType, depth: int) -> dict[str, Form]:
    """The forms of what another class, or a function, takes; nobody changes them."""
    module = inspect.getmodule(called)
    try:
        tree = tree_of(called)
    except (OSError, TypeError, SyntaxError):
        return {}
    scope = {} if module is None else vars(module)
    match tree.body[0]:
        case ast.ClassDef(body=body):
            return forms_of([each for each in body if isinstance(each, ast.FunctionDef)], scope, depth)
        case ast.FunctionDef() as function if not comes_installed(called):
            return _Reader(scope, depth).taken(function, 0)
    return {}
