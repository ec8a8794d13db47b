"""Whether anything gives a layer an attribute: its methods, class bodies, bases, or code around it."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

from keras_layer_lint.keras.attributes import is_inherited
from keras_layer_lint.keras.kinds import ROOT_CLASSES, ClassKind
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.objects import NO_MORE_ATTRIBUTES, OBJECT_ATTRIBUTES, PLAIN
from keras_layer_lint.model.attributes import assigned_by_method
from keras_layer_lint.model.class_graph import ClassRef, KnownName, Project
from keras_layer_lint.model.layer import LayerClass
from keras_layer_lint.source.module_index import ClassEntry, ModuleIndex
from keras_layer_lint.source.tree_walk import children, walk

_OPEN_NAMES = re.compile(r"\bsetattr\s*\(\s*[\w.]+\s*,\s*(?!['\"])|__dict__|__slots__")
_OPEN_WORDS = ("setattr", "__dict__", "__slots__")
_WITHOUT_ATTRIBUTES = frozenset({"object", "builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"})
"""Bases outside the project that give their subclasses no attributes."""

# Rather too many names than too few: what may be set is not reported.
# What begins with letters is searched for many times as fast.
_ASSIGNED = re.compile(r"\.(\w+)\s*(?:[-+*/%@&|^]|//|\*\*|<<|>>)?=(?!=)")
_ANNOTATED = re.compile(r"\n[ \t]*\w+\.(\w+)[ \t]*:(?!=)")
_BOUND = re.compile(r"(?:as(?<!\was)|for(?<!\wfor)|del(?<!\wdel))\s+\w+\.(\w+)")
_ASKED = re.compile(r"attr(?<=(?:set|has|get|del)attr)\s*\(\s*[\w.]+\s*,\s*['\"](\w+)['\"]")
_ATTRIBUTE = re.compile(r"\.(\w+)")
_ANY_WORDS = ("setattr", "__dict__", "vars", "__getattr", "__slots__", "locals")
_ANY_NAME = re.compile(
    r"\bsetattr\s*\(\s*[\w.]+\s*,\s*(?!['\"])|__dict__|\bvars\s*\(|\b__(?:getattr|getattribute|setattr|slots)__"
    r"|\blocals\s*\(\s*\)"
)


def may_have(layer: LayerClass, name: str) -> bool:
    """Whether anything within reach sets or defines `self.name`, or may: code that sets any name, an unknown base.

    What only asks whether the attribute is there (`hasattr`) counts as well: the layer provides for both cases.
    """
    bases = [base for base in layer.mro if isinstance(base, KnownName)]
    return may_be_set(layer, name) or not all(has_no_more(base.name) for base in bases)


def may_be_set(layer: LayerClass, name: str) -> bool:
    """As `may_have`, but for what known bases have of their own, beyond what every layer or model has."""
    if not layer.is_complete or name.startswith("__") or may_inherit(name, layer.kind):
        return True
    refs = (base for base in layer.mro if isinstance(base, ClassRef))
    deriving = layer.project.subclasses_in_module(layer.ref)
    return any(may_set(ref, name) for ref in refs) or any(sets_itself(ref, name) for ref in deriving)


def is_free(layer: LayerClass, name: str) -> bool:
    """Whether an attribute of this name can be given to a class: nothing within reach has it, or asks for it."""
    refs = [base for base in layer.mro if isinstance(base, ClassRef)]
    bases = [base for base in layer.mro if isinstance(base, KnownName)]
    if not layer.is_complete or name.startswith("__") or may_inherit(name, layer.kind):
        return False
    return all(has_no_more(base.name) for base in bases) and not any(
        _has(ref, name) for ref in (*refs, *layer.project.subclasses_in_module(layer.ref))
    )


def is_asked_for(module: ModuleIndex, name: str) -> bool:
    """Whether a module asks for an attribute by its name in a text: `hasattr(layer, "name")`."""
    return name in _ASKED.findall(module.text)


def may_have_any(layer: LayerClass, name: str) -> bool:
    """Whether a class may get an attribute from Keras, from a base that is not known, or by a name that is not written.

    Or from code in the modules of its bases that sets it, of whatever object.
    """
    if not layer.is_complete or name.startswith("__") or may_inherit(name, layer.kind):
        return True
    refs = [base for base in layer.mro if isinstance(base, ClassRef)]
    bases = [base for base in layer.mro if isinstance(base, KnownName)]
    return not all(has_no_more(base.name) for base in bases) or any(
        _sets_any(ref)
        or _uses_torch(ref.module)
        or (is_set_in(ref.module, name) and not _is_of_classes(ref.module, name))
        for ref in refs
    )


def _has(ref: ClassRef, name: str) -> bool:
    own = assigned_by_method(ref.entry).values()
    return (
        any(name in names for names in own)
        or defines(ref, name)
        or _names_any(ref)
        or (_is_named(ref.module, name) and name in _set_in(ref.module) and not _is_of_classes(ref.module, name))
    )


def _is_named(module: ModuleIndex, name: str) -> bool:
    """Whether the text may set or ask for an attribute: this takes less time than to see which ones it does."""
    return f".{name}" in module.text or f"'{name}" in module.text or f'"{name}' in module.text


def may_inherit(name: str, kind: ClassKind | None) -> bool:
    """Whether Keras may give an attribute to a class of a kind. Of metrics and such, what a layer has is said."""
    return name in OBJECT_ATTRIBUTES if kind in PLAIN else is_inherited(name)


def may_be_supplied(project: Project, ref: ClassRef, name: str) -> bool:
    """Whether a class that derives from others, `ref`, brings an attribute: by what it is, or by what it inherits."""
    info = project.class_info(ref)
    return not info.complete or not all(
        has_no_more(base.name) if isinstance(base, KnownName) else not may_set(base, name) for base in info.mro
    )


def defines(ref: ClassRef, name: str) -> bool:
    """Whether the body of a class binds a name."""
    return name in _defined(ref.entry)


def may_set(ref: ClassRef, name: str) -> bool:
    """Whether a class sets an attribute of the name, or code around it does, of whatever object, or either may set any.

    What other classes set of their own `self` is theirs.
    """
    if sets_itself(ref, name) or _uses_torch(ref.module):
        return True
    return is_set_in(ref.module, name) and not _is_of_classes(ref.module, name)


def sets_itself(ref: ClassRef, name: str) -> bool:
    """Whether the code of a class gives its objects an attribute of the name, or may give them any."""
    own = assigned_by_method(ref.entry).values()
    return defines(ref, name) or _sets_any(ref) or any(name in names for names in own)


@lru_cache(maxsize=1024)
def _is_of_classes(module: ModuleIndex, name: str) -> bool:
    """Whether a module names an attribute nowhere but as that of `self`, in the bodies of classes."""
    if any(name == asked for asked in _ASKED.findall(module.text)):
        return False
    functions = ("".join(module.lines[entry.line - 1 : entry.end_line]) for entry in module.functions.values())
    # A pattern that begins with the name is found many times as fast as one that begins with any word.
    of_others = re.search(rf"\.{name}\b(?<!(?<!\w)self\.{name})", module.text)
    return of_others is None and not any(f"self.{name}" in text for text in functions)


def is_set_in(module: ModuleIndex, name: str) -> bool:
    """Whether code of a module sets an attribute of the name, of whatever object, or asks for it."""
    return name in _set_in(module)


def has_no_more(base: str) -> bool:
    """Whether a known base has no attributes but those of every layer or model."""
    return base in _WITHOUT_ATTRIBUTES or _is_root(base) or canonical(base) in NO_MORE_ATTRIBUTES


def _is_root(name: str) -> bool:
    """Whether it is a root class of Keras by its own name: what only derives from one may have more."""
    known = canonical(name)
    return known in ROOT_CLASSES and known.rpartition(".")[2] == name.rpartition(".")[2]


@lru_cache(maxsize=1024)
def _set_in(module: ModuleIndex) -> frozenset[str]:
    """The attributes that code of a module sets or asks for, of whatever object."""
    text = module.text
    found = {*_ASSIGNED.findall(text), *_ANNOTATED.findall("\n" + text), *_BOUND.findall(text), *_ASKED.findall(text)}
    for line in module.lines:  # `self.first, self.second = ...`
        targets, sign, value = line.partition("=")
        if sign and "," in targets and "(" not in targets.lstrip()[1:] and not value.startswith("="):
            found.update(_ATTRIBUTE.findall(targets))
    return frozenset(found)


_TORCH = re.compile(r"\bimport torch\b|\bfrom torch\b")


@lru_cache(maxsize=1024)
def _uses_torch(module: ModuleIndex) -> bool:
    """Whether it may run on PyTorch, where Keras layers inherit from `torch.nn.Module`, too."""
    return "torch" in module.text and _TORCH.search(module.text) is not None


@lru_cache(maxsize=1024)
def _sets_any(ref: ClassRef) -> bool:
    """Whether a class sets attributes whose names are not written out, or decides itself what they are."""
    text = "".join(ref.module.lines[ref.entry.line - 1 : ref.entry.end_line])
    # Plain words are looked for first: the pattern takes eight times as long, and most classes have none of them.
    return bool(ref.entry.keywords) or (any(word in text for word in _ANY_WORDS) and _ANY_NAME.search(text) is not None)


@lru_cache(maxsize=1024)
def _names_any(ref: ClassRef) -> bool:
    """Whether a class sets attributes under names that are not written out, or allows certain ones only."""
    text = "".join(ref.module.lines[ref.entry.line - 1 : ref.entry.end_line])
    return any(word in text for word in _OPEN_WORDS) and _OPEN_NAMES.search(text) is not None


@lru_cache(maxsize=1024)
def _defined(entry: ClassEntry) -> frozenset[str]:
    """The names that the body of a class binds, annotations without a value included."""
    found: set[str] = set()
    stack: list[ast.AST] = list(entry.node.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition(".")[0])
        else:
            stack.extend(children(node))
    return frozenset(found)


def stands_where_class_raises(ref: ClassRef, line: int) -> bool:
    """Whether a line runs only under a condition that the class elsewhere refuses: `if self.scaled: raise ...`."""
    return any(first <= line <= last for first, last in _refused(ref))


@lru_cache(maxsize=1024)
def _refused(ref: ClassRef) -> tuple[tuple[int, int], ...]:
    """First and last lines of the bodies under such conditions."""
    branches = [node for node in walk(ref.entry.node) if isinstance(node, ast.If)]
    refused = {ast.dump(node.test) for node in branches if isinstance(node.body[0], ast.Raise)}
    return tuple(
        (node.body[0].lineno, node.body[-1].end_lineno or node.body[-1].lineno)
        for node in branches
        if ast.dump(node.test) in refused
    )
