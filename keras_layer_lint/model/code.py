"""The LibCST of the classes and functions that an analysis reaches, each parsed once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import libcst as cst

from keras_layer_lint.diagnostic import Span
from keras_layer_lint.model import syntax
from keras_layer_lint.model.class_graph import ClassRef, FunctionRef, Project
from keras_layer_lint.source.class_slice import ClassSlice, slice_class, slice_function
from keras_layer_lint.source.module_index import ClassEntry, ModuleIndex


@lru_cache(maxsize=512)
def _mentions(module: ModuleIndex, text: str) -> bool:
    return any(text in line for line in module.lines)


@dataclass(frozen=True, slots=True, eq=False)
class CodeUnit:
    """One class or module function as LibCST, in its module. Equal only to itself."""

    module: ModuleIndex
    slice: ClassSlice
    scope: ClassEntry | None = None
    """The class it is, for names imported inside a function that encloses the class."""

    @property
    def path(self) -> Path:
        """The file it stands in."""
        return self.module.path

    @property
    def node(self) -> cst.ClassDef | cst.FunctionDef:
        """Its syntax tree."""
        return self.slice.node

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


@dataclass(frozen=True, slots=True, eq=False)
class ClassBody:
    """What stands directly in the body of a class."""

    methods: dict[str, cst.FunctionDef]
    assignments: dict[str, cst.BaseExpression]


class CodeCache:
    """Parses classes and functions of a project on demand, and keeps what it parsed."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._bodies: dict[ClassRef, ClassBody] = {}
        self._units: dict[tuple[Path, str], CodeUnit] = {}

    def of_class(self, ref: ClassRef) -> CodeUnit:
        """Parse a class. Raises UnreadableFile where LibCST cannot."""
        key = (ref.module.path, ref.entry.qualname)
        if (unit := self._units.get(key)) is None:
            unit = CodeUnit(ref.module, slice_class(ref.module, ref.entry), ref.entry)
            self._units[key] = unit
        return unit

    def of_function(self, ref: FunctionRef) -> CodeUnit:
        """Parse a module-level function. Raises UnreadableFile where LibCST cannot."""
        key = (ref.module.path, f"def {ref.entry.name}")
        if (unit := self._units.get(key)) is None:
            unit = CodeUnit(ref.module, slice_function(ref.module, ref.entry))
            self._units[key] = unit
        return unit

    def body(self, ref: ClassRef) -> ClassBody:
        """What stands directly in a class. Raises UnreadableFile where LibCST cannot parse it."""
        if (found := self._bodies.get(ref)) is None:
            found = self._bodies[ref] = ClassBody({}, {})
            _collect(self.of_class(ref).node.body, found.methods, found.assignments)
        return found


def _collect(
    body: cst.BaseSuite, methods: dict[str, cst.FunctionDef], assignments: dict[str, cst.BaseExpression]
) -> None:
    for statement in syntax.statements(body):
        match statement:
            case cst.FunctionDef(name=cst.Name(value=name)):
                if not _is_accessor(statement):
                    methods[name] = statement
            case cst.SimpleStatementLine(body=parts):
                for part in parts:
                    match part:
                        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))], value=value):
                            assignments[name] = value
                        case cst.AnnAssign(target=cst.Name(value=name), value=cst.BaseExpression() as value):
                            assignments[name] = value
                        case _:
                            pass
            case cst.If():
                branch: cst.If | cst.Else | None = statement
                while branch is not None:
                    _collect(branch.body, methods, assignments)
                    branch = branch.orelse if isinstance(branch, cst.If) else None
            case cst.Try():
                _collect(statement.body, methods, assignments)
                for handler in statement.handlers:
                    _collect(handler.body, methods, assignments)
            case _:
                pass


def _is_accessor(node: cst.FunctionDef) -> bool:
    """A property's setter or deleter, whose name is that of the getter."""
    return any(name.endswith((".setter", ".deleter")) for name in syntax.decorator_names(node))
