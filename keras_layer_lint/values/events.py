"""What happens while layer code runs, as far as it matters to a rule. Checks filter these; they re-derive nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import libcst as cst

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model import syntax
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.code import CodeUnit
from keras_layer_lint.target import EVERY_VERSION, Target, Versions
from keras_layer_lint.values.autograph import GivesUp, Unconvertible
from keras_layer_lint.values.value import Origin, Tensor


@dataclass(frozen=True, slots=True)
class Site:
    """Where an event happens.

    `unit` and `node` are in the file being linted: the code itself, or the call in that file that leads to it, with
    `through` naming the function elsewhere; `code` and `code_node` are the code itself, wherever it stands. `phase` is
    the method of the layer whose run reached it (`call`, `build`, `__init__`, `get_config`); `function` the name of the
    function that holds the code. `autograph` has the generations in which AutoGraph converts that function.
    """

    unit: CodeUnit
    node: cst.CSTNode
    phase: str
    function: str
    autograph: frozenset[Target]
    code: CodeUnit
    code_node: cst.CSTNode
    through: str | None = None
    gives_up: GivesUp | None = None
    """What keeps AutoGraph from converting the function in Keras 2."""
    left_alone: Versions = EVERY_VERSION
    """The versions of Keras 2 in which AutoGraph leaves the function as it is, where `autograph` has no Keras 2."""
    in_tensor_loop: bool = False
    in_loop: bool = False
    conditional: bool = False
    """Under an `if` or `try` of its function.

    A loop that may run zero times is `in_loop` and no condition: whenever the code in it runs, it does the same.
    """
    owner: ClassRef | None = None
    """The class whose method holds the code."""
    guarded: bool = False
    """Under a test of what the layer holds, such as `if self.kernel is None`: it may run once only."""
    optional: bool = False
    """Under a condition of its function, or of one that leads there."""

    def is_less_certain_than(self, other: Site) -> bool:
        """Whether another run comes to the place on fewer conditions."""
        return (
            (self.conditional and not other.conditional)
            or (self.optional and not other.optional)
            or (self.guarded and not other.guarded)
        )

    def with_certainty_of(self, other: Site) -> Site:
        """The place as it is where both runs come there."""
        return replace(
            self,
            conditional=self.conditional and other.conditional,
            optional=self.optional and other.optional,
            guarded=self.guarded and other.guarded,
        )


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events."""

    is_of_base: ClassVar[bool] = False
    """Whether it tells what a base in another file does, where the class calls it."""
    site: Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Along(Event):
    """Base of events in which Python may go along the first dimension of a tensor.

    `over_batch`: that is certainly the batch. `of_weight`: the tensor is a weight itself.
    """

    over_batch: bool = False
    of_weight: bool = False


def along(value: Tensor) -> dict[str, bool]:
    """The fields of `Along` for a tensor."""
    return {"over_batch": value.batched or value.like_input, "of_weight": value.variable}


@dataclass(frozen=True, slots=True)
class TensorTest(Event):
    """A Python condition on a tensor. `form`: if, elif, conditional expression, comprehension, match, while."""

    form: str
    test: cst.CSTNode
    origin: Origin
    fault: Unconvertible | None = None
    """Why AutoGraph cannot convert it in Keras 2; None where it can."""


@dataclass(frozen=True, slots=True)
class TraceDecides(Event):
    """A test of how the layer is run chooses between two computations. `eager`: its truth where it runs eagerly."""

    test: cst.CSTNode
    eager: bool

    @property
    def written(self) -> str:
        """The test as it stands in the code."""
        return syntax.source(self.test)


@dataclass(frozen=True, slots=True)
class TensorBreak(Event):
    """A `while True` that `break` or `return` leaves where a tensor says so."""

    origin: Origin


@dataclass(frozen=True, slots=True)
class TensorIteration(Along):
    """Python iterates a tensor. `form`: for, comprehension, unpacking, star, or the name of the builtin that does."""

    form: str
    origin: Origin
    fault: Unconvertible | None = None
    is_range: bool = False
    """It is `range(tensor)`, which Python itself refuses and AutoGraph converts in a `for` statement only."""


@dataclass(frozen=True, slots=True)
class TensorTruth(Along):
    """Python needs one truth value or index. `form`: assert, in, and, or, not, comparison, index, a builtin's name."""

    form: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class NumpyCall(Event):
    """A NumPy or SciPy function gets a tensor. `function` as it is written, `api`: its canonical name.

    `comes_first`: its first argument is a tensor, and no weight.
    """

    function: str
    origin: Origin
    api: str = ""
    comes_first: bool = False


@dataclass(frozen=True, slots=True)
class HostRead(Event):
    """A tensor's value is asked for on the host. `via`: `.numpy()`, `keras.ops.convert_to_numpy`, ..."""

    via: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class ForeignAttributeRead(Event):
    """An attribute is asked of a tensor that tensors of TensorFlow do not have."""

    name: str
    origin: Origin
    is_variable: bool


@dataclass(frozen=True, slots=True)
class KerasTensorAttributeRead(Event):
    """An attribute is asked of a KerasTensor, or of its shape, that it does not have. `name`: `op`, `shape.rank`."""

    name: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class ScalarRead(Along):
    """A tensor becomes a Python number. `via`: float, int, len, range, math.sqrt, format specification."""

    via: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class ListGrowth(Event):
    """A list grows in a loop over a tensor. `how`: append, extend, insert, +=; `read_later`: also after the loop."""

    name: str
    how: str
    read_later: bool
    loop: Origin


@dataclass(frozen=True, slots=True)
class DroppedWrite(Event):
    """The result of `TensorArray.write` is thrown away."""

    name: str


@dataclass(frozen=True, slots=True)
class MissingMaskUsed(Event):
    """What Keras 3 gives for the masks of several inputs is used as if each had one. `whole`: the list itself."""

    whole: bool


@dataclass(frozen=True, slots=True)
class MaskIndexed(Event):
    """A tensor is indexed with a tensor of booleans, computed while tracing. `origin`: why the latter is a tensor."""

    origin: Origin

    @property
    def written(self) -> str:
        """The expression as it stands in the code."""
        return syntax.source(self.site.code_node)


@dataclass(frozen=True, slots=True)
class MixedDtypes(Event):
    """A tensor in the layer's compute dtype meets one that is float32 in any case: `origin` says which.

    `with_weight`: the former is a weight, which Keras 3 casts to what it meets.
    """

    origin: Origin
    with_weight: bool


@dataclass(frozen=True, slots=True)
class IntegerMeetsFloat(Event):
    """A tensor of integers is calculated with a float. `is_step`: it is the step of a schedule, as it came."""

    origin: Origin
    is_step: bool


@dataclass(frozen=True, slots=True)
class PythonPrint(Event):
    """`print`, logging or a warning whose text depends on a tensor."""

    via: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class WrongSuper(Event):
    """`super(Name, self)` with a class that is neither this one nor a base. `defined`: the name exists at all."""

    named: str
    defined: bool


@dataclass(frozen=True, slots=True)
class ItemAssigned(Event):
    """An element of a tensor is assigned or deleted. `how`: =, +=, del; `text`: the element as written."""

    how: str
    text: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class BatchSizeUsed(Event):
    """The batch size of a static shape, None while tracing, is used as a number.

    `how`: arithmetic, order, == or != (to a number), or the name of the builtin that gets it.
    """

    how: str
