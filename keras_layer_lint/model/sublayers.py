"""Which objects hold layers, read with `ast`: for what a layer keeps, without running it."""

from __future__ import annotations

import ast
from functools import lru_cache

from keras_layer_lint.keras.kinds import ClassKind, kind_of_known
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.model.class_graph import ClassRef, KnownName, Project
from keras_layer_lint.model.variables import holds_variables
from keras_layer_lint.source.module_index import ClassEntry, dotted_name


def layer_named(project: Project, ref: ClassRef, dotted: str) -> ClassRef | str | None:
    """The layer class that a name means in the module of `ref`."""
    found = project.resolve(ref.module, dotted, scope=ref.entry)
    if isinstance(found, ClassRef):
        return found if project.class_info(found).kind in (ClassKind.LAYER, ClassKind.MODEL) else None
    if isinstance(found, KnownName):
        name = canonical(found.name)
        return name if kind_of_known(name) in (ClassKind.LAYER, ClassKind.MODEL) else None
    return None


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
                    if made is not None and holds_variables(project, made):
                        found.append(made)
                case _:
                    pass
    return tuple(found)


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
