"""The layers that Keras has: what they take, save and return, measured for each generation, and what kind they are.

The measured part is `layers.json`; the traits, which no signature tells, stand here. A test holds them against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

from keras_layer_lint.keras.names import SECTIONS, canonical
from keras_layer_lint.keras.objects import object_bases
from keras_layer_lint.keras.tables import read_table
from keras_layer_lint.target import Generation, in_order

LAYER = "keras.layers.Layer"
"""The base of all layers."""
BASES = frozenset({LAYER, "keras.Model", "keras.Sequential", "keras.Functional"})
"""The layers and models of Keras that users derive from most, and that make nothing of their own."""


class Trait(Enum):
    """What kind a built-in layer is, in all generations that have it."""

    WRAPPER = "Bidirectional Pipeline RNN StackedRNNCells TimeDistributed Wrapper"
    """Its variables are those of the layers given to it."""
    WRAPPER_OF_CELLS = "Bidirectional RNN StackedRNNCells"
    """What is given to it has weights: it is recurrent."""
    RETURNS_AS_GIVEN = "Lambda RNN TimeDistributed"
    """It returns whatever a function, layer or cell of the user's returns."""
    MERGES_DIRECTIONS = "Bidirectional"
    """It returns the results of two layers, as one tensor unless `merge_mode` is None."""
    MERGING = "Add AdditiveAttention Attention Average Concatenate Dot Maximum Minimum Multiply Subtract"
    """It makes one tensor of several; others given several may return as many."""
    KEEPS_AXES = """
        Activation ActivityRegularization AlphaDropout BatchNormalization Dense Dropout ELU EinsumDense Embedding
        GaussianDropout GaussianNoise GroupNormalization Identity LayerNormalization LeakyReLU Masking
        MultiHeadAttention PReLU RMSNormalization ReLU Softmax SpatialDropout1D UnitNormalization"""
    """It changes no axis but the last, whatever its arguments."""
    FIXES_RANK = "BatchNormalization GroupNormalization PReLU"
    """Once built it takes inputs with as many axes as the first one only; others take any number."""
    FIXES_LAST_AXIS = "Dense"
    """Once built it takes inputs whose last axis is as long as that of the first one only, and says so."""
    TAKES_ONE_TENSOR = """
        Activation AlphaDropout AveragePooling1D AveragePooling2D AveragePooling3D BatchNormalization Conv1D
        Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose Cropping1D Cropping2D Cropping3D Dense
        DepthwiseConv1D DepthwiseConv2D Dropout EinsumDense ELU Embedding Flatten GaussianDropout GaussianNoise
        GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D
        GlobalMaxPooling3D GroupNormalization LayerNormalization LeakyReLU Masking MaxPooling1D MaxPooling2D
        MaxPooling3D Permute PReLU RMSNormalization ReLU RepeatVector Reshape SeparableConv1D SeparableConv2D Softmax
        SpatialDropout1D SpatialDropout2D SpatialDropout3D UnitNormalization UpSampling1D UpSampling2D UpSampling3D
        ZeroPadding1D ZeroPadding2D ZeroPadding3D"""
    """It takes one tensor: a list of tensors fails while training, or is packed into one tensor."""
    TAKES_RATE = """
        AlphaDropout Dropout GaussianDropout GaussianNoise SpatialDropout1D SpatialDropout2D SpatialDropout3D"""
    """Its first argument is a rate; with 0 it has no seed."""
    NEEDS_TRAINING = """
        AlphaDropout BatchNormalization Dropout GaussianDropout GaussianNoise RandomBrightness RandomContrast RandomCrop
        RandomFlip RandomRotation RandomTranslation RandomZoom SpatialDropout1D SpatialDropout2D SpatialDropout3D"""
    """It does something else while training, so `call` has to be told."""


DATA_LAYER_BASES = frozenset(
    """
    keras.layers.DataLayer keras.layers.TFDataLayer keras_cv.layers.BaseImageAugmentationLayer
    keras_hub.layers.PreprocessingLayer keras_hub.models.Preprocessor keras_hub.models.Tokenizer
    keras_hub.tokenizers.Tokenizer keras_nlp.layers.PreprocessingLayer keras_nlp.models.Preprocessor
    keras_nlp.models.Tokenizer keras_nlp.tokenizers.Tokenizer
    """.split()
)
"""Bases of layers that are made for data pipelines, where neither models nor XLA run them."""


@dataclass(frozen=True, slots=True)
class BuiltinLayer:
    """A public layer class of one Keras generation."""

    parameters: tuple[str, ...]
    """Names of the parameters of its `__init__` without `self`; `*name` and `**name` where it takes more."""
    required: tuple[str, ...]
    hidden: tuple[str, ...] | None
    """Keywords that its `__init__` takes by `**kwargs`; None where it may take any."""
    call: tuple[str, ...]
    """Names of the parameters of its `call` without `self`."""
    call_needs: tuple[str, ...]
    """Those of them that have no default."""
    config: tuple[str, ...] | None
    """Keys of its `get_config()`, None where no instance could be made to ask."""
    has_variables: bool | None
    """Whether an instance has variables once built, seeds of random layers included; None where it was not built."""
    has_weights: bool | None
    """Whether an instance has variables besides seeds once built; None where it was not built."""
    one_tensor: bool | None
    """Whether calling it gives one tensor with default arguments; None where it was not called."""
    keeps_axes: bool | None
    """Whether the result has all axes of the input but the last with default arguments; None where that is unknown."""
    takes_anything: bool | None
    """Whether it takes what is no tensor by position, as layers for raw data do; None where it always does."""
    defines_build: bool
    """Whether it makes something in a `build` of its own, which a subclass's `build` has to call."""
    build: tuple[str, ...]
    """Names of the parameters of its `build` without `self`: of several Keras 3 finds each by an argument of `call`."""
    traits: frozenset[Trait] = frozenset()

    @property
    def is_random(self) -> bool:
        """Whether it draws numbers: it takes a seed."""
        return "seed" in self.parameters

    @property
    def is_stateful(self) -> bool:
        """Whether it can keep a state from one batch to the next."""
        return "stateful" in self.parameters

    @property
    def takes_training(self) -> bool:
        """Whether its `call` takes `training`."""
        return "training" in self.call


@cache
def builtin_layers() -> Mapping[str, Mapping[Generation, BuiltinLayer]]:
    """Load the facts on `keras.layers`, `Model` and `Sequential`: canonical name to generation to facts."""
    traits = _traits()
    return {
        name: {Generation(keras): _layer(facts, traits.get(name, frozenset())) for keras, facts in generations.items()}
        for name, generations in read_table("layers")["layers"].items()
    }


def _layer(facts: Mapping[str, Any], traits: frozenset[Trait]) -> BuiltinLayer:
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in facts.items()}
    return BuiltinLayer(**fields, traits=traits)


@cache
def _traits() -> Mapping[str, frozenset[Trait]]:
    traits: dict[str, set[Trait]] = {}
    for trait in Trait:
        for name in trait.value.split():
            traits.setdefault(f"keras.layers.{name}", set()).add(trait)
    return {name: frozenset(found) for name, found in traits.items()}


def has_trait(layer: object, trait: Trait) -> bool:
    """Whether `layer` is the canonical name of a built-in layer of that kind; no class of the project is."""
    return isinstance(layer, str) and trait in _traits().get(layer, ())


def builtin_layer(name: str, generation: Generation) -> BuiltinLayer | None:
    """Facts on a built-in layer by canonical name, None where that generation has none of the name."""
    return builtin_layers().get(name, {}).get(generation)


def is_exported(module: str, name: str) -> bool:
    """Whether `from module import *`, of a Keras module by canonical name, certainly binds a name."""
    if module == "keras":
        return name in SECTIONS or name in ("models", "applications", "Model", "Sequential", "Input", "Layer")
    return canonical(f"{module}.{name}") in builtin_layers()


def facts_of(name: str, generations: Iterable[Generation] = tuple(Generation)) -> tuple[BuiltinLayer, ...]:
    """The facts on a layer by canonical name, one for each generation that has it."""
    known = builtin_layers().get(name, {})
    return tuple(known[generation] for generation in in_order(generations) if generation in known)


def returns_one_tensor(name: str) -> bool:
    """Whether calling the layer certainly gives one tensor."""
    facts = facts_of(name)
    return bool(facts) and all(fact.one_tensor for fact in facts) and name != LAYER


def may_return_more(name: str) -> bool:
    """Whether arguments decide how many tensors the layer gives: `return_state`, or what a wrapper holds."""
    facts = facts_of(name)
    if not facts or has_trait(name, Trait.WRAPPER):
        return True
    return any(parameter.startswith("return_") for fact in facts for parameter in fact.parameters)


def config_keys(name: str, generations: Iterable[Generation]) -> frozenset[str] | None:
    """The keys that `get_config()` of the class returns in any of the generations; None where that is not known."""
    if bases := object_bases(name, generations):
        return (
            None if any(base.config is None for base in bases) else frozenset().union(*(b.config or () for b in bases))
        )
    facts = facts_of(name, generations)
    if not facts or any(fact.config is None for fact in facts):
        return None
    return frozenset(key for fact in facts for key in fact.config or ())
