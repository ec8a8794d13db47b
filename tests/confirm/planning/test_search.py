from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from keras_layer_lint.confirm.planning import Failure, Plan, first_working
from keras_layer_lint.confirm.probe import FoundCall, Recipe
from keras_layer_lint.confirm.time_limit import LIMIT
from tests.confirm.planning.fake_keras import Fake, Layer, wants_rank

pytest.importorskip("numpy")


@dataclass(frozen=True)
class Known:
    recipe: Recipe | None = None
    calls: tuple[FoundCall, ...] = ()


def planned(cls: Any, known: Known = Known(), **limits: Any) -> Plan:
    found = first_working(cls, known, Fake(), **limits)
    assert isinstance(found, Plan), found
    assert found.call(found.make()) is not None
    return found


class Plain(Layer):
    def call(self, inputs: Any) -> Any:
        return inputs


class Units(Layer):
    def __init__(self, units: int) -> None:
        super().__init__()
        self.units = units + 1

    def call(self, inputs: Any) -> Any:
        return inputs


class Listed(Layer):
    """`hidden_units` sounds like a number."""

    def __init__(self, hidden_units) -> None:  # type: ignore[no-untyped-def]
        super().__init__()
        self.sizes = [size + 1 for size in hidden_units]

    def call(self, inputs: Any) -> Any:
        return inputs


class Chosen(Layer):
    def __init__(self, mode: Any) -> None:
        super().__init__()
        if mode not in ("slow", "fast"):
            raise ValueError(f"bad mode {mode}")

    def call(self, inputs: Any) -> Any:
        return inputs


class Told(Layer):
    """Nothing in its source names the words it takes."""

    def __init__(self, thing: str) -> None:
        super().__init__()
        check(thing)

    def call(self, inputs: Any) -> Any:
        return inputs


def check(thing: str) -> None:
    if thing not in {"al" + "pha", "be" + "ta"}:
        raise ValueError(f"thing must be one of 'alpha', 'beta', not {thing!r}")


class Wrapping(Layer):
    def __init__(self, inner: Layer) -> None:
        super().__init__()
        self.width = inner.units  # type: ignore[attr-defined]

    def call(self, inputs: Any) -> Any:
        return inputs


class Image(Layer):
    def call(self, inputs: Any) -> Any:
        wants_rank(inputs, 4)
        return inputs


class Pair(Layer):
    def call(self, inputs: Any) -> Any:
        first, second = inputs
        return first + second


class Features(Layer):
    def call(self, inputs: Any) -> Any:
        return inputs["image"] * inputs["mask"][:, None]


class Tokens(Layer):
    def call(self, token_ids: Any) -> Any:
        if token_ids.dtype.kind != "i":
            raise TypeError("indices must be integers")
        return token_ids


class Attention(Layer):
    def call(self, query: Any, value: Any, mask: Any = None, training: bool = False) -> Any:
        wants_rank(query, 3)
        return query @ value.transpose(0, 2, 1)


class Optional(Layer):
    def __init__(self, vocabulary: list[str] | None = None) -> None:
        super().__init__()
        self.vocabulary = vocabulary

    def call(self, inputs: Any) -> Any:
        if self.vocabulary is None:
            raise RuntimeError("Table not initialized.")
        return inputs


class Divisible(Layer):
    def __init__(self, num_heads: int, width: int = 6) -> None:
        super().__init__()
        if num_heads % 3:
            raise ValueError(f"num_heads={num_heads} must be a multiple of 3")

    def call(self, inputs: Any) -> Any:
        return inputs


class Matching(Layer):
    def call(self, inputs: Any) -> Any:
        if inputs.shape[-1] != 5:
            raise ValueError(f"Dimensions must be equal, but are {inputs.shape[-1]} and 5 for MatMul")
        return inputs


@pytest.mark.parametrize(
    ("cls", "arguments", "inputs"),
    [
        (Plain, "", "float32[5,8]"),
        (Units, "units=8", "float32[5,8]"),
        (Listed, "hidden_units=[8, 8]", "float32[5,8]"),
        (Chosen, "mode='slow'", "float32[5,8]"),
        (Told, "thing='alpha'", "float32[5,8]"),
        (Wrapping, "inner=keras.layers.Dense(8)", "float32[5,8]"),
        (Image, "", "float32[5,8,8,8]"),
        (Pair, "", "[float32[5,8], float32[5,8]]"),
        (Tokens, "", "int32[5,4]"),
        (Attention, "", "float32[5,4,8], float32[5,4,8]"),
        (Matching, "", "float32[5,5]"),
    ],
)
def test_a_layer_is_planned_without_being_told(cls: Any, arguments: str, inputs: str) -> None:
    plan = planned(cls)
    assert (plan.arguments, plan.inputs) == (arguments, inputs)


class Groups(Layer):
    """What it takes has as many channels as it has itself, and no fewer than there are groups."""

    def __init__(self, filters: int) -> None:
        super().__init__()
        self.filters = filters

    def call(self, inputs: Any) -> Any:
        for channels in (inputs.shape[-1], self.filters):
            if channels < 32:
                raise ValueError(f"Number of groups (32) cannot be more than the number of channels ({channels}).")
        wants_rank(inputs, 4)
        return inputs


class Boxes(Layer):
    def call(self, inputs: Any) -> Any:
        boxes = inputs["boxes"]
        if boxes.shape[2] < 7:
            raise ValueError("slice index 6 of dimension 2 out of bounds.")
        return boxes


def test_a_size_is_changed_in_arguments_and_inputs_at_once() -> None:
    plan = planned(Groups)
    assert (plan.arguments, plan.given.tensors()[0].shape[-1]) == ("filters=32", 32)


class Merge(Layer):
    """What is upsampled by two meets what is twice as large."""

    def call(self, inputs: Any) -> Any:
        fine, coarse = inputs
        wants_rank(fine, 4)
        shape = (coarse.shape[0], 2 * coarse.shape[1], 2 * coarse.shape[2], coarse.shape[3])
        if fine.shape != shape:
            raise ValueError(f"Incompatible shapes: {list(fine.shape)} vs. {list(shape)}")
        return fine


@pytest.mark.slow
def test_images_of_several_scales() -> None:
    assert planned(Merge).inputs == "[float32[5,8,8,8], float32[5,4,4,8]]"


def test_an_axis_is_made_as_long_as_an_index_needs() -> None:
    assert planned(Boxes).inputs == "{'boxes': float32[5,4,7]}"


def test_keys_that_are_read_make_a_dict() -> None:
    plan = planned(Features)
    assert set(plan.given.positional[0]) == {"image", "mask"}


def test_an_argument_that_is_none_by_default_is_given_where_nothing_else_helps() -> None:
    plan = planned(Optional)
    assert plan.arguments == "vocabulary=['a', 'b', 'c']"
    assert plan.source == "repair"


def test_the_same_plan_is_found_each_time() -> None:
    assert {(plan.arguments, plan.inputs) for plan in [planned(Attention), planned(Attention)]} == {
        ("", "float32[5,4,8], float32[5,4,8]")
    }


@pytest.mark.parametrize(("cls", "source"), [(Plain, "defaults"), (Units, "synthesis"), (Matching, "repair")])
def test_a_plan_says_where_it_came_from(cls: Any, source: str) -> None:
    assert planned(cls).source == source


def test_calls_of_the_project_come_first() -> None:
    calls = (
        FoundCall(arguments="'no', 'such'", inputs="", place="tests/test_units.py:3"),
        FoundCall(arguments="3", inputs="float32[5,2]", place="tests/test_units.py:4"),
    )
    plan = planned(Units, Known(calls=calls))
    assert (plan.arguments, plan.inputs) == ("units=3", "float32[5,2]")
    assert plan.source == "call in tests/test_units.py:4"


def test_arguments_of_a_call_go_with_inputs_of_our_own() -> None:
    plan = planned(Units, Known(calls=(FoundCall(arguments="units=3", inputs="nonsense", place="a.py:1"),)))
    assert (plan.arguments, plan.inputs, plan.source) == ("units=3", "float32[5,8]", "call in a.py:1")


class Trained(Layer):
    def call(self, inputs: Any, training: Any, mask: Any = None) -> Any:
        return inputs


@pytest.mark.parametrize(
    ("given", "inputs"),
    [
        ("float32[5,8], False, bool[5,8]", "float32[5,8], training=False, mask=bool[5,8]"),
        ("float32[5,8], training=True", "float32[5,8], training=True"),
    ],
)
def test_whether_a_call_trains_is_said_by_name(given: str, inputs: str) -> None:
    plan = planned(Trained, Known(calls=(FoundCall(arguments="", inputs=given, place="a.py:1"),)))
    assert plan.inputs == inputs
    assert planned(Trained, Known(Recipe(inputs="float32[5,8], True"))).inputs == "float32[5,8], training=True"


def test_a_recipe_is_taken_as_it_stands() -> None:
    recipe = Recipe(arguments="units=4", inputs="int32[2,3]", call="")
    plan = planned(Units, Known(recipe, (FoundCall(arguments="9", place="a.py:1"),)))
    assert (plan.arguments, plan.inputs, plan.source) == ("units=4", "int32[2,3]", "recipe")


def test_a_recipe_may_name_the_inputs_alone() -> None:
    plan = planned(Units, Known(Recipe(inputs="float32[2,3]")))
    assert (plan.arguments, plan.inputs, plan.source) == ("units=8", "float32[2,3]", "recipe")


def test_a_recipe_may_name_words_of_the_call() -> None:
    plan = planned(Attention, Known(Recipe(inputs="float32[2,4,8], float32[2,4,8]", call="training=True")))
    assert plan.given.named == {"training": True}


@pytest.mark.parametrize(
    ("recipe", "reason"),
    [
        (Recipe(arguments="size=4"), "unexpected keyword argument 'size'"),
        (Recipe(arguments="4 +"), "does not read"),
        (Recipe(arguments="4", inputs="float[2]"), "no dtype"),
    ],
)
def test_a_recipe_that_fails_is_not_replaced(recipe: Recipe, reason: str) -> None:
    found = first_working(Units, Known(recipe), Fake())
    assert isinstance(found, Failure)
    assert reason in found.reason


class Broken(Layer):
    def __init__(self, units: int) -> None:
        super().__init__()
        self.units = units

    def call(self, inputs: Any) -> Any:
        return self.nothing(inputs)  # type: ignore[attr-defined]


def test_a_layer_that_always_fails_says_how_and_what_to_pin() -> None:
    found = first_working(Broken, Known(), Fake())
    assert isinstance(found, Failure)
    assert "AttributeError: 'Broken' object has no attribute 'nothing'" in found.reason
    assert found.recipe.startswith(f'"{__name__}.Broken" = {{ arguments = \'units=')
    first = found.attempts[0]
    assert first.trouble.stage == "call"
    assert first.plan.arguments == "units=8"
    assert first.trouble.lines[0].strip() == "return self.nothing(inputs)  # type: ignore[attr-defined]"


class Never(Layer):
    def __init__(self, thing: Any) -> None:
        raise ValueError("never")


@pytest.mark.parametrize("cls", [Broken, Never])
def test_the_search_ends_after_so_many_tries(cls: Any) -> None:
    found = first_working(cls, Known(), Fake(), tries=5)
    assert isinstance(found, Failure)
    assert sum(attempt.trouble.stage == "call" for attempt in found.attempts) <= 5
    assert len(found.attempts) <= 20


def test_the_search_ends_after_so_much_time() -> None:
    from keras_layer_lint.confirm.planning.search import Search

    search = Search(Broken, Known(), Fake(), seconds=3.0, clock=ticking())
    assert isinstance(search.run(), Failure)
    assert search.calls <= 3


def ticking() -> Callable[[], float]:
    numbers = iter(range(1000))
    return lambda: float(next(numbers))


def test_a_layer_that_leaves_the_process_is_a_failure() -> None:
    class Leaving(Layer):
        def call(self, inputs: Any) -> Any:
            raise SystemExit(3)

    found = first_working(Leaving, Known(), Fake())
    assert isinstance(found, Failure)
    assert "SystemExit" in found.reason


class Signed(Layer):
    """One of its names is bound where the mean is negative, and nowhere else."""

    def call(self, inputs: Any) -> Any:
        if inputs.mean() < 0:
            outputs = inputs
        return outputs


class Large(Layer):
    def call(self, inputs: Any) -> Any:
        assert inputs.min() < 0.0
        return inputs


@pytest.mark.parametrize("cls", [Signed, Large])
def test_other_values_are_drawn_where_the_way_through_the_code_depends_on_them(cls: Any) -> None:
    for known in (Known(), Known(Recipe(inputs="float32[5,8]"))):
        plan = planned(cls, known)
        assert (plan.inputs, plan.draw > 0) == ("float32[5,8]", True)
        args, _ = plan.arrays()
        assert plan.call(plan.make()).tolist() == args[0].tolist()


class Endless(Layer):
    def call(self, inputs: Any) -> Any:
        while inputs.ndim == 2:
            pass
        return inputs


class Spinning(Layer):
    def call(self, inputs: Any) -> Any:
        while True:
            pass


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LIMIT, "seconds", 0.2)
    monkeypatch.setattr(LIMIT, "afterwards", 0.1)


@pytest.mark.slow
@pytest.mark.usefixtures("impatient")
def test_a_call_that_does_not_end_is_a_failed_attempt() -> None:
    assert planned(Endless).inputs == "float32[5,4,8]"


@pytest.mark.slow
@pytest.mark.usefixtures("impatient")
def test_a_layer_that_never_ends_is_not_called_often() -> None:
    found = first_working(Spinning, Known(), Fake())
    assert isinstance(found, Failure)
    assert "did not end within 0.2 s" in found.reason
    assert len(found.attempts) == 3


class Faulty(Layer):
    def call(self, inputs: Any) -> Any:
        raise TypeError(f"a list of tensors is no tensor{'' if inputs.ndim < 9 else ' at all'}")


@pytest.mark.slow
def test_an_error_that_a_finding_explains_ends_the_search_early() -> None:
    def attempts(cls: Any, explained: Callable[[BaseException], bool]) -> int:
        found = first_working(cls, Known(), Fake(), explained=explained)
        assert isinstance(found, Failure)
        return len(found.attempts)

    assert attempts(Faulty, lambda error: isinstance(error, TypeError)) < 10
    assert attempts(Faulty, lambda error: False) > 20


class Unset(Layer):
    def call(self, inputs: Any) -> Any:
        wants_rank(inputs, 4)
        return inputs * self.scale  # type: ignore[attr-defined]


class Misspelt(Layer):
    def call(self, inputs: Any) -> Any:
        return inputs * skale  # type: ignore[name-defined] # noqa: F821


class SetByBuild(Layer):
    """What is missing is there for other inputs."""

    def call(self, inputs: Any) -> Any:
        if inputs.ndim == 3:
            self.scale = 2
        return inputs * self.scale


class Unlike(Layer):
    """As Keras 3 fails where the arguments of `build` and `call` have other names."""

    def call(self, queries: Any, value: Any) -> Any:
        raise ValueError(
            "For a `build()` method with more than one argument, all arguments should have a `_shape` suffix and match "
            "an argument from `call()`. E.g. `build(self, foo_shape, bar_shape)` For layer 'Unlike', received "
            "`build()` argument `query_shape`, but `call()` does not have argument `query`."
        )


@pytest.mark.parametrize("cls", [Unset, Misspelt, Unlike])
def test_a_name_that_is_not_there_ends_the_search_early(cls: type[Layer]) -> None:
    found = first_working(cls, Known(), Fake())
    assert isinstance(found, Failure)
    assert len(found.attempts) < 20
    assert any(name in found.reason for name in ("scale", "skale", "query_shape"))


def test_a_name_that_some_inputs_bring_does_not() -> None:
    assert planned(SetByBuild).inputs == "float32[5,4,8]"


class Deep(Layer):
    """Each step is told only once the one before was made."""

    def call(self, query: Any, value: Any, mask: Any = None, bias: Any = None, flags: Any = None) -> Any:
        wants_rank(query, 3)
        wants_rank(value, 3)
        if query.shape[-1] != 16:
            raise ValueError(f"Matrix size-incompatible: In[0]: {list(query.shape)}, In[1]: [16,8]")
        scores = query + bias
        if query.shape != value.shape:
            raise ValueError(f"Incompatible shapes: {list(query.shape)} vs. {list(value.shape)}")
        return scores * mask[..., None]


def test_what_brings_the_call_farther_is_followed() -> None:
    plan = planned(Deep, tries=25)  # 36 where it is not
    assert plan.inputs == "float32[5,4,16], float32[5,4,16], bias=float32[5,4,16], mask=bool[5,4]"


class Scored(Layer):
    """Takes vectors for sequences, until the mask is added to the scores of heads."""

    def call(self, query: Any, value: Any, mask: Any) -> Any:
        if mask.dtype == bool:
            raise ValueError(
                "cannot compute AddV2 as input #1(zero-based) was expected to be a float tensor but is a bool tensor"
            )
        if query.ndim != 3 or value.ndim != 3:
            raise ValueError("Matrix size-incompatible: In[0]: [5,2,5,8], In[1]: [5,2,1,4]")
        if mask.ndim != 4:
            raise ValueError(f"Incompatible shapes: [5,2,4,4] vs. {str(list(mask.shape)).replace(' ', '')}")
        return query


def test_what_dtypes_bring_farther_is_learnt_for_other_shapes() -> None:
    plan = planned(Scored, tries=7)  # 14 where it is not
    assert plan.inputs == "float32[5,4,8], float32[5,4,8], float32[5,1,1,4]"


class OfWords(Layer):
    """All that it takes it reads from `kwargs`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__()
        self.units = int(kwargs.get("units")) + 1  # type: ignore[arg-type]
        self.size = kwargs["size"] + kwargs.pop("rate", 0.5)

    def call(self, inputs: Any) -> Any:
        return inputs * self.units


class OfSomeWords(Layer):
    """What may be None is None."""

    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(kwargs.pop("name", None))
        self.scale = kwargs.get("scale")
        self.units = units + kwargs.pop("more")

    def call(self, inputs: Any) -> Any:
        return inputs


def test_arguments_that_are_read_from_kwargs() -> None:
    assert planned(OfWords).arguments == "size=2, units=8"
    assert planned(OfSomeWords).arguments == "units=8, more=8"


class Packing(Layer):
    """As models of BERT have it: what is called takes more than what does the work."""

    def __call__(self, first: Any, second: Any, mask: Any = None) -> Any:
        return super().__call__((first, second, mask))

    def call(self, inputs: Any) -> Any:
        first, second, mask = inputs
        return first * second * mask


def test_what_an_own_call_takes() -> None:
    assert planned(Packing).inputs == "float32[5,8], float32[5,8], mask=bool[5,8]"


def test_an_error_that_a_finding_explains_does_not_end_the_search_before_other_inputs_are_tried() -> None:
    for cls in (Tokens, Attention, Matching, Image):
        assert isinstance(first_working(cls, Known(), Fake(), explained=lambda error: True), Plan)


def test_values_are_the_same_each_time_and_of_the_batch_that_is_asked_for() -> None:
    plan = planned(Attention)
    (query, value), _ = plan.arrays(batch=3)
    (again, _), _ = plan.arrays(batch=3)
    assert query.shape == value.shape == (3, 4, 8)
    assert (query == again).all()
    assert not (query == value).all()


def test_integers_stay_below_a_limit() -> None:
    plan = planned(Plain, Known(Recipe(inputs="int32[9,9] < 2")))
    (array,), _ = plan.arrays(batch=9)
    assert set(array.ravel()) == {0, 1}


class Secret(Layer):
    def __init__(self, secret: Any) -> None:
        super().__init__()
        # pytest would write an `assert` anew, with a text.
        if str(secret).encode().hex() != "6f70656e":
            raise AssertionError

    def call(self, inputs: Any) -> Any:
        return inputs


class OfOneShape(Layer):
    def call(self, inputs: Any) -> Any:
        if inputs.shape[1:] != (17, 23):
            raise ValueError("not what is wanted")
        return inputs


class Picky(Layer):
    def call(self, inputs: Any) -> Any:
        return inputs.copy().adjacency


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cls", "said"),
    [
        (Secret, "AssertionError: raise AssertionError, line "),
        (OfOneShape, "ValueError: not what is wanted, line "),
        (Picky, "AttributeError: 'numpy.ndarray' object has no attribute 'adjacency', line "),
    ],
)
def test_the_reason_is_the_error_of_the_layer_and_not_of_an_odd_attempt(cls: Any, said: str) -> None:
    """More attempts fail because a list has no shape, or because klint gives arguments that there are not."""
    found = first_working(cls, Known(), Fake())
    assert isinstance(found, Failure)
    assert f"attempts: {said}" in found.reason


class OfLists(Layer):
    def call(self, inputs: list[Any]) -> Any:
        (first,) = [each for each in [*inputs] if each is not None][:1]
        return [first].shape  # type: ignore[attr-defined]


@pytest.mark.slow
def test_what_klint_made_up_is_said_to_be() -> None:
    found = first_working(OfLists, Known(), Fake())
    assert isinstance(found, Failure)
    assert "'list' object has no attribute 'shape', line " in found.reason
    assert "(klint made up the inputs " in found.reason
    recipe = Recipe(inputs="[float32[2,3]]")
    found = first_working(OfLists, Known(recipe), Fake())
    assert isinstance(found, Failure)
    assert "made up" not in found.reason
