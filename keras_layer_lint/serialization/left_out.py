"""Which arguments of `__init__` the config of a class leaves out, and at which class that is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from keras_layer_lint.model import syntax
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.layer import layer_of
from keras_layer_lint.serialization.layer_serialization import Serialization
from keras_layer_lint.serialization.refused_keys import refused_by_all
from keras_layer_lint.serialization.signature import Parameter
from keras_layer_lint.target import Target
from keras_layer_lint.values.analysis import analysis_of
from keras_layer_lint.values.value import PythonValue


def left_out(serialization: Serialization, targets: Sequence[Target]) -> list[Parameter]:
    """The arguments that a reload loses; none where the config is not known, or the class is never saved itself."""
    config = serialization.config
    if config is None or not config.complete or serialization.is_supplied_elsewhere or serialization.saving_raises:
        return []
    missing = [p for p in serialization.parameters if p.name not in config.entries]
    missing = [p for p in missing if p.name not in serialization.builtin_parameters or config.base is False]
    misspelt = [serialization.meant_by(key) for key in config.entries]
    refused = refused_by_all(serialization, targets)
    missing = [p for p in missing if p not in misspelt or (p.required and not refused)]  # which KLL303 reports
    missing = [p for p in missing if p.required or not serialization.is_taken_out_of_config(p)]
    if serialization.from_config is not None:
        named = syntax.names_in_text(serialization.from_config.node)
        missing = [p for p in missing if p.name not in named | serialization.given_by_from_config]
        missing = [p for p in missing if p.required or not serialization.is_derived_from_given(p)]
    missing = [p for p in missing if p.required or not serialization.is_set_by_others(p)]
    if missing and serialization.is_unfinished:
        return []
    missing = [
        p for p in missing if (not serialization.is_fixed_by_subclasses(p) if p.required else serialization.is_lost(p))
    ]
    has_place = serialization.own_get_config or serialization.own_init or serialization.completes_bases
    return missing if has_place else []


def place_of(serialization: Serialization, parameter: Parameter) -> ClassRef:
    """The base at which it is told that an argument of a base is left out, if it is told at one."""
    taker = parameter.owner
    return taker if taker == serialization.layer.ref else _place_below(serialization, taker) or taker


def is_told_of_base(
    serialization: Serialization,
    parameter: Parameter,
    targets: Sequence[Target],
    derived: Callable[[], Sequence[ClassRef]],
) -> bool:
    """Whether an argument that a base takes is left out by the config of that base, which the class merges.

    Then it is told there, once for all classes that derive from it: `derived`. Where these complete the base, two of
    them have to lose the argument.
    """
    own = serialization.layer
    taker = _taker(serialization, parameter)
    if taker is None:
        return False
    base = _of(serialization, _place_below(serialization, taker) or taker)
    if not _merges(serialization, base):
        return False
    if not base.is_unfinished:
        lost = {other.name: other.required for other in left_out(base, targets)}
        return lost.get(parameter.name, False) or (parameter.name in lost and not parameter.required)
    refs = derived()
    others = (ref for ref in refs if ref != own.ref)
    return own.ref in refs and any(_loses(_of(base, ref), base, (taker, parameter.name), targets) for ref in others)


def left_out_by_derived(
    base: Serialization, targets: Sequence[Target], derived: Sequence[ClassRef]
) -> tuple[list[Parameter], tuple[str, ...]]:
    """The arguments of a base that two or more classes which complete it lose, and the classes that lose any."""
    own = base.own_init
    if not base.is_unfinished or own is None or base.init is None or len(derived) < 2:
        return [], ()
    if base.get_config is not None and base.config is None:
        return [], ()
    entries = frozenset[str]() if base.config is None else base.config.entries.keys()
    above = (p for p in base.parameters if p.owner != base.layer.ref and _place_below(base, p.owner) == base.layer.ref)
    open_to_loss = [parameter for parameter in (*base.init.parameters, *above) if parameter.name not in entries]
    if not open_to_loss:
        return [], ()
    known = [_of(base, ref) for ref in derived]
    losing = {p: [each for each in known if _loses(each, base, (p.owner, p.name), targets)] for p in open_to_loss}
    lost = [parameter for parameter in open_to_loss if len(losing[parameter]) > 1]
    losers = {id(each) for parameter in lost for each in losing[parameter]}
    return lost, tuple(each.layer.name for each in known if id(each) in losers)


def _handed_to(serialization: Serialization, name: str) -> ClassRef | None:
    """The base that takes an argument under the same name, and gets it as it came: `super().__init__(units=units)`."""
    own = serialization.layer
    init = own.method_after(own.ref, "__init__")
    calls = [] if init is None else serialization.super_init_calls(own.ref)
    for event in calls:
        given = dict(zip(init.parameters if init is not None else (), event.arguments.positional, strict=False))
        value = event.arguments.keywords.get(name, given.get(name))
        if isinstance(value, PythonValue) and value.parameter == name and value.derived is None:
            return init.owner if init is not None and name in init.parameters else None
    return None


def _taker(serialization: Serialization, parameter: Parameter) -> ClassRef | None:
    """The base that takes an argument, None where the class itself does and hands it to none."""
    own = parameter.owner == serialization.layer.ref
    return _handed_to(serialization, parameter.name) if own else parameter.owner


def _place_below(serialization: Serialization, taker: ClassRef) -> ClassRef | None:
    """The first class below a base that writes a config, where Keras makes that of the base: it has all arguments."""
    mro = [ref for ref in serialization.layer.mro if isinstance(ref, ClassRef)]
    place = mro.index(taker) if taker in mro else 0
    if any(serialization.layer.method_in(ref, "get_config") is not None for ref in mro[place:]):
        return None
    writing = [ref for ref in mro[:place] if serialization.layer.method_in(ref, "get_config") is not None]
    is_itself = writing == [serialization.layer.ref]
    return writing[-1] if writing and (not is_itself or serialization.is_unfinished) else None


def _loses(
    serialization: Serialization, base: Serialization, argument: tuple[ClassRef, str], targets: Sequence[Target]
) -> bool:
    """Whether a class merges the config of a base, and leaves out an argument: who takes it, and its name."""
    return _merges(serialization, base) and any(
        (parameter.owner, parameter.name) == argument for parameter in left_out(serialization, targets)
    )


def _merges(serialization: Serialization, base: Serialization) -> bool:
    """Whether the config of a class has all that the base adds to it, if anything."""
    if base.get_config is None:
        return serialization.config is not None
    config, inherited = serialization.config, base.config
    return config is not None and inherited is not None and inherited.entries.keys() <= config.entries.keys()


def _of(known: Serialization, ref: ClassRef) -> Serialization:
    """The same of another class."""
    layer = layer_of(known.layer.project.class_info(ref), known.layer.code, known.layer.generations)
    return Serialization(layer, analysis_of(layer))
