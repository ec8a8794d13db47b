"""Which objects hold weights or layers, read with `ast`: for what a layer keeps, without running it."""

from __future__ import annotations

import ast
from functools import lru_cache

from keras_layer_lint.keras.kinds import ClassKind, kind_of_known
from keras_layer_lint.keras.layers import facts_of
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.model.certainty import certain_nodes
from keras_layer_lint.model.class_graph import ClassRef, KnownName, Project
from keras_layer_lint.source.module_index import ClassEntry, dotted_name

_DEPTH = 4
"""Sublayers of sublayers are looked at no deeper."""
_SEEDS_ONLY = ("Dropout", "Noise", "keras.layers.Random", "RandomCrop", "MixUp", "CutMix", "AugMix", "RandAugment")
_WRAPPERS = frozenset({"keras.layers.Wrapper", "keras.layers.TimeDistributed", "keras.layers.Pipeline"})


def certainly_holds_weights(project: Project, of: ClassRef | str, *, from_build: bool = False, depth: int = 0) -> bool:
    """Whether an instance of a layer class has weights once it is built, seeds of random layers apart.

    `from_build`: weights that `__init__` makes do not count.
    """
    if isinstance(of, str):
        known = facts_of(of)
        random = any(part in of for part in _SEEDS_ONLY)
        return bool(known) and all(fact.has_weights for fact in known) and not random and of not in _WRAPPERS
    if depth > _DEPTH:
        return False
    return any(
        certainly_holds_weights(project, canonical(base.name), from_build=from_build, depth=depth + 1)
        if isinstance(base, KnownName)
        else _makes_weights(project, base, from_build, depth)
        for base in project.class_info(of).mro
    )


def _makes_weights(project: Project, ref: ClassRef, from_build: bool, depth: int) -> bool:
    for method, called in _calls_of_lifecycle(ref.entry):
        if called in ("self.add_weight", "self.add_variable"):
            found = method == "build" or not from_build
        else:
            made = layer_named(project, ref, called)
            found = made is not None and certainly_holds_weights(project, made, from_build=from_build, depth=depth + 1)
        if found:
            return True
    return False


def layer_named(project: Project, ref: ClassRef, dotted: str) -> ClassRef | str | None:
    """The layer class that a name means in the module of `ref`."""
    found = project.resolve(ref.module, dotted, scope=ref.entry)
    if isinstance(found, ClassRef):
        return found if project.class_info(found).kind in (ClassKind.LAYER, ClassKind.MODEL) else None
    if isinstance(found, KnownName):
        name = canonical(found.name)
        return name if kind_of_known(name) in (ClassKind.LAYER, ClassKind.MODEL) else None
    return None


@lru_cache(maxsize=1024)
def _calls_of_lifecycle(entry: ClassEntry) -> tuple[tuple[str, str], ...]:
    """What `__init__` and `build` call for certain by a dotted name, each with the method."""
    return tuple(
        (method.name, name)
        for method in _methods(entry, "__init__", "build")
        for node in certain_nodes(method.body)
        if isinstance(node, ast.Call) and (name := dotted_name(node.func)) is not None
    )


def _methods(entry: ClassEntry, *names: str) -> list[ast.FunctionDef]:
    return [node for node in entry.node.body if isinstance(node, ast.FunctionDef) and node.name in names]


def plain_kind(project: Project, ref: ClassRef) -> str | None:
    """What a class is that is no Keras class: `object` or `tf.Module`; None where its bases say something else."""
    info = project.class_info(ref)
    if info.kind is not None or not info.complete or ref.entry.keywords:
        return None
    outside = {base.name for base in info.mro if isinstance(base, KnownName)} - {"builtins.object"}
    if outside <= {"tensorflow.Module"}:
        return "tf.Module" if outside else "object"
    return None


@lru_cache(maxsize=1024)
def kept_arguments(entry: ClassEntry) -> tuple[tuple[str, bool], ...]:
    """The arguments that construct a class in order, each with whether an attribute of the instance holds it then."""
    if any((dotted_name(d.func if isinstance(d, ast.Call) else d) or "").endswith("dataclass")
           for d in entry.node.decorator_list):  # fmt: skip
        return tuple(
            (node.target.id, True)
            for node in entry.node.body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        )
    for method in _methods(entry, "__init__"):
        arguments = [
            argument.arg for argument in (*method.args.posonlyargs, *method.args.args, *method.args.kwonlyargs)
        ]
        kept = {
            node.value.id
            for node in method.body
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Name)
            and any(
                isinstance(target, ast.Attribute) and _is_name(target.value, arguments[0]) for target in node.targets
            )
        }
        return tuple((name, name in kept) for name in arguments[1:])
    return ()


def layers_of_plain(project: Project, ref: ClassRef) -> tuple[ClassRef | str, ...]:
    """The layers with weights that the `__init__` of a class makes and keeps in attributes of the instance."""
    found: list[ClassRef | str] = []
    for method in _methods(ref.entry, "__init__"):
        for node in method.body:
            match node:
                case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"))], value=ast.Call(func=function)):
                    made = layer_named(project, ref, dotted_name(function) or "?")
                    if made is not None and certainly_holds_weights(project, made):
                        found.append(made)
                case _:
                    pass
    return tuple(found)


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
