"""Which arguments of `__init__` the config of a class leaves out, and at which class that is told."""

from __future__ import annotations

from collections.abc import Sequence

from keras_layer_lint.model import syntax
from keras_layer_lint.model.layer import LayerClass
from keras_layer_lint.serialization.layer_serialization import Serialization
from keras_layer_lint.serialization.refused_keys import refused_by_all
from keras_layer_lint.serialization.signature import Parameter
from keras_layer_lint.target import Target
from keras_layer_lint.values.analysis import Analysis


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


def is_told_of_base(serialization: Serialization, parameter: Parameter, targets: Sequence[Target]) -> bool:
    """Whether an argument that a base takes is left out by the config of that base, which the class merges.

    Then it is told there, once for all classes that derive from it.
    """
    own = serialization.layer
    if parameter.owner == own.ref:
        return False
    layer = LayerClass(own.project.class_info(parameter.owner), own.code, own.generations)
    base = Serialization(layer, Analysis(layer))
    config, inherited = serialization.config, base.config
    if config is None or inherited is None or not inherited.entries.keys() <= config.entries.keys():
        return False
    return any(parameter.name == other.name for other in left_out(base, targets))
