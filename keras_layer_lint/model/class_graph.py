"""Which classes of a project are Keras classes, and what they inherit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.immutable import dataclass
from keras_layer_lint.keras.kinds import ROOT_CLASSES, ClassKind, kind_of_known
from keras_layer_lint.keras.layers import builtin_layers
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.model.idioms import Choice
from keras_layer_lint.model.inheritance import MAX_INHERITANCE, components, merged
from keras_layer_lint.model.module_finder import Installed, ModuleFinder, ModuleRef
from keras_layer_lint.model.name_resolver import (
    ClassRef,
    ConstantRef,
    FunctionRef,
    KnownName,
    NameResolver,
    Resolution,
    is_known_package,
)
from keras_layer_lint.model.survey import Survey
from keras_layer_lint.source.module_index import (
    ClassEntry,
    ModuleIndex,
)
from keras_layer_lint.target import Generation

if TYPE_CHECKING:
    from keras_layer_lint.model.versions import Allowed

__all__ = [
    "ClassInfo",
    "ClassRef",
    "ConstantRef",
    "FunctionRef",
    "KnownName",
    "ModuleRef",
    "Project",
    "Resolution",
]


@dataclass(frozen=True, slots=True, eq=False)
class ClassInfo:
    """What a class of the project derives from."""

    ref: ClassRef
    kind: ClassKind | None
    """None: no class of Keras, as far as can be seen."""
    mro: tuple[ClassRef | KnownName, ...] = field()  # without `field()`, dataclass takes `type.mro` for a default
    """The class and its bases, in the order Python looks attributes up."""
    complete: bool
    """False where a base is neither in the project nor known."""
    root: str | None
    """The Keras base that ends the project's part of the chain, as written: `tf_keras.layers.Layer`."""
    builtin_base: str | None
    """Canonical name of the first base that is a built-in layer other than `Layer` and the models."""
    depth: int
    """Classes of the project in the longest chain of bases, itself included."""

    @property
    def is_too_deep(self) -> bool:
        """Whether it derives from more classes in a chain than are gone through: `mro` holds the class alone."""
        return self.depth > MAX_INHERITANCE


class Project:
    """The modules that have been looked at, and what was found out about their names and classes."""

    def __init__(
        self,
        root: Path | None = None,
        view: Installed | None = None,
        whole: Project | None = None,
        survey: Survey | None = None,
    ) -> None:
        self.root = root.absolute() if root is not None else None
        self.survey: Survey = whole.survey if whole is not None else survey or Survey(self.root)
        """What the files of the project say together."""
        self._views: dict[Installed, Project] = {}
        self.targets: dict[Path, Choice] = {}
        """Target generations by file, kept by `targets`."""
        self.folder_targets: dict[Path, Choice | None] = {}
        """What the metadata in or above a folder asks for, kept by `targets`."""
        self.folder_versions: dict[Generation, dict[Path, Allowed | None]] = {}
        """Which Keras the metadata in or above a folder allows, kept by `versions`."""
        self.folder_backends: dict[Path, str | None] = {}
        self.folders_on_tensorflow: dict[Path, bool | None] = {}
        """What Keras 3 runs on by the metadata in or above a folder, kept by `backend`."""
        self.folder_several_backends: dict[Path, str | None] = {}
        """What the metadata in or above a folder says of several backends, kept by `several_backends`."""
        self.folder_old_keras: dict[Path, tuple[str, bool] | None] = {}
        self.folder_old_typeguard: dict[Path, str | None] = {}
        """What the metadata in or above a folder says of typeguard, kept by `wrapping`."""
        self.folder_tensorflow: dict[Path, tuple[int, str] | None] = {}
        """Which TensorFlow the metadata in or above a folder asks for, kept by `tensorflow_1`."""
        self.given_by: dict[Path, list[tuple[FunctionRef, ClassKind]]] = {}
        """The functions of other files that a file gives to Keras, kept by `given_functions`."""
        self._finder: ModuleFinder = ModuleFinder(self.root, view, whole._finder if whole is not None else None)
        self._names = NameResolver(self._finder)
        self._infos: dict[ClassRef, ClassInfo] = {}
        self._subclasses: dict[ModuleIndex, dict[ClassRef, tuple[ClassRef, ...]]] = {}
        self._direct: dict[ClassRef, tuple[Resolution, ...]] = {}

    def under(self, generation: Generation, backend: str) -> Project:
        """The same project with the code that exists under a generation, and on a backend of Keras 3."""
        key = (generation, "tensorflow" if generation is Generation.KERAS2 else backend)
        if key not in self._views:
            self._views[key] = Project(self.root, key, self)
        return self._views[key]

    @property
    def may_differ(self) -> bool:
        """Whether code that was looked at may exist under one generation only."""
        return self._finder.may_differ

    @property
    def size(self) -> int:
        """Bytes of all modules that were looked at."""
        return self._finder.size

    def tell(self, path: Path, error: UnreadableFile) -> None:
        """Note that part of a file was asked for and could not be analysed."""
        self._finder.tell(path, error)

    def limits_reached(self) -> frozenset[tuple[Path, int, str]]:
        """What was not analysed since this was last asked, because a limit was reached: file, line, what."""
        found = frozenset(self._finder.limits).union(*(view.limits_reached() for view in self._views.values()))
        self._finder.limits.clear()
        return found

    def module_at(self, path: Path, data: bytes | None = None) -> ModuleIndex:
        """Index a file, once; `data` stands in for what is on disk. UnreadableFile where that cannot be done."""
        return self._finder.module_at(path, data)

    def search_roots(self, module: ModuleIndex) -> tuple[str, ...]:
        """Folders in which the absolute imports of a module are looked for, that of its own name first."""
        return self._finder.search_roots(module)

    def resolve(self, module: ModuleIndex, dotted: str, *, scope: ClassEntry | None = None) -> Resolution:
        """Find out what a dotted name means in a module, or within the body of one of its classes."""
        return self._names.resolve(module, dotted, scope=scope)

    def resolve_absolute(self, module: ModuleIndex, dotted: str) -> Resolution:
        """What an `import` inside a function of the module means; leading dots are relative to the module's package."""
        return self._names.resolve_absolute(module, dotted)

    def class_info(self, ref: ClassRef) -> ClassInfo:
        """Bases, kind and root of a class."""
        if (known := self._infos.get(ref)) is None:
            for circle in components(ref, self._project_bases, self._infos):
                infos = [self._info(item, circle) for item in circle]
                self._infos.update((info.ref, info) for info in infos)
            known = self._infos[ref]
        return known

    def subclasses_in_module(self, ref: ClassRef) -> tuple[ClassRef, ...]:
        """The classes of the same module that derive from a class, in the order of the module."""
        module = ref.module
        if module not in self._subclasses:
            found: dict[ClassRef, list[ClassRef]] = {}
            for entry in module.classes.values():
                own = ClassRef(module, entry)
                for base in self.class_info(own).mro:
                    if isinstance(base, ClassRef) and base.module is module and base != own:
                        found.setdefault(base, []).append(own)
            self._subclasses[module] = {base: tuple(refs) for base, refs in found.items()}
        return self._subclasses[module].get(ref, ())

    def _bases(self, ref: ClassRef) -> tuple[Resolution, ...]:
        """What the bases of a class are, None for one that is not known."""
        if ref not in self._direct:
            self._direct[ref] = tuple([self._base(ref, dotted) for dotted in ref.entry.bases])
        return self._direct[ref]

    def _base(self, ref: ClassRef, dotted: str | None) -> Resolution:
        base = None if dotted is None else self._names.resolve(ref.module, dotted, scope=ref.entry, as_base=True)
        if isinstance(base, ClassRef) and base.entry is ref.entry:
            return None
        if isinstance(base, ClassRef) and canonical(_absolute_name(base)) in ROOT_CLASSES:
            # Keras itself is being read: its base classes end the search there too.
            return KnownName(_absolute_name(base))
        return base

    def _project_bases(self, ref: ClassRef) -> list[ClassRef]:
        return [base for base in self._bases(ref) if isinstance(base, ClassRef)]

    def _info(self, ref: ClassRef, circle: Sequence[ClassRef]) -> ClassInfo:
        """Make the facts of a class from those of its bases; a base on a circle with it is not known."""
        bases = [base for base in self._bases(ref) if isinstance(base, KnownName | ClassRef) and base not in circle]
        complete = len(bases) == len(ref.entry.bases) and all(
            self._infos[base].complete if isinstance(base, ClassRef) else is_known_package(base.name) for base in bases
        )
        depth = 1 + max((self._infos[base].depth for base in bases if isinstance(base, ClassRef)), default=0)
        if depth > MAX_INHERITANCE:
            # What it is can still be said; its bases are not gone through.
            roots = [
                name
                for base in bases
                if (name := self._infos[base].root if isinstance(base, ClassRef) else base.name) is not None
            ]
            mro: tuple[ClassRef | KnownName, ...] = (ref,)
        else:
            mro = (ref, *merged(_alike_spelled([*(self._order(base) for base in bases), bases])))
            roots = [base.name for base in mro if isinstance(base, KnownName)]
        kinds = {name: kind for name in roots if (kind := kind_of_known(canonical(name)))}
        kind = ClassKind.MODEL if ClassKind.MODEL in kinds.values() else next(iter(kinds.values()), None)
        if canonical(_absolute_name(ref)) in ROOT_CLASSES:
            kind = None  # not a class made with Keras, but Keras
        return ClassInfo(
            ref=ref,
            kind=kind,
            mro=mro,
            complete=complete and depth <= MAX_INHERITANCE,
            root=next(iter(kinds), None),
            builtin_base=next((name for base in mro[1:] if (name := _builtin_layer_name(base))), None),
            depth=depth,
        )

    def _order(self, base: ClassRef | KnownName) -> tuple[ClassRef | KnownName, ...]:
        return self._infos[base].mro if isinstance(base, ClassRef) else (base,)


def _alike_spelled(orders: list[Sequence[ClassRef | KnownName]]) -> list[Sequence[ClassRef | KnownName]]:
    """Write each class of Keras by the first name that it has in the orders: `keras.models.Model` is `keras.Model`."""
    if len(orders) == 2:
        return orders  # one base
    first: dict[str, KnownName] = {}
    return [
        [first.setdefault(canonical(item.name), item) if isinstance(item, KnownName) else item for item in order]
        for order in orders
    ]


def _absolute_name(ref: ClassRef) -> str:
    return f"{ref.module.name}.{ref.entry.qualname}"


def _builtin_layer_name(base: ClassRef | KnownName) -> str | None:
    name = canonical(base.name if isinstance(base, KnownName) else _absolute_name(base))
    return name if name not in ROOT_CLASSES and name in builtin_layers() else None
