"""What the source of a class says of its arguments and inputs, read from the text without running it."""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from types import FunctionType
from typing import Any

from keras_layer_lint.confirm.planning.attributes import chains, is_a_setting, read_attribute
from keras_layer_lint.confirm.planning.class_source import comes_installed, package_of, tree_of
from keras_layer_lint.confirm.planning.columns import read_columns
from keras_layer_lint.confirm.planning.documented import documented
from keras_layer_lint.confirm.planning.forms import Form
from keras_layer_lint.confirm.planning.handed_on import read_handed_on
from keras_layer_lint.confirm.planning.reading_arrays import read_arrays
from keras_layer_lint.confirm.planning.reading_calls import read_call
from keras_layer_lint.confirm.planning.reading_forms import forms_of
from keras_layer_lint.confirm.planning.reading_operators import last_axis_owner, read_operator
from keras_layer_lint.confirm.planning.reading_subscripts import counters_of, read_subscript
from keras_layer_lint.confirm.planning.tables import read_tables
from keras_layer_lint.confirm.planning.tested import read_tested
from keras_layer_lint.confirm.planning.uses import (
    Use,
    bare,
    gone_over_with_parts,
    iterated,
    joined,
    names,
    shape_owner,
    strings,
)
from keras_layer_lint.keras.names import FRAMEWORKS

_DEEPEST = 2
"""So many classes around a part are read through."""


@dataclass(slots=True)
class Reading:
    """Uses of names in the methods of a class, its bases in the same project included."""

    uses: dict[str, Use] = field(default_factory=lambda: defaultdict(Use))
    documented: list[tuple[int, ...]] = field(default_factory=list)
    """Shapes written out in docstrings, without the batch; -1 where an axis has a name."""
    files: frozenset[str] = frozenset()
    widths: dict[str, str] = field(default_factory=dict)
    """The input whose last axis a local name is."""
    held: dict[str, str] = field(default_factory=dict)
    """The parameter that an attribute of self holds; empty where it holds something made from one."""
    forms: dict[str, Form] = field(default_factory=dict)
    """What parameters of the constructor are made of."""
    inputs: dict[str, Form] = field(default_factory=dict)
    """What parameters of `call` are made of."""

    def of(self, name: str) -> Use:
        """How a parameter is used; nothing known makes an empty answer."""
        return self.uses.get(name) or Use()


def own_classes(cls: Any, base: Any) -> list[type]:
    """The class and its bases below the framework's own base class; a `Model` trains and saves, and says no more."""
    model = getattr(sys.modules.get(package_of(base)), "Model", base)
    shared = {object, *base.__mro__, *model.__mro__}
    return [each for each in cls.__mro__ if each not in shared]


@lru_cache(maxsize=64)
def read(cls: Any, base: Any, depth: int = 0) -> Reading:
    """Read the sources of a class and its bases, and those of its parts, which `depth` classes stand around.

    What was read once is kept; nobody changes it.
    """
    reading = Reading()

    def uses_of(part: Any) -> dict[str, Use]:
        is_of_project = package_of(part) == package_of(cls) or not comes_installed(part)
        if isinstance(part, FunctionType):
            return _uses_in(part) if is_of_project else {}
        is_read = depth < _DEEPEST and part is not cls and (issubclass(part, base) or is_of_project)
        return read(part, base, depth + 1).uses if is_read else {}

    files = set()
    for each in own_classes(cls, base):
        try:
            tree, file = tree_of(each), inspect.getsourcefile(each)
        except (OSError, TypeError, SyntaxError):
            continue
        if file:
            files.add(file)
        function = vars(each).get("__wrapped__")  # a class that stands for a function has no source of its own
        own_functions = [function] if function is not None else vars(each).values()
        files |= {value.__code__.co_filename for value in own_functions if isinstance(value, FunctionType)}
        for node in ast.walk(tree) if package_of(each) == package_of(cls) else ():
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                reading.documented += documented(ast.get_docstring(node) or "")
        body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else tree.body
        methods = [method for method in body if isinstance(method, ast.FunctionDef)]
        scope = vars(sys.modules[each.__module__])
        for name, form in forms_of(methods, scope).items():  # a class hands on to its base under the same names
            reading.forms.setdefault(name, Form()).merge(form)
        reading.inputs = forms_of(methods, scope, of="call", inherited=_methods_of(cls, base)) | reading.inputs
        for method in methods:
            own = Reading(held=reading.held, widths=reading.widths)
            _read_method(method, own)
            others = _bound_by_loops(method)
            for name, use in own.uses.items():
                if name not in others:
                    reading.uses[name].add(use)
            read_columns(method, reading.uses)
            read_tables(method, each, scope, reading.uses)
            read_tested(method, cls, base, scope, reading.uses)
        if depth < _DEEPEST and package_of(each) not in FRAMEWORKS:
            read_handed_on(each, methods, scope, reading.uses, uses_of)
    reading.files = frozenset(files)
    _attributes_to_parameters(reading)
    return reading


def _methods_of(cls: Any, base: Any) -> dict[str, ast.FunctionDef]:
    """The methods of a class and of its bases in the project, by name."""
    found: dict[str, ast.FunctionDef] = {}
    for each in own_classes(cls, base):
        try:
            body = tree_of(each).body[0]
        except (OSError, TypeError, SyntaxError):
            continue
        for method in body.body if isinstance(body, ast.ClassDef) else ():
            if isinstance(method, ast.FunctionDef):
                found.setdefault(method.name, method)
    return found


def _uses_in(function: FunctionType) -> dict[str, Use]:
    """How a function uses its parameters, what it hands on left out."""
    own = Reading()
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, TypeError, SyntaxError):
        return {}
    if isinstance(tree, ast.FunctionDef):
        _read_method(tree, own)
        for name in _bound_by_loops(tree):
            own.uses.pop(name, None)
    return own.uses


def _bound_by_loops(method: ast.FunctionDef) -> set[str]:
    """Names of other things than parameters, such as the `k` of `for k in settings`."""
    loops = (node for node in ast.walk(method) if isinstance(node, (ast.For, ast.comprehension)))
    return {name.id for loop in loops for name in ast.walk(loop.target) if isinstance(name, ast.Name)}


def _attributes_to_parameters(reading: Reading) -> None:
    """Count the uses of `self.units` as uses of the parameter that it holds.

    What `self.units = convert(units)` holds is another value: of it, only the words that it is compared with count.
    """
    for name in [name for name in reading.uses if name.startswith("self.")]:
        use, held = reading.uses.pop(name), reading.held.get(name, bare(name))
        owner, _, attribute = held.partition(".")
        if attribute:  # `self.mode = settings.mode`
            words = dict.fromkeys(use.strings)
            reading.uses[owner].add(Use(words={attribute: words} if words else {}))
            continue
        reading.uses[held or bare(name)].add(use if held else Use(strings=use.strings))


def _read_method(method: ast.FunctionDef, reading: Reading) -> None:
    shapes: dict[str, str] = {}  # a name for a shape -> the input it is the shape of
    first = next((each.arg for each in method.args.args[1:]), "")
    if method.name in ("build", "compute_output_shape") and first:
        shapes[first] = "inputs"
    for node in ast.walk(method):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if owner := shape_owner(value, shapes):
                shapes[name] = owner
    for node in ast.walk(method):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if owner := last_axis_owner(value, shapes):
                reading.widths[name] = owner
    for name in joined(method):
        reading.uses[name].joined = True
    counters = counters_of(method)
    numbered = _items_that_get_numbers(method)
    for node in ast.walk(method):
        if id(node) not in numbered:
            _read_node(node, reading, shapes, counters)
        if method.name == "__init__":
            _read_assignment(node, {each.arg for each in [*method.args.args, *method.args.kwonlyargs]}, reading)


def _items_that_get_numbers(method: ast.FunctionDef) -> set[int]:
    """By `id`: the `x[0]` of `x[0] = 0.0`, which is no element of a list of tensors."""
    assigned = (node for node in ast.walk(method) if isinstance(node, ast.Assign))
    return {id(target) for node in assigned if _is_number(node.value) for target in node.targets}


def _is_number(node: ast.expr) -> bool:
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=value)) | ast.Constant(value=value):
            return type(value) in (int, float)
        case _:
            return False


def _read_assignment(node: ast.AST, taken: set[str], reading: Reading) -> None:
    match node:
        case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=attribute)], value=value):
            key = f"self.{attribute}"
            value = _copied(value)
            if isinstance(value, ast.Name) and value.id in taken:
                reading.held[key] = value.id
            elif isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name) and value.value.id in taken:
                reading.held[key] = f"{value.value.id}.{value.attr}"
            elif not isinstance(value, ast.Constant):
                reading.held.setdefault(key, "")


def _copied(node: ast.expr) -> ast.expr:
    """What an expression is a copy of: `copy.deepcopy(config)`, `list(sizes)`, `config or {}`."""
    match node:
        case ast.Call(func=ast.Attribute(attr="copy" | "deepcopy"), args=[inner]):
            return inner
        case ast.Call(func=ast.Attribute(value=inner, attr="copy"), args=[]):
            return inner
        case ast.Call(func=ast.Name(id="copy" | "deepcopy" | "list" | "tuple" | "dict"), args=[inner], keywords=[]):
            return inner
        case ast.BoolOp(op=ast.Or(), values=[inner, _]):
            return inner
        case ast.Call(
            func=ast.Attribute(attr="Variable" | "constant" | "convert_to_tensor" | "cast"), args=[inner, *_]
        ):
            return inner
        case ast.Call(
            func=ast.Attribute(attr="Variable" | "constant" | "convert_to_tensor"),
            keywords=[ast.keyword(arg="initial_value" | "value", value=inner), *_],
        ):
            return inner
    return node


def _read_node(node: ast.AST, reading: Reading, shapes: dict[str, str], counters: set[str]) -> None:
    uses = reading.uses
    read_arrays(node, uses)
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=elements)], value=ast.Call(func=function)):
            for name in names(function):
                uses[name].gives = max(uses[name].gives, len(elements))
    match node:
        case ast.Compare(left=left, comparators=comparators):
            words = [text for other in (left, *comparators) for text in strings(other)]
            for one in (left, *comparators):
                for name in names(one):
                    uses[name].strings += words
                if words and isinstance(one, ast.Attribute):
                    for name in names(one.value):
                        uses[name].add(Use(words={one.attr: dict.fromkeys(words)}))
            match node:
                case ast.Compare(ops=[ast.Eq()], comparators=[ast.Constant(value=int(number))]) if type(number) is int:
                    for name in names(left):
                        uses[name].numbers[number] = None
                case ast.Compare(left=ast.Constant(value=str()), ops=[ast.In() | ast.NotIn()]):
                    for name in names(comparators[0]):
                        uses[name].either = True
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)) if len(targets) == len(values):
            for target, value in zip(targets, values, strict=True):
                _read_element(target, value, uses)
        case ast.Assign(targets=[ast.Name() as target], value=ast.Subscript() as value):
            _read_element(target, value, uses)
        case ast.Assign(
            targets=[ast.Tuple(elts=elements)],
            value=ast.Call(func=ast.Attribute(value=ast.Name(id="self")), args=[ast.Name(id=name)]),
        ):  # a method that sorts the parts, some of which may be missing
            uses[name].unpacked[_named(elements)] = None
        case ast.Assign(targets=[ast.Tuple(elts=elements)], value=value):
            count = len(elements)
            if owner := shape_owner(value, shapes):
                uses[owner].rank = max(uses[owner].rank, count)
            for name in names(value):
                uses[name].items = max(uses[name].items, count)
                uses[name].kinds["list"] = None
                uses[name].unpacked[_named(elements)] = None
        case ast.If(test=test) | ast.IfExp(test=test):
            for name in names(test.operand if isinstance(test, ast.UnaryOp) else test):
                uses[name].kinds["flag"] = None
        case ast.Subscript(value=value, slice=index):
            read_subscript(value, index, uses, shapes, counters)
        case ast.For(iter=run_over) | ast.comprehension(iter=run_over):
            for part in iterated(run_over):
                for name in names(part):
                    uses[name].kinds["list"] = None
            for name in gone_over_with_parts(run_over):
                uses[name].kinds["tensors"] = None
        case ast.Call(func=function, args=arguments, keywords=keywords):
            read_call(function, arguments, {keyword.arg for keyword in keywords}, uses)
            for name in (name for word in keywords if word.arg is None for name in names(word.value)):
                uses[name].kinds["mapping"] = None
        case ast.Attribute(value=value, attr=attribute):
            for name in names(value):
                read_attribute(uses[name], attribute)
            for name, path in chains(node):
                if is_a_setting(path):
                    uses[name].attributes[path] = None
        case ast.BinOp(left=left, op=operator, right=right):
            read_operator(left, operator, right, uses, shapes, reading.widths)


def _named(elements: list[ast.expr]) -> tuple[str, ...]:
    return tuple(element.id if isinstance(element, ast.Name) else "" for element in elements)


def _read_element(target: ast.expr, value: ast.expr, uses: dict[str, Use]) -> None:
    """`edge_index = inputs[1]`."""
    match target, value:
        case ast.Name(id=name), ast.Subscript(value=ast.Name(id=owner), slice=ast.Constant(value=int(number))):
            uses[owner].indexed.setdefault(number, name)
