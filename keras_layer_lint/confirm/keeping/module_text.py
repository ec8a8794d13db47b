"""One file of a project: what of its text runs at import, and what each of its classes and functions is."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from keras_layer_lint.confirm.keeping.import_time import Function, Reader, bound, is_special, looks_up
from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.source.decode import decode
from keras_layer_lint.source.module_index import parse

_WORD = re.compile(r"[^\W\d]\w*")
_LINES = re.compile(r"\r\n|\r|\n")
_BEYOND = re.compile(
    r"(?<![\w.])(?:globals|eval|exec|__import__)\s*\(|(?<![\w.])vars\s*\(\s*(?!self\b)|__subclasses__|\bimport_module\b"
    r"|\bgetmembers\b|\bsys\s*\.\s*modules\b"
)
"""Ways to come to code that is not named."""
_HOOK = re.compile(
    r"__init_subclass__|__set_name__|__class_getitem__|__mro_entries__|\bmetaclass\s*=\s*(?!(?:abc\s*\.\s*)?ABCMeta\b)"
)
"""Ways to have code run where a class is made that derives from another, or holds an object."""
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines of a file, from 1, the last included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of code."""

    stretch: Stretch
    text: str
    words: frozenset[str] = _NOTHING
    """All that it names, in strings, too."""
    whole: frozenset[str] = _NOTHING
    """Names whose values it takes, not only an attribute of them."""
    goes_beyond: bool = False
    """Whether it may come to other code without naming it."""


@dataclass(frozen=True, slots=True)
class Import:
    """A module that is imported, or from which something is; dots before the name are counted by `level`."""

    level: int
    module: str
    names: tuple[str, ...] = ()
    """What is taken from it; may be modules, too."""
    given: tuple[str, ...] = ()
    """What that, or else the module, is called here."""

    @property
    def parts(self) -> list[str]:
        """The parts of the name of the module."""
        return self.module.split(".") if self.module else []


@dataclass
class ModuleText:
    """What a file says, without running it."""

    path: Path
    content: bytes
    is_parsed: bool = True
    always: list[Part] = field(default_factory=list)
    """What runs at import, and may do anything."""
    told: set[str] = field(default_factory=set)
    """What is looked up and noted at import."""
    dotted: set[str] = field(default_factory=set)
    """Of what is looked up: attributes."""
    exported: str = ""
    """What a star import takes."""
    definitions: dict[str, list[Part]] = field(default_factory=lambda: defaultdict(list))
    """The classes and functions at the top, by name."""
    imports: list[Import] = field(default_factory=list)
    at_start: list[Import] = field(default_factory=list)
    """Of the imports: those that run, or are tried, whenever the module is imported."""
    meant: dict[str, str] = field(default_factory=dict)
    """What a name stands for by an import or as a short form, dotted."""
    bound: set[str] = field(default_factory=set)
    """Names that the module has once it is imported."""
    has_star: bool = False
    has_hook: bool = False
    """Whether making a class may run code of another one."""

    @cached_property
    def tops(self) -> tuple[str, ...]:
        """The packages and modules at the top that absolute imports begin with."""
        return tuple(sorted({each.parts[0] for each in self.imports if not each.level}))

    @property
    def digest(self) -> str:
        """Of all of the file."""
        return sha256(self.content).hexdigest()

    @property
    def length(self) -> int:
        """In lines, at the most."""
        return self.content.count(b"\n") + self.content.count(b"\r") + 1

    @cached_property
    def short_forms(self) -> dict[str, frozenset[str]]:
        """For a name that stands for another, the words of that: who says the one means the other."""
        return {name: words_in(meant) - {name} for name, meant in self.meant.items()}


def read_module(path: Path) -> ModuleText:
    """Read one file; OSError where that cannot be done. What Python cannot parse is known as a whole only."""
    module = ModuleText(path, path.read_bytes())
    try:
        text = decode(module.content)
        tree = parse(text)
    except UnreadableFile:
        module.is_parsed = False
        return module
    module.has_hook = _HOOK.search(text) is not None
    _Filler(module, _LINES.split(text)).fill(tree)
    return module


def words_in(text: str) -> frozenset[str]:
    """All that can be a name in a text."""
    return frozenset(_WORD.findall(text))


class _Filler:
    """Takes the tree of a file apart."""

    def __init__(self, module: ModuleText, lines: list[str]) -> None:
        self._module = module
        self._lines = lines

    def fill(self, tree: ast.Module) -> None:
        module = self._module
        at_start = set(_tried_always(tree.body))
        for node in ast.walk(tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                before = len(module.imports)
                self._import(node)
                module.at_start += module.imports[before:] if node in at_start else []
        for statement in tree.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute() as value):
                    module.meant.setdefault(name, ast.unparse(value))
        future = any(each.module == "__future__" and "annotations" in each.names for each in module.imports)
        reader = Reader(module.meant, annotations_run=not future)
        for statement in tree.body:
            self._statement(statement, reader)
            module.bound |= bound(statement)

    def _statement(self, statement: ast.stmt, reader: Reader) -> None:
        match statement:
            case ast.Import() | ast.ImportFrom():
                self._module.always.append(self._part(statement, names_something=False))
            case ast.Expr(value=ast.Constant()):
                pass
            case ast.Assign(targets=[ast.Name(id="__all__")]) | ast.AugAssign(target=ast.Name(id="__all__")):
                self._module.exported += self._text(_stretch(statement))
            case ast.FunctionDef(name=name) if is_special(name):
                self._module.always.append(self._part(statement))  # Python calls it
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self._definition(statement, reader)
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if looks_up(value):
                self._module.definitions[name].append(self._part(statement))
                self._look_up(reader.value(value))
            case ast.If(test=test, orelse=[]) if _is_main(test):
                pass
            case _:
                self._module.always.append(self._part(statement))

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        module = self._module
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                module.imports.append(Import(0, alias.name, given=(alias.asname or first,)))
                module.meant[alias.asname or first] = alias.name if alias.asname else first
            return
        base = "." * node.level + (node.module or "")
        names = tuple(alias.name for alias in node.names)
        given = tuple(alias.asname or alias.name for alias in node.names)
        module.has_star |= "*" in names
        module.imports.append(Import(node.level, node.module or "", names, given))
        for name, here in zip(names, given, strict=True):
            module.meant[here] = f"{base}.{name}" if node.module else base + name

    def _definition(self, node: Function | ast.ClassDef, reader: Reader) -> None:
        module = self._module
        module.definitions[node.name].append(self._part(node))
        found = reader.definition(node)
        module.always += [self._part(code) for code in found.run]
        module.told |= set(found.notes)
        self._look_up(found.names)

    def _look_up(self, names: frozenset[str]) -> None:
        module = self._module
        module.told |= names
        module.dotted |= {name for name in names if "." in name}
        for name in names:
            # Where the name is given later, or never, the import fails.
            module.told |= {f"{word} is not bound yet" for word in words_in(name.partition(".")[0]) - module.bound}

    def _part(self, node: ast.AST, names_something: bool = True) -> Part:
        stretch = _stretch(node)
        words, whole = _named(node) if names_something else (_NOTHING, _NOTHING)
        text = self._text(stretch)
        return Part(stretch, text, words, whole, names_something and _BEYOND.search(text) is not None)

    def _text(self, stretch: Stretch) -> str:
        return "\n".join(self._lines[stretch.first - 1 : stretch.last])


def _named(node: ast.AST) -> tuple[frozenset[str], frozenset[str]]:
    """All that code names, and the names whose values it takes as a whole. What only describes it names nothing."""
    words: set[str] = set()
    whole: set[str] = set()
    stack = [node]
    while stack:
        match each := stack.pop():
            case ast.Expr(value=ast.Constant()):
                continue
            case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                words |= {name, attribute}
                continue
            case ast.Attribute(attr=name):
                words.add(name)
            case ast.Name(id=name):
                words.add(name)
                whole.add(name)
            case ast.Constant(value=str(text)):
                words |= words_in(text)
            case ast.alias(name=name):
                words |= words_in(name)
        stack.extend(ast.iter_child_nodes(each))
    return frozenset(words), frozenset(whole)


def _stretch(node: ast.AST) -> Stretch:
    """The lines of a node, with the decorators above it."""
    starts = [each.lineno for each in [node, *getattr(node, "decorator_list", ())] if hasattr(each, "lineno")]
    return Stretch(min(starts), getattr(node, "end_lineno", None) or max(starts))


def _tried_always(statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module that run under no condition, but that nothing before them has failed."""
    for statement in statements:
        yield statement
        if isinstance(statement, ast.Try):
            yield from _tried_always([*statement.body, *statement.orelse, *statement.finalbody])


def _is_main(test: ast.expr) -> bool:
    match test:
        case ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant(value="__main__")]):
            return True
    return False
