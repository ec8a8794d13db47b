"""What a diagnostic says will happen, as facts: the check fills them in, and `--confirm` looks for them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Effect(Enum):
    """What becomes of a layer, other than an exception."""

    ERROR_NAMES_ARGUMENT = "error names argument"
    """The text of the exception names one of the arguments."""
    MISSING_KEY = "missing key"
    """The configuration lacks the arguments."""
    UNKNOWN_KEY = "unknown key"
    """The configuration holds the arguments, which `__init__` does not take."""
    REFUSED_BY_CONFIG = "refused by config"
    """The automatic configuration may refuse to hold the arguments."""
    OTHER_VALUE = "other value"
    """A reload gives the arguments another value, which need not be the default."""
    WEIGHTS_LOST = "weights lost"
    """Loading raises, or what is loaded, or was set, gives way to other weights."""
    NOT_TRAINED = "not trained"
    """The variables under the attribute are not trained."""
    TRAINED = "trained"
    """The variables under the attribute are trained, whatever else becomes of them."""
    NOT_SAVED = "not saved"
    """The variables under the attribute are not saved."""
    EMPTY = "empty"
    """The attribute holds no variables: what was added later went into another object."""
    SAME_NUMBERS = "same numbers"
    """Each call draws the same random numbers."""
    IN_GRADIENT = "in gradient"
    """It is the gradient that fails, not the forward pass."""
    WORKS = "works"
    """It works on this backend, and on no other."""
    RAISES = "raises"
    """Something raises, however little that matters where the code is used."""
    SILENT = "silent"
    """Nothing raises, and something is lost or other than it was, however little that matters."""


class ValueKind(Enum):
    """What the arguments that a diagnostic names must be for what it says: only such values decide on it."""

    ANY = "value"
    OBJECT = "object"
    """No number, text or flag, and no container of such."""
    ARRAY = "NumPy array"


class Holding(Enum):
    """What an argument of `__init__` is by all that is known of it, and so how a config can hold it."""

    PLAIN = "plain"
    """A number, a text, a flag."""
    OBJECT = "object"
    """What Keras serializes and what has no weights: an initializer, an activation, a dtype."""
    LAYER = "layer"
    """A layer or model, or what is called like one."""
    FOREIGN = "foreign"
    """An object of another class, an array, a function of the project: nothing here says how to serialize it."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Lacking:
    """An argument of `__init__` that the config does not hold."""

    name: str
    holding: Holding
    kept_in: str = ""
    """The attribute that certainly holds it as it was given, in the class or a base of it."""
    free: str = ""
    """An attribute that nothing within reach has, to keep it in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What will happen, as far as the message of the diagnostic says it. Empty fields say nothing."""

    errors: tuple[str, ...] = ()
    """Names of exception classes, of which one is raised."""
    arguments: tuple[str, ...] = ()
    """Arguments of `__init__` or `build`, or keys of the configuration, in the order of the message."""
    values: ValueKind = ValueKind.ANY
    """The kind of value that the arguments have where it happens."""
    attribute: str = ""
    """The attribute of the layer, without `self`."""
    operations: tuple[str, ...] = ()
    """Operations of TensorFlow of which one has no kernel."""
    seed: int | None = None
    """The seed that all calls share."""
    effects: frozenset[Effect] = frozenset()
    parameter: str = ""
    """The parameter that a value is meant for which is given by position."""
    backend: str = ""
    """What Keras 3 runs on where it happens; empty where that is what the module runs on."""
    lacking: tuple[Lacking, ...] = ()
    """The arguments that a complete config would hold as well. They say nothing of what happens."""
    base_keys: tuple[str, ...] | None = None
    """What the config of Keras's own base holds, where there is one to begin with."""
    unbuilt: tuple[str, ...] = ()
    """The attributes whose layers nothing builds."""
    in_classes: tuple[str, ...] = ()
    """The classes that derive from the one of the diagnostic in which it happens; empty where it does in that one."""
    idle: tuple[str, ...] = ()
    """The codes in a comment that silence nothing, where others in it do; empty where none does."""


NOTHING = Expectation()
"""The class, the line and the severity of a diagnostic say it all."""


def expects(
    *effects: Effect,
    errors: tuple[str, ...] = (),
    arguments: tuple[str, ...] = (),
    attribute: str = "",
    operations: tuple[str, ...] = (),
    seed: int | None = None,
    parameter: str = "",
    backend: str = "",
    values: ValueKind = ValueKind.ANY,
    lacking: tuple[Lacking, ...] = (),
    unbuilt: tuple[str, ...] = (),
    in_classes: tuple[str, ...] = (),
) -> Expectation:
    """An expectation, its effects given by position."""
    return Expectation(
        errors=errors,
        arguments=arguments,
        attribute=attribute,
        operations=operations,
        seed=seed,
        parameter=parameter,
        effects=frozenset(effects),
        backend=backend,
        values=values,
        lacking=lacking,
        unbuilt=unbuilt,
        in_classes=in_classes,
    )
