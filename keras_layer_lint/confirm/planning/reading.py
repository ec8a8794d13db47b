"""What the source of a class says of its arguments and inputs, read from the text without running it."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

_SHAPE = r"[(\[]`?\s*(?:batch\w*|b|n|bs|none|samples|\?|\.\.\.)\s*,([^()\[\]]*)[)\]]"
_STRING_METHODS = {"lower", "upper", "startswith", "endswith", "split", "strip", "format", "replace"}
_DICT_METHODS = {"items", "keys", "values", "get", "pop", "update"}
_LAYER_ATTRIBUTES = {
    "build",
    "built",
    "compute_output_shape",
    "weights",
    "trainable_weights",
    "trainable_variables",
    "units",
    "get_config",
    "call",
    "state_size",
    "output_size",
    "compute_mask",
    "input_spec",
}


@dataclass(slots=True)
class Use:
    """How one name is used, under itself and as an attribute of self."""

    strings: list[str] = field(default_factory=list)
    """What it is compared with."""
    kinds: dict[str, None] = field(default_factory=dict)
    """Kinds of value that its uses take, in order."""
    items: int = 0
    """How many elements are unpacked from it or indexed in it."""
    elements: tuple[str, ...] = ()
    """The names that they are unpacked to."""
    keys: list[str] = field(default_factory=list)
    rank: int = 0
    """How many axes its shape must have; 0 where nothing says."""
    integer: bool = False
    """It holds indices."""
    either: bool = False
    """Its type is tested: it may be a container or not."""


@dataclass(slots=True)
class Reading:
    """Uses of names in the methods of a class, its bases in the same project included."""

    uses: dict[str, Use] = field(default_factory=lambda: defaultdict(Use))
    documented: list[tuple[int, ...]] = field(default_factory=list)
    """Shapes written out in docstrings, without the batch; -1 where an axis has a name."""
    files: frozenset[str] = frozenset()

    def of(self, name: str) -> Use:
        """How a parameter is used; nothing known makes an empty answer."""
        return self.uses.get(name) or Use()


def own_classes(cls: Any, base: Any) -> list[type]:
    """The class and its bases below the framework's own base class."""
    return [each for each in cls.__mro__ if each is not object and each not in base.__mro__]


def read(cls: Any, base: Any) -> Reading:
    """Read the sources of a class and its bases."""
    reading = Reading()
    files = set()
    for each in own_classes(cls, base):
        try:
            source, file = inspect.getsource(each), inspect.getsourcefile(each)
            tree = ast.parse(textwrap.dedent(source))
        except (OSError, TypeError, SyntaxError):
            continue
        if file:
            files.add(file)
        files |= {value.__code__.co_filename for value in vars(each).values() if isinstance(value, FunctionType)}
        home = each.__module__.partition(".")[0] == cls.__module__.partition(".")[0]
        for node in ast.walk(tree) if home else ():
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                reading.documented += _documented(ast.get_docstring(node) or "")
        for method in tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else ():
            if isinstance(method, ast.FunctionDef):
                _read_method(method, reading)
    reading.files = frozenset(files)
    return reading


def _read_method(method: ast.FunctionDef, reading: Reading) -> None:
    shapes: dict[str, str] = {}  # a name for a shape -> the input it is the shape of
    first = next((each.arg for each in method.args.args[1:]), "")
    if method.name in ("build", "compute_output_shape") and first:
        shapes[first] = "inputs"
    for node in ast.walk(method):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if owner := _shape_owner(value, shapes):
                shapes[name] = owner
    for node in ast.walk(method):
        _read_node(node, reading, shapes)


def _read_node(node: ast.AST, reading: Reading, shapes: dict[str, str]) -> None:
    uses = reading.uses
    match node:
        case ast.Compare(left=left, comparators=comparators):
            for one in (left, *comparators):
                for name in _names(one):
                    uses[name].strings += [text for other in (left, *comparators) for text in _strings(other)]
            match node:
                case ast.Compare(left=ast.Constant(value=str()), ops=[ast.In() | ast.NotIn()]):
                    for name in _names(comparators[0]):
                        uses[name].either = True
        case ast.Assign(targets=[ast.Tuple(elts=elements)], value=value):
            count = len(elements)
            if owner := _shape_owner(value, shapes):
                uses[owner].rank = max(uses[owner].rank, count)
            for name in _names(value):
                uses[name].items = max(uses[name].items, count)
                uses[name].kinds["list"] = None
                uses[name].elements = tuple(element.id if isinstance(element, ast.Name) else "" for element in elements)
        case ast.Subscript(value=value, slice=index):
            _read_subscript(value, index, reading, shapes)
        case ast.For(iter=iterated) | ast.comprehension(iter=iterated):
            for part in _iterated(iterated):
                for name in _names(part):
                    uses[name].kinds["list"] = None
        case ast.Call(func=function, args=arguments):
            _read_call(function, arguments, reading)
        case ast.Attribute(value=value, attr=attribute):
            kind = (
                "str"
                if attribute in _STRING_METHODS
                else "dict"
                if attribute in _DICT_METHODS
                else "layer"
                if attribute in _LAYER_ATTRIBUTES
                else ""
            )
            for name in _names(value) if kind else ():
                uses[name].kinds[kind] = None
        case ast.BinOp(left=left, op=ast.FloorDiv() | ast.Mod(), right=right):
            for name in [*_names(left), *_names(right)]:
                uses[name].kinds["int"] = None


def _read_subscript(value: ast.expr, index: ast.expr, reading: Reading, shapes: dict[str, str]) -> None:
    uses = reading.uses
    match index:
        case ast.Constant(value=str(key)):
            for name in _names(value):
                uses[name].keys.append(key)
                uses[name].kinds["dict"] = None
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int(number)):
            if owner := _shape_owner(value, shapes):
                uses[owner].rank = max(uses[owner].rank, number + 1 if number > 0 else 0)
            elif (
                isinstance(value, ast.Subscript)
                and (owner := _shape_owner(value.value, shapes))
                and isinstance(value.slice, ast.Constant)
                and isinstance(value.slice.value, int)
            ):
                uses[owner].items = max(uses[owner].items, value.slice.value + 1, 2)
            else:
                for name in _names(value):
                    uses[name].items = max(uses[name].items, number + 1)
                    uses[name].kinds["list"] = None


def _read_call(function: ast.expr, arguments: list[ast.expr], reading: Reading) -> None:
    uses = reading.uses
    for name in _names(function):
        uses[name].kinds["callable"] = None
    match function, arguments:
        case ast.Name(id="isinstance"), [value, types] if re.search(
            r"dict|list|tuple|Mapping|Sequence", ast.unparse(types)
        ):
            for name in _names(value):
                uses[name].either = True
    called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if called == "range":
        for argument in arguments:
            for name in _names(argument):
                uses[name].kinds["int"] = None
    elif called == "len":
        for argument in arguments:
            for name in _names(argument):
                uses[name].kinds["list"] = None
    elif called in ("embedding_lookup", "one_hot", "bincount"):
        for argument in arguments:
            for name in _names(argument):
                uses[name].integer = True
    elif called in ("gather", "take", "take_along_axis", "gather_nd", "segment_sum") and len(arguments) > 1:
        for name in _names(arguments[1]):
            uses[name].integer = True


def _names(node: ast.expr) -> Iterator[str]:
    """The name an expression stands for: `units`, `self.units`, `self._units`."""
    match node:
        case ast.Name(id=name):
            yield name
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            yield name.lstrip("_")


def _strings(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
            for element in elements:
                yield from _strings(element)
        case ast.Dict(keys=keys):
            for key in keys:
                yield from _strings(key) if key else ()


def _iterated(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.Call(func=ast.Name(id="enumerate" | "zip" | "reversed" | "list" | "tuple" | "sorted"), args=arguments):
            return arguments
    return [node]


def _shape_owner(node: ast.expr, shapes: dict[str, str]) -> str:
    """The input whose shape an expression is."""
    match node:
        case ast.Name(id=name):
            return shapes.get(name, "")
        case ast.Attribute(value=ast.Name(id=name), attr="shape"):
            return name
        case ast.Call(func=ast.Attribute(value=inner, attr="as_list" | "get_shape")):
            return _shape_owner(inner, shapes) or next(_names(inner), "")
        case ast.Call(
            func=ast.Attribute(attr="shape" | "int_shape") | ast.Name(id="shape" | "get_shape_list"), args=[of]
        ):
            return next(_names(of), "")
        case ast.Call(func=ast.Attribute(attr="TensorShape") | ast.Name(id="list" | "tuple"), args=[of]):
            return _shape_owner(of, shapes)
    return ""


def _documented(text: str) -> Iterator[tuple[int, ...]]:
    """Shapes such as `(batch_size, steps, 8)` and words such as `3D tensor`."""
    for match in re.finditer(_SHAPE, text, re.IGNORECASE):
        axes = [axis.strip() for axis in match[1].split(",") if axis.strip()]
        if "..." not in match[0] and len(axes) <= 5:
            yield tuple(int(axis) if axis.isdigit() and 0 < int(axis) < 512 else -1 for axis in axes)
    for match in re.finditer(r"\b([2-5])\s?-?D\b[ -]*(?:float |int )?tensor", text):
        yield (-1,) * (int(match[1]) - 1)
    for match in re.finditer(r"\brank[- ]([2-5])\b", text, re.IGNORECASE):
        yield (-1,) * (int(match[1]) - 1)
