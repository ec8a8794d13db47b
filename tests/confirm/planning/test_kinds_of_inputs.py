"""Kinds of layers whose inputs or arguments are of several kinds at once."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from keras_layer_lint.confirm.planning.arguments import Candidates
from keras_layer_lint.confirm.planning.reading import read
from keras_layer_lint.confirm.planning.seeds import seeds
from tests.confirm.planning.fake_keras import Layer, wants_rank
from tests.confirm.planning.test_search import planned


class Decoder(Layer):
    """Masks are added to scores, which have an axis for the heads."""

    def call(self, ids: Any, encoder_output: Any, look_ahead_mask: Any, padding_mask: Any) -> Any:
        if encoder_output.ndim != 3:
            raise ValueError("of the encoder")
        for mask in (look_ahead_mask, padding_mask):
            if mask.ndim != 4:
                raise ValueError("Incompatible shapes: [5,2,4,4] vs. [5,4]")
        return ids


class Strict(Layer):
    """Says by itself of which shape the mask is to be."""

    def call(self, embedded: Any, padding_mask: Any) -> Any:
        batch, steps = embedded.shape[:2]
        if padding_mask.shape != (batch, 1, steps):
            wanted = f"(batch, 1, steps) (here {(batch, 1, steps)})"
            raise ValueError(f"the mask must be of shape {wanted}. Got a mask of shape {padding_mask.shape}.")
        return embedded


class Masked(Layer):
    """Takes a mask for each of its sequences, and one value of it for each step."""

    def call(self, inputs: Any, mask: Any = None) -> Any:
        first, second = inputs
        first_mask, second_mask = mask
        for tensor, own in ((first, first_mask), (second, second_mask)):
            wants_rank(tensor, 3)
            if own.shape != tensor.shape[:2]:
                raise ValueError("of another kind")
        return first


class Node(Layer):
    """Takes some of a list of inputs."""

    def __init__(self, inputs_offsets: Any) -> None:
        super().__init__()
        self.offsets = [offset + 0 for offset in inputs_offsets]

    def call(self, inputs: Any) -> Any:
        return [inputs[offset] for offset in self.offsets] + inputs + [len(inputs)]


class Resampling(Layer):
    """Brings one level of a pyramid to the size of another."""

    def __init__(self, feat_level: int) -> None:
        super().__init__()
        self.feat_level = feat_level

    def call(self, feat: Any, all_feats: Any) -> Any:
        if all_feats:
            return feat, all_feats[self.feat_level].shape[1]
        return feat


class Heading(Layer):
    """Stands on a network that gives a sequence and one vector for it."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network
        sequence, pooled = network(network.inputs)
        self.width = (sequence, pooled)


class Pooling(Layer):
    """Its function is called with three arguments."""

    def __init__(self, pool_func: Any) -> None:
        super().__init__()
        self.pool_func = pool_func

    def call(self, inputs: Any) -> Any:
        return self.pool_func(inputs, inputs, None)


class Optional(Layer):
    """Its part for dense columns never works; without such columns it is not made."""

    def __init__(self, dense_feature_columns: Any) -> None:
        super().__init__()
        if dense_feature_columns:
            raise ValueError(f"no table for {len(dense_feature_columns)} columns")

    def call(self, inputs: Any) -> Any:
        return inputs


class Pyramid(Layer):
    def __init__(self, config: Any) -> None:
        super().__init__()
        self.levels = list(range(config.min_level, config.max_level + 1))
        if not self.levels:
            raise ValueError("no levels")

    def call(self, inputs: Any) -> Any:
        return inputs


class Rooted(Layer):
    """`float(size)` is of a number, though the name speaks of a key."""

    def __init__(self, size_per_key: Any) -> None:
        super().__init__()
        self.scale = 1.0 / float(size_per_key)

    def call(self, inputs: Any) -> Any:
        return inputs * self.scale


class History(Layer):
    """What is asked for stands beside a history of the same kind, along which it is repeated."""

    def call(self, inputs: Any) -> Any:
        target = [inputs["target_item"], inputs["target_kind"]]
        history = [inputs["past_item"], inputs["past_kind"]]
        steps = [each.shape[1] for each in (*target, *history)]
        if steps[2] != steps[3] or steps[0] != steps[1]:
            raise ValueError("ConcatOp : Dimension 1 in both shapes must be equal: of items and kinds")
        if steps[0] != 1:
            raise ValueError(f"Incompatible shapes: [5,{steps[0] * steps[2]},16] vs. [5,{steps[2]},16]")
        return target, history


class Skipping(Layer):
    """Goes up a pyramid, a level of which is added each time."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = [Layer(), Layer()]

    def call(self, inputs: Any, features: Any) -> Any:
        wants_rank(inputs, 4)
        side = inputs.shape[1]
        for i, _block in enumerate(self.blocks):
            side *= 2
            if features[i].ndim != inputs.ndim:
                raise ValueError("ConcatOp : Ranks of all input tensors should match: [5,16,16,8] vs. [8,8,8]")
            own = features[i].shape[1]
            if own != side:
                raise ValueError(
                    "ConcatOp : Dimension 1 in both shapes must be equal: "
                    f"shape[0] = [5,{side},{side},8] vs. shape[1] = [5,{own},{own},8]"
                )
        return inputs


class Decoding(Layer):
    """Is given the levels of an encoder, the largest first."""

    def call(self, x: Any, first: Any, second: Any, third: Any) -> Any:
        wants_rank(x, 4)
        side = x.shape[1]
        for level in (third, second, first):
            side *= 2
            own = level.shape[1]
            if own != side:
                raise ValueError(
                    f"In[0] and In[1] must have compatible batch dimensions: [5,{side},{side},8] vs. [5,{own},{own},8]"
                )
        return x


class Gate(Layer):
    """Is no cell, though it is given a state."""

    def call(self, inputs: Any, state: Any, score: Any) -> Any:
        return inputs.shape, state.shape, score.shape


class Cell(Layer):
    """Says nothing of its states, but takes them apart."""

    def call(self, inputs: Any, state: Any) -> Any:
        (hidden,) = state
        return inputs.shape, hidden.shape


class Ragged(Layer):
    """Masks what lies beyond the lengths of sequences."""

    tf = SimpleNamespace(sequence_mask=lambda lengths, longest: lengths.ndim == 1)

    def call(self, inputs: Any, counts: Any) -> Any:
        if not self.tf.sequence_mask(counts, inputs.shape[1]):
            raise ValueError("wants the length of each sequence")
        return inputs


@pytest.mark.parametrize(
    ("cls", "tries", "inputs"),
    [
        (Decoder, 3, "int32[5,4], float32[5,4,8], bool[5,1,1,4], bool[5,1,1,4]"),
        (Strict, 6, "float32[5,8], bool[5,1,8]"),
        (Masked, 3, "[float32[5,4,8], float32[5,4,8]], mask=[bool[5,4], bool[5,4]]"),
        (
            History,
            12,
            "{'target_item': float32[5,1], 'target_kind': float32[5,1], "
            "'past_item': float32[5,8], 'past_kind': float32[5,8]}",
        ),
        (
            Skipping,
            10,
            "float32[5,4,4,8], [float32[5,8,8,8], float32[5,16,16,8], float32[5,32,32,8], float32[5,64,64,8]]",
        ),
        (Decoding, 16, "float32[5,4,4,8], float32[5,32,32,8], float32[5,16,16,8], float32[5,8,8,8]"),
        (Gate, 1, "float32[5,8], float32[5,8], float32[5,8]"),
        (Cell, 1, "float32[5,8], [float32[5,8]]"),
        (Ragged, 1, "float32[5,8], int32[5] < 5 >= 1"),
        (Resampling, 4, "float32[5,8], [float32[5,8], float32[5,8], float32[5,8], float32[5,8]]"),
    ],
)
def test_inputs_of_several_kinds(cls: Any, tries: int, inputs: str) -> None:
    assert planned(cls, tries=tries).inputs == inputs


def test_a_list_is_as_long_as_what_is_taken_from_it() -> None:
    assert planned(Node, tries=30).inputs.count("float32") == 9


def test_a_network_gives_as_many_values_as_are_unpacked() -> None:
    first = Candidates(Heading, Layer, read(Heading, Layer)).of("network")[0]
    assert first.startswith("keras.Model(inner := ")


@pytest.mark.parametrize(
    ("cls", "arguments"),
    [
        (Optional, "dense_feature_columns=[]"),
        (Rooted, "size_per_key=8"),
        (Pooling, "pool_func=lambda first, *others: first"),
    ],
)
def test_arguments(cls: Any, arguments: str) -> None:
    assert planned(cls, tries=6).arguments == arguments


def test_levels_of_a_pyramid_are_numbers() -> None:
    assert "min_level=3, max_level=5" in planned(Pyramid).arguments


class Folded(Layer):
    """Is given the sides of an image that it makes of a sequence."""

    def call(self, inputs: Any, height: Any, width: Any) -> Any:
        batch, _, depth = inputs.shape
        return np.reshape(inputs, (batch, height, width, depth))


class Handing(Layer):
    def __init__(self) -> None:
        super().__init__()
        self.folded = Folded()

    def call(self, inputs: Any, tall: Any, wide: Any) -> Any:
        return self.folded(inputs, tall, width=wide)


@pytest.mark.parametrize(
    ("cls", "inputs"),
    [(Folded, "float32[5,4,8], height=2, width=2"), (Handing, "float32[5,4,8], tall=2, wide=2")],
)
def test_what_a_shape_is_made_with_is_a_number(cls: Any, inputs: str) -> None:
    assert planned(cls, tries=3).inputs == inputs


class Zipped(Layer):
    def call(self, inputs: Any) -> Any:
        return [part(each) for each, part in zip(inputs, self.parts)]  # type: ignore[attr-defined] # noqa: B905


class Numbered(Layer):
    def call(self, inputs: Any) -> Any:
        found = 0
        for number, (part, each) in enumerate(zip(self.parts, inputs)):  # type: ignore[attr-defined] # noqa: B905
            found += number * part(each)
        return found


@pytest.mark.parametrize("cls", [Zipped, Numbered])
def test_a_list_of_tensors_comes_first_where_it_is_gone_over_with_layers(cls: Any) -> None:
    assert str(next(seeds(cls(), read(cls, Layer)))).count("float32") == 4


def test_a_list_of_tensors_comes_first_where_one_is_chosen_by_an_attribute() -> None:
    class Chosen(Layer):
        def call(self, inputs: Any) -> Any:
            return inputs[self.level]  # type: ignore[attr-defined]

    assert str(next(seeds(Chosen(), read(Chosen, Layer)))).count("float32") == 4


class Arrays(Layer):
    """What its arguments are is told by the functions that they are given to alone."""

    def __init__(
        self, links: Any, edges: Any, neighbours: Any, mode: Any, network: Any, given: np.ndarray[Any, Any], kinds: Any
    ) -> None:
        super().__init__()
        self.links, self.edges, self.neighbours, self.network = links, edges, neighbours, network
        self.mode, self.kinds = mode, kinds

    def call(self, inputs: Any) -> Any:
        near = self.tf.gather(self.neighbours, inputs)  # type: ignore[attr-defined]
        if self.mode == 2:
            return self.tf.matmul(self.links, near)  # type: ignore[attr-defined]
        if self.mode == 3:
            return self.tf.sparse.sparse_dense_matmul(self.edges, near)  # type: ignore[attr-defined]
        self.embedding(self.tf.gather(self.kinds, inputs))  # type: ignore[attr-defined]
        return self.network([near, self.edges])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("links", "np.eye(4, dtype='float32')"),
        ("edges", "tf.sparse.from_dense(np.eye(5, dtype='float32'))"),
        ("neighbours", "np.ones((16, 8), 'float32')"),
        ("mode", "2"),
        ("kinds", "np.arange(16, dtype='int32') % 2"),
        ("network", "keras.layers.Lambda(lambda parts: parts[0])"),
        ("given", "np.ones((16, 8), 'float32')"),
    ],
)
def test_arrays_and_functions_of_lists_are_told_by_their_use(name: str, value: str) -> None:
    assert Candidates(Arrays, Layer, read(Arrays, Layer)).of(name)[0] == value


class Attending(Layer):
    """Calls what it is given with arguments by names; a class is called in the constructor."""

    def __init__(self, attention: Any, mixing: Any, pairing: Any, normed: Any, standing: Layer) -> None:
        super().__init__()
        self.attention, self.mixing, self.pairing, self.standing = attention, mixing, pairing, standing
        self.normed = normed(axis=-1)

    def call(self, inputs: Any, attn_mask: Any = None) -> Any:
        inputs = self.mixing(inputs, bias=attn_mask) + self.attention([inputs, inputs], attn_mask=attn_mask)
        return self.pairing(query=inputs, value=inputs) + self.standing(inputs, bias=attn_mask)


@pytest.mark.parametrize(
    ("name", "is_for_words"), [("attention", True), ("mixing", True), ("pairing", False), ("normed", False)]
)
def test_a_function_of_any_arguments_where_no_layer_takes_them(name: str, is_for_words: bool) -> None:
    value = Candidates(Attending, Layer, read(Attending, Layer)).of(name)[0]
    assert value.startswith("lambda") is is_for_words
    if is_for_words:
        given = [1.0, 2.0] if name == "attention" else 1.0
        assert eval(value)(given, bias=None) == 1.0


def test_a_layer_where_one_is_annotated() -> None:
    assert Candidates(Attending, Layer, read(Attending, Layer)).of("standing")[0].startswith("keras.layers.")
