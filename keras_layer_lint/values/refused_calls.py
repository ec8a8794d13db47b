"""Calls of functions and classes of the project that their parameters do not allow."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.keras.kinds import kind_of_known
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.model import syntax
from keras_layer_lint.model.attribute_sources import has_no_more
from keras_layer_lint.model.class_graph import ClassRef, KnownName
from keras_layer_lint.model.decorators import leaves_class_alone
from keras_layer_lint.model.layer import LayerClass
from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.value import Function

_AS_WRITTEN = frozenset({"staticmethod", "classmethod", "tf.function", "tensorflow.function", "abstractmethod"})
"""Decorators of functions that take what the function takes."""
_SET_BY_KERAS = frozenset({"training", "mask"})
"""Arguments of `call` that Keras hands over, or keeps, by what it finds in the signature."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a call is not allowed, as the end of "it ...", and the names of what may be given."""

    why: str
    takes: tuple[str, ...]


def refused_by_function(function: Function, arguments: CallArguments) -> Refusal | None:
    """What keeps a function from being called so; None where nothing does, as far as known."""
    node = function.node
    if isinstance(node, cst.FunctionDef) and not _AS_WRITTEN.issuperset(syntax.decorator_names(node)):
        return None
    if isinstance(node, cst.FunctionDef) and not _is_only_one(function, node):
        return None
    return _refused(node.params, arguments, int(function.receiver is not None))


def refused_by_class(layer: LayerClass, ref: ClassRef, arguments: CallArguments) -> Refusal | None:
    """As `refused_by_function`, of a class that is made."""
    info = layer.project.class_info(ref)
    if not info.complete or any(_makes_its_own(layer, base) for base in info.mro):
        return None
    init = layer.method_of(ref, "__init__")
    if init is None or init.node.decorators:
        return None
    return _refused(init.node.params, arguments, 1)


def refused_by_call(layer: LayerClass, ref: ClassRef, arguments: CallArguments) -> Refusal | None:
    """As `refused_by_function`, of the `call` of a layer that is called."""
    call = layer.method_of(ref, "call")
    if call is None or call.node.decorators or not layer.project.class_info(ref).complete:
        return None
    if layer.has_method(ref, "__call__") or _SET_BY_KERAS & set(arguments.keywords):
        return None
    required = {param.name.value for param in syntax.parameters(call.node) if param.default is None}
    return None if _SET_BY_KERAS & required else _refused(call.node.params, arguments, 1)


def _makes_its_own(layer: LayerClass, base: ClassRef | KnownName) -> bool:
    """Whether a class decides itself what is made of a call: by a metaclass, `__new__` or a decorator; an Enum does."""
    if isinstance(base, KnownName):
        return not has_no_more(base.name) and kind_of_known(canonical(base.name)) is None
    decorators = base.entry.node.decorator_list
    return (
        bool(base.entry.keywords)
        or "__new__" in base.entry.methods
        or not all(leaves_class_alone(layer.project, base, each) for each in decorators)
    )


def _is_only_one(function: Function, node: cst.FunctionDef) -> bool:
    """Whether a function of a module, or a method, is the only one of its name there."""
    name = node.name.value
    if function.owner is None:
        return len(function.unit.module.bindings.get(name, ())) < 2
    return [getattr(each, "name", "") for each in function.owner.entry.node.body].count(name) < 2


def _refused(params: cst.Parameters, arguments: CallArguments, bound: int) -> Refusal | None:
    """`bound`: how many arguments it has already, such as `self`."""
    positional = [*params.posonly_params, *params.params]
    names = [param.name.value for param in positional][bound:]
    by_keyword = {param.name.value for param in (*params.params, *params.kwonly_params)}
    unknown = sorted(arguments.certain - by_keyword) if params.star_kwarg is None else []
    takes = (*names, *(param.name.value for param in params.kwonly_params))
    if unknown:
        return Refusal(f"has no parameter `{unknown[0]}`", takes)
    if not arguments.are_complete or arguments.after_star or len(positional) < bound:
        return None
    count = len(arguments.positional)
    if count > len(names) and not isinstance(params.star_arg, cst.Param):
        return Refusal(f"takes {len(names)} argument{'s' * (len(names) != 1)}, and is given {count}", takes)
    twice = sorted(set(names[:count]) & arguments.certain - {param.name.value for param in params.posonly_params})
    if twice:
        return Refusal(f"is given `{twice[0]}` twice", takes)
    required = [
        param.name.value for param in (*positional[bound + count :], *params.kwonly_params) if param.default is None
    ]
    missing = [name for name in required if name not in arguments.keywords]
    return Refusal(f"needs `{missing[0]}`", takes) if missing else None
