"""What names in the modules of a project mean.

Names are followed through imports on disk, on demand, until a definition of the project or a name of an installed
package is reached. Nothing is imported; the interpreter's own packages are not looked at.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Sequence
from typing import TypeAlias

from keras_layer_lint.errors import LimitReached
from keras_layer_lint.immutable import dataclass
from keras_layer_lint.keras.kinds import kind_of_known
from keras_layer_lint.keras.layers import is_exported
from keras_layer_lint.keras.names import FRAMEWORKS, canonical
from keras_layer_lint.model.module_finder import ModuleFinder, ModuleRef
from keras_layer_lint.source.module_index import (
    LOCALS,
    Binding,
    ClassEntry,
    FunctionEntry,
    ModuleIndex,
    dotted_name,
)


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name outside the project, absolute and as written: `tensorflow.math.reduce_sum`, `builtins.len`."""

    name: str


@dataclass(frozen=True, slots=True)
class ClassRef:
    """A class of the project."""

    module: ModuleIndex
    entry: ClassEntry


@dataclass(frozen=True, slots=True)
class FunctionRef:
    """A module-level function of the project."""

    module: ModuleIndex
    entry: FunctionEntry


@dataclass(frozen=True, slots=True)
class ConstantRef:
    """A module-level name that is assigned an expression which is not another name."""

    module: ModuleIndex
    node: ast.expr


Resolution: TypeAlias = KnownName | ClassRef | FunctionRef | ConstantRef | ModuleRef | None
"""What a name means; None: not known."""


_BUILTINS = frozenset(dir(builtins))
_MAX_STEPS = 3000
"""Steps spent on one name, so that modules that import each other by stars cannot take for ever."""
_MAX_DEPTH = 60
_KNOWN_PACKAGES = FRAMEWORKS | sys.stdlib_module_names | {"absl", "numpy", "sklearn", "six", "typing_extensions"}


class NameResolver:
    """Follows names. What a name means within a class or module is found out once."""

    def __init__(self, finder: ModuleFinder) -> None:
        self._finder = finder
        self._resolved: dict[tuple[ModuleIndex, ClassEntry | None, str, bool], Resolution] = {}
        self._active: dict[tuple[ModuleIndex, str], int] = {}
        self._steps = 0
        self._cut = 0
        self._gave_up = False

    def resolve(
        self, module: ModuleIndex, dotted: str, *, scope: ClassEntry | None = None, as_base: bool = False
    ) -> Resolution:
        """Find out what a dotted name means in a module, or within the body of one of its classes.

        `as_base`: where that class is defined, which later ones of the module do not change.
        """
        key = (module, scope, dotted, as_base)
        if key in self._resolved:
            return self._resolved[key]
        outermost = not self._active
        if outermost:
            self._steps = 0
            self._gave_up = False
        cut = self._cut
        found = self._resolve(module, dotted, scope, as_base=as_base)
        if outermost and self._gave_up:
            line = scope.line if scope is not None else 1
            what = f"what `{dotted}` means takes too many steps to find out"
            self._finder.tell(module.path, LimitReached(what, line))
        if outermost or cut == self._cut:
            self._resolved[key] = found
        return found

    def resolve_absolute(self, module: ModuleIndex, dotted: str) -> Resolution:
        """What an `import` inside a function of the module means; leading dots are relative to the module's package."""
        level = len(dotted) - len(dotted.lstrip("."))
        if level:
            package = module.name if module.is_package else module.name.rpartition(".")[0]
            parts = package.split(".")
            base = parts[: len(parts) - level + 1]
            if not base or base == [""]:
                return None
            dotted = ".".join([*base, dotted.lstrip(".")]).rstrip(".")
        return self._absolute(module, dotted)

    def _resolve(
        self, module: ModuleIndex, dotted: str, scope: ClassEntry | None, *, as_base: bool = False
    ) -> Resolution:
        head, *rest = dotted.split(".")
        if scope is not None and scope.enclosing:
            local = self._local(module, head, scope)
            if local is not _NOT_LOCAL:
                return self._attributes(local if not isinstance(local, _NotLocal) else None, rest)
        return self._name(module, head, rest, scope if as_base else None)

    def _local(self, module: ModuleIndex, head: str, scope: ClassEntry) -> Resolution | _NotLocal:
        enclosing = scope.enclosing
        while enclosing:
            # The body of a class is a scope only for what stands directly in it.
            if (enclosing == scope.enclosing or enclosing.endswith(LOCALS)) and (
                entry := module.classes.get(f"{enclosing}.{head}")
            ):
                return ClassRef(module, entry)
            enclosing = (
                enclosing.removesuffix("." + LOCALS).rpartition(".")[0]
                if enclosing.endswith(LOCALS)
                else (enclosing.rpartition(".")[0])
            )
        for target in scope.imports.get(head, ()):
            if (found := self._absolute(module, target)) is not None:
                return found
        if head in scope.imports or head in scope.shadowed:
            return None
        return _NOT_LOCAL

    def _name(
        self, module: ModuleIndex, name: str, rest: Sequence[str] = (), base_of: ClassEntry | None = None
    ) -> Resolution:
        """Resolve a name of the module's own namespace, and the attributes `rest` of what it means."""
        bindings = module.bindings.get(name, ())
        if base_of is not None and not base_of.enclosing:
            bindings = _bound_before(bindings, base_of)
        key = (module, name)
        first = self._active.get(key, 0)
        if first >= len(bindings):
            if not bindings:
                return self._attributes(self._from_stars(module, name), rest)
            self._cut += 1
            return self._attributes(KnownName(f"builtins.{name}"), rest) if name in _BUILTINS else None
        weak: Resolution = None
        for number in range(first, len(bindings)):
            self._active[key] = number + 1  # met again from here, the name means what it was bound to before
            try:
                found = self._attributes(self._binding(module, bindings[number]), rest)
            finally:
                if first:
                    self._active[key] = first
                else:
                    del self._active[key]
            if found is None or isinstance(found, ConstantRef) or self._is_foreign(found):
                # Perhaps the stand-in says more: try/except around an optional package.
                weak = weak if weak is not None else found
                continue
            return found
        return weak

    def _binding(self, module: ModuleIndex, binding: Binding) -> Resolution:
        if self._exhausted():
            return None
        if isinstance(binding, str):
            return self._absolute(module, binding)
        if isinstance(binding, ClassEntry):
            return ClassRef(module, binding)
        if isinstance(binding, FunctionEntry):
            return FunctionRef(module, binding)
        return self._value(module, binding)

    def _value(self, module: ModuleIndex, node: ast.expr) -> Resolution:
        """Follow an assigned expression where it is another name, or one of several."""
        for candidate in _alternatives(node):
            if isinstance(candidate, ast.Name) and _is_builtin_yet(module, candidate):
                return KnownName(f"builtins.{candidate.id}")
            if (dotted := dotted_name(candidate)) is not None:
                found = self._resolve(module, dotted, None)
                if found is not None:
                    return found
            elif (target := _lazy_module(candidate)) is not None:
                return self._absolute(module, target)
        return ConstantRef(module, node) if dotted_name(node) is None else None

    def _from_stars(self, module: ModuleIndex, name: str) -> Resolution:
        if not name.startswith("_"):
            for target in reversed(module.star_imports):
                if self._exhausted():
                    return None
                found = self._absolute(module, target)
                if isinstance(found, KnownName):
                    member = f"{found.name}.{name}"
                    if is_exported(canonical(found.name), name):
                        return KnownName(member)
                elif isinstance(found, ModuleRef) and found.module is not None and found.module is not module:
                    key = (found.module, f"*{name}")
                    if key in self._active:
                        self._cut += 1
                        continue
                    self._active[key] = 1
                    try:
                        inner = self._name(found.module, name)
                    finally:
                        del self._active[key]
                    if inner is not None and inner != KnownName(f"builtins.{name}"):
                        return inner
        return KnownName(f"builtins.{name}") if name in _BUILTINS else None

    def _absolute(self, module: ModuleIndex, dotted: str) -> Resolution:
        """Resolve an absolute dotted name, as imported by a module."""
        parts = dotted.split(".")
        own = module.name.partition(".")[0]
        if parts[0] in FRAMEWORKS and parts[0] != own:
            return self._of_misnamed(module, parts) or KnownName(dotted)
        for root in self._finder.search_roots(module):
            located = self._finder.locate(root, parts)
            if located is not None and parts[0] in sys.stdlib_module_names and "." in module.name:
                return None  # of Python, or the module beside it where the folder is on the path
            if located is not None:
                found, rest = located
                return self._attributes(found, rest)
        if parts[0] == own and parts[0] not in FRAMEWORKS:
            return None if len(parts) > 1 else KnownName(dotted)
        return KnownName(dotted)

    def _of_misnamed(self, module: ModuleIndex, parts: Sequence[str]) -> Resolution:
        """What stands in the project, for a module in a folder named like a framework, where the framework has none."""
        if is_exported(canonical(".".join(parts[:-1])), parts[-1]):
            return None
        for root in self._finder.roots_of_misnamed(module):
            located = self._finder.locate(root, parts)
            if located is not None and len(located[1]) < len(parts) - 1:
                return self._attributes(*located)
        return None

    def _attributes(self, found: Resolution, names: Sequence[str]) -> Resolution:
        for name in names:
            if self._exhausted():
                return None
            if isinstance(found, KnownName):
                found = KnownName(f"{found.name}.{name}")
            elif isinstance(found, ModuleRef):
                found = self._member(found, name)
            elif isinstance(found, ClassRef):
                entry = found.module.classes.get(f"{found.entry.qualname}.{name}")
                found = ClassRef(found.module, entry) if entry is not None else None
            else:
                return None
        return found

    def _member(self, owner: ModuleRef, name: str) -> Resolution:
        found: Resolution = None
        if owner.module is not None:
            found = self._name(owner.module, name)
            if found is not None and found != KnownName(f"builtins.{name}"):
                return found
        if owner.module is None or owner.module.is_package:
            located = self._finder.locate(str(owner.path), [name])
            if located is not None:
                return located[0]
        return None

    def _exhausted(self) -> bool:
        self._steps += 1
        if self._steps > _MAX_STEPS or len(self._active) > _MAX_DEPTH:
            self._cut += 1
            self._gave_up = True
            return True
        return False

    def _is_foreign(self, found: Resolution) -> bool:
        return isinstance(found, KnownName) and not is_known_package(found.name)


def _bound_before(bindings: Sequence[Binding], derived: ClassEntry) -> tuple[Binding, ...]:
    """Those that a class finds where it is defined, first the classes of the same block that stands in for another."""
    earlier = [b for b in bindings if not (isinstance(b, ClassEntry) and b.line >= derived.line)]
    return tuple(sorted(earlier, key=lambda b: not _is_beside(b, derived)))


def _is_beside(binding: Binding, derived: ClassEntry) -> bool:
    return isinstance(binding, ClassEntry) and binding.stand_in == derived.stand_in != 0


class _NotLocal:
    """No function around a class binds the name."""


_NOT_LOCAL = _NotLocal()


def is_known_package(name: str) -> bool:
    """Whether a name outside the project belongs to a package that is known, or is a class of Keras."""
    return name.partition(".")[0] in _KNOWN_PACKAGES or kind_of_known(canonical(name)) is not None


def _is_builtin_yet(module: ModuleIndex, node: ast.Name) -> bool:
    """Whether a name means a builtin where it stands: the module defines its own only further down."""
    bindings = module.bindings.get(node.id, ())
    return (
        node.id in _BUILTINS
        and bool(bindings)
        and all(isinstance(b, ClassEntry | FunctionEntry) and b.line > node.lineno for b in bindings)
    )


def _alternatives(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.BoolOp):
        return node.values
    return [node]


def _lazy_module(node: ast.expr) -> str | None:
    """Name the module that a call stands for: `importlib.import_module("x")`, `LazyLoader(..., "x")`."""
    if not isinstance(node, ast.Call) or not node.args:
        return None
    called = (dotted_name(node.func) or "").rpartition(".")[2]
    last = node.args[-1 if called == "LazyLoader" else 0]
    if called not in ("import_module", "LazyLoader", "__import__") or not isinstance(last, ast.Constant):
        return None
    name = last.value
    return name if isinstance(name, str) and not name.startswith(".") and name else None
