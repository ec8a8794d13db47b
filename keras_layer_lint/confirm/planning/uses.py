"""How a name is used, and which name an expression stands for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Use:
    """How one name is used, under itself and as an attribute of self."""

    strings: list[str] = field(default_factory=list)
    """What it is compared with."""
    numbers: dict[int, None] = field(default_factory=dict)
    """Numbers that it is tested to be."""
    kinds: dict[str, None] = field(default_factory=dict)
    """Kinds of value that its uses take, in order."""
    items: int = 0
    """How many elements are unpacked from it or indexed in it."""
    unpacked: dict[tuple[str, ...], None] = field(default_factory=dict)
    """The names that they are unpacked to, each way once."""
    indexed: dict[int, str] = field(default_factory=dict)
    """The names that single elements are given, by index."""
    keys: list[str] = field(default_factory=list)
    attributes: dict[str, None] = field(default_factory=dict)
    """Attributes that are read from it and tell nothing of a layer, a tensor, a string or a dict."""
    words: dict[str, dict[str, None]] = field(default_factory=dict)
    """What attributes of it are compared with, by their names."""
    methods: dict[str, None] = field(default_factory=dict)
    """Methods that are called on it, of the same kind."""
    classes: dict[str, None] = field(default_factory=dict)
    """Classes that it is tested for, as the module names them."""
    divisors: dict[int | str, None] = field(default_factory=dict)
    """Numbers, and names of parameters, that must divide it, or its last axis where it is a tensor."""
    rank: int = 0
    """How many axes its shape must have; 0 where nothing says."""
    lengths: bool = False
    """It holds how long sequences are."""
    takes_list: bool = False
    """It is called with a list."""
    integer: bool = False
    """It holds indices."""
    numbered: bool = False
    """A loop takes one of its elements after the other by number."""
    counted: bool = False
    """`len` is called on it."""
    beyond: dict[int | str, None] = field(default_factory=dict)
    """Its last axis reaches beyond these: `x[:, 13:]`, `x[:, self.dense_count :]`."""
    starts: dict[int, None] = field(default_factory=dict)
    """Where slices of its last axis begin that end somewhere: `x[:, 13:39]`."""
    least: int = 0
    """Its last axis is at least this long, however many there are: `x[..., -12]`."""
    tensor: str = ""
    """`sparse` or `ragged`, where functions for such tensors are called on it."""
    takes: int = 0
    """With how many arguments by position it is called."""
    keywords: dict[str, None] = field(default_factory=dict)
    """The arguments by name with which it is called, as an attribute of self."""
    gives: int = 0
    """How many values a call of it is unpacked to."""
    either: bool = False
    """Its type is tested: it may be a container or not."""
    either_tensor: bool = False
    """It is tested whether it is sparse or ragged: it may be or not."""
    joined: bool = False
    """Its elements are put together as they are: `concat(inputs, 1)`."""
    in_shape: bool = False
    """A shape is made with it: `reshape(x, (batch, height, width, -1))`."""

    @property
    def is_a_word(self) -> bool:
        """It is compared with words, and not used as an object."""
        return bool(self.strings) and not self.kinds.keys() & {"callable", "layer", "layers", "model", "list", "dict"}

    @property
    def ways(self) -> tuple[tuple[str, ...], ...]:
        """Each way in which names stand for all elements."""
        by_index = tuple(self.indexed[number] for number in sorted(self.indexed))
        is_whole = len(by_index) > 1 and sorted(self.indexed) == list(range(len(by_index)))
        return tuple(dict.fromkeys([*self.unpacked, *([by_index] if is_whole else [])]))

    def elements(self, count: int) -> tuple[str, ...]:
        """The names of so many elements; empty where nothing says."""
        return next((names for names in self.ways if len(names) == count), ())

    def add(self, other: Use) -> None:
        """Count the uses of another name in."""
        self.strings += other.strings
        self.numbers |= other.numbers
        self.kinds |= other.kinds
        self.items = max(self.items, other.items)
        self.unpacked |= other.unpacked
        self.indexed |= other.indexed
        self.keys += other.keys
        self.attributes |= other.attributes
        for name, words in other.words.items():
            self.words[name] = self.words.get(name, {}) | words
        self.methods |= other.methods
        self.classes |= other.classes
        self.divisors |= other.divisors
        self.rank = max(self.rank, other.rank)
        self.lengths |= other.lengths
        self.takes_list |= other.takes_list
        self.integer |= other.integer
        self.numbered |= other.numbered
        self.counted |= other.counted
        self.beyond |= other.beyond
        self.starts |= other.starts
        self.least = max(self.least, other.least)
        self.tensor = self.tensor or other.tensor
        self.takes = max(self.takes, other.takes)
        self.keywords |= other.keywords
        self.gives = max(self.gives, other.gives)
        self.either |= other.either
        self.either_tensor |= other.either_tensor
        self.joined |= other.joined
        self.in_shape |= other.in_shape


def names(node: ast.expr) -> Iterator[str]:
    """The name an expression stands for: `units`, `self.units`."""
    match node:
        case ast.Name(id=name):
            yield name
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            yield f"self.{name}"


def bare(name: str) -> str:
    """The name of the parameter that an attribute is likely to hold: `units` for `self._units`."""
    return name.removeprefix("self.").lstrip("_") if name.startswith("self.") else name


def strings(node: ast.expr) -> Iterator[str]:
    """The strings that an expression writes out."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
            for element in elements:
                yield from strings(element)
        case ast.Dict(keys=keys):
            for key in keys:
                yield from strings(key) if key else ()


def iterated(node: ast.expr) -> list[ast.expr]:
    """What a loop runs over, behind `enumerate`, `zip` and the like."""
    match node:
        case ast.Call(func=ast.Name(id="enumerate" | "zip" | "reversed" | "list" | "tuple" | "sorted"), args=arguments):
            return arguments
    return [node]


def gone_over_with_parts(node: ast.expr) -> list[str]:
    """The names of what is gone over side by side with layers that are held, `zip(inputs, self.blocks)`: of lists."""
    match node:
        case ast.Call(func=ast.Name(id="enumerate"), args=[inner, *_]):
            return gone_over_with_parts(inner)
        case ast.Call(func=ast.Name(id="zip"), args=[_, _, *_] as arguments):
            holds_parts = any(
                isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id == "self"
                for each in arguments
            )
            return [each.id for each in arguments if holds_parts and isinstance(each, ast.Name)]
    return []


def joined(method: ast.FunctionDef) -> set[str]:
    """Names of what a method puts together, `tf.concat(inputs, 1)`, and binds to nothing else: of lists of tensors."""
    found, bound = set(), set()
    for node in ast.walk(method):
        match node:
            case ast.Call(func=ast.Attribute(attr="concat" | "concatenate" | "stack"), args=[ast.Name(id=name), *_]):
                found.add(name)
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if not _puts_together(value, name):
                bound.add(name)
    return found - bound


def _puts_together(node: ast.expr, name: str) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr="concat" | "concatenate" | "stack"), args=[ast.Name(id=own), *_]):
            return own == name
    return False


def shape_owner(node: ast.expr, shapes: dict[str, str]) -> str:
    """The input whose shape an expression is."""
    match node:
        case ast.Name(id=name):
            return shapes.get(name, "")
        case ast.Attribute(value=ast.Name(id=name), attr="shape"):
            return name
        case ast.Call(func=ast.Attribute(value=inner, attr="as_list" | "get_shape")):
            return shape_owner(inner, shapes) or next(names(inner), "")
        case ast.Call(
            func=ast.Attribute(attr="shape" | "int_shape") | ast.Name(id="shape" | "get_shape_list"), args=[of]
        ):
            return next(names(of), "")
        case ast.Call(func=ast.Attribute(attr="TensorShape") | ast.Name(id="list" | "tuple"), args=[of]):
            return shape_owner(of, shapes)
    return ""
