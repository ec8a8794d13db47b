"""The LibCST of the classes and functions that an analysis reaches, each parsed once."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import libcst as cst

from keras_layer_lint.diagnostic import Span
from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model.class_graph import ClassInfo, ClassRef, FunctionRef, Project
from keras_layer_lint.source.code_slice import (
    CodeSlice,
    check_nesting,
    slice_function,
    slice_header,
    slices_of_methods,
)
from keras_layer_lint.source.module_index import ClassEntry, FunctionNode, ModuleIndex
from keras_layer_lint.source.notebook import told_line
from keras_layer_lint.target import Generation

if TYPE_CHECKING:
    from keras_layer_lint.model.layer import LayerClass


@lru_cache(maxsize=512)
def _mentions(module: ModuleIndex, text: str) -> bool:
    return any(text in line for line in module.lines)


@dataclass(frozen=True, slots=True, eq=False)
class CodeUnit:
    """One method, module function or head of a class as LibCST, in its module. Equal only to itself."""

    module: ModuleIndex
    slice: CodeSlice
    scope: ClassEntry | None = None
    """The class it is, or is of, for names imported inside a function that encloses the class."""

    @property
    def path(self) -> Path:
        """The file it stands in."""
        return self.module.path

    @property
    def node(self) -> cst.ClassDef | cst.FunctionDef:
        """Its syntax tree."""
        return self.slice.node

    @property
    def text(self) -> str:
        """What was parsed of the file."""
        return self.slice.text

    def mentions(self, text: str) -> bool:
        """Whether a text stands anywhere in the module."""
        return _mentions(self.module, text)

    @property
    def function(self) -> cst.FunctionDef:
        """Its syntax tree, where it is a function."""
        assert isinstance(self.slice.node, cst.FunctionDef)
        return self.slice.node

    def span(self, node: cst.CSTNode) -> Span:
        """Where a node of this unit stands in its file."""
        return self.slice.span(node)

    def told_line(self, line: int) -> str:
        """How a message names a line of its file: `line 3`; in a notebook `cell 2, line 3`."""
        return told_line(self.path, self.module.lines, line)


@dataclass(frozen=True, slots=True, eq=False)
class ClassBody:
    """What stands directly in the body of a class, as `ast` has it: the later definition of a name counts."""

    methods: dict[str, FunctionNode] = field(default_factory=dict)
    assignments: dict[str, ast.expr] = field(default_factory=dict)


class CodeCache:
    """Parses classes and functions of a project on demand, and keeps what it parsed."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._bodies: dict[ClassRef, ClassBody] = {}
        self._units: dict[ast.AST, CodeUnit] = {}
        self.layers: dict[tuple[ClassInfo, frozenset[Generation]], LayerClass] = {}
        """The classes that were looked at, kept by `layer_of`."""

    def of_class(self, ref: ClassRef) -> CodeUnit:
        """Parse the head of a class. Raises UnreadableFile where LibCST cannot."""
        node = ref.entry.node
        if (unit := self._units.get(node)) is None:
            unit = self._units[node] = CodeUnit(ref.module, slice_header(ref.module, node), ref.entry)
        return unit

    def of_method(self, ref: ClassRef, node: FunctionNode) -> CodeUnit:
        """Parse a method of a class. Raises UnreadableFile where LibCST cannot."""
        if (unit := self._units.get(node)) is None:
            unit = self._units[node] = CodeUnit(ref.module, slice_function(ref.module, node), ref.entry)
        return unit

    def parse_methods(self, ref: ClassRef, nodes: Sequence[FunctionNode]) -> None:
        """Parse methods of a class, all of which will be asked for, in less time. What fails is told when it is."""
        wanted = [node for node in nodes if node not in self._units]
        for node, piece in slices_of_methods(ref.module, wanted).items() if len(wanted) > 1 else ():
            self._units[node] = CodeUnit(ref.module, piece, ref.entry)

    def of_function(self, ref: FunctionRef) -> CodeUnit:
        """Parse a module-level function. Raises UnreadableFile where LibCST cannot."""
        node = ref.entry.node
        if (unit := self._units.get(node)) is None:
            check_nesting(ref.module, node)
            unit = self._units[node] = CodeUnit(ref.module, slice_function(ref.module, node))
        return unit

    def is_parsed(self, node: FunctionNode) -> bool:
        """Whether some analysis has asked for a method or function."""
        return node in self._units

    def body(self, ref: ClassRef) -> ClassBody:
        """What stands directly in a class. Raises UnreadableFile where something in it is nested too deeply."""
        if (found := self._bodies.get(ref)) is None:
            check_nesting(ref.module, ref.entry.node)
            found = self._bodies[ref] = ClassBody()
            _collect(ref.entry.node.body, found)
        return found


def _collect(body: list[ast.stmt], found: ClassBody) -> None:
    for statement in body:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                if not _is_accessor(statement):
                    found.methods[name] = statement
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found.assignments[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                found.assignments[name] = value
            case ast.If():
                _collect(statement.body, found)
                _collect(statement.orelse, found)
            case ast.Try():
                _collect(statement.body, found)
                for handler in statement.handlers:
                    _collect(handler.body, found)
            case _:
                pass


def _is_accessor(node: FunctionNode) -> bool:
    """A property's setter or deleter, whose name is that of the getter."""
    return any(isinstance(item, ast.Attribute) and item.attr in ("setter", "deleter") for item in node.decorator_list)
