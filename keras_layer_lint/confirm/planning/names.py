"""What a parameter's name says of the values it takes: candidates as Python text, the likeliest first."""

from __future__ import annotations

import re
from functools import cache

WIDTH, STEPS, SIDE, VOCABULARY = 8, 4, 8, 16
"""The last axis, the axis of time, the sides of an image, and how many kinds of tokens there are."""

_DENSE = f"keras.layers.Dense({WIDTH})"
_ARRAY = f"np.ones(({VOCABULARY}, {WIDTH}), 'float32')"
_RNN = f"keras.layers.SimpleRNN({WIDTH}, return_sequences=True)"

_BY_NAME: tuple[tuple[str, tuple[str, ...]], ...] = (
    # objects
    (r"^(rnn_)?cells$", (f"[keras.layers.SimpleRNNCell({WIDTH})]",)),
    (r"(^|_)cell$", (f"keras.layers.SimpleRNNCell({WIDTH})", f"keras.layers.LSTMCell({WIDTH})")),
    (r"(^|_)rnn(_layer)?$", (_RNN,)),
    (r"conv(olution)?(_layer|_block)?$", (f"keras.layers.Conv2D({WIDTH}, 3, padding='same')",)),
    (r"norm(alization)?(_layer|_block)$", ("keras.layers.LayerNormalization()", "keras.layers.LayerNormalization")),
    (r"embedding(s)?(_layer|_table)?$", (f"keras.layers.Embedding({VOCABULARY}, {WIDTH})",)),
    (r"attention(_layer|_block)?$", ("keras.layers.MultiHeadAttention(2, 4)",)),
    (r"(^|_)(layers|blocks|modules|models|sublayers|branches|experts|transforms)$", (f"[{_DENSE}]",)),
    (
        r"(^|_)(layer|block|module|model|network|net|sublayer|wrapped|encoder|decoder|head|tower|projection|mlp|ffn)$",
        (_DENSE, _RNN, f"keras.Sequential([{_DENSE}])"),
    ),
    (
        r"backbone|feature_extractor",
        (
            f"keras.Sequential([keras.Input((32, 32, 3)), keras.layers.Conv2D({WIDTH}, 3, padding='same')])",
            f"keras.Sequential([keras.Input(({WIDTH},)), {_DENSE}])",
        ),
    ),
    (r"(^|_)(layer_)?(class|cls|type)$", ("keras.layers.Dense", "'relu'")),
    (r"(^|_)(function|fn|func|callable|transform|transformation|operation|op)$", ("keras.activations.relu",)),
    (r"activation|nonlinearity|act_fn", ("'relu'", "keras.activations.relu")),
    (r"initiali[sz]er|(^|_)init$", ("'glorot_uniform'", "'ones'")),
    (r"regulari[sz]er", ("'l2'",)),
    (r"constraint", ("'non_neg'",)),
    (r"optimizer", ("'adam'",)),
    (r"(^|_)loss(es)?(_fn|_function)?$", ("'mse'", "keras.losses.MeanSquaredError()")),
    (r"(^|_)metric$", ("keras.metrics.Mean()",)),
    (r"metrics$", ("[keras.metrics.Mean()]",)),
    (r"seed_generator", ("keras.random.SeedGenerator(7)",)),
    (r"(^|_)(table|matrix|tensor|array|mask|adjacency|kernel_weights)$", (_ARRAY,)),
    # words
    (r"^equation$", ("'ab,bc->ac'", "'abc,cd->abd'")),
    (r"data_format", ("'channels_last'",)),
    (r"padding", ("'same'", "1")),
    (r"(^|_)dtype", ("'float32'",)),
    (r"vocabulary$|(^|_)vocab$|vocab_list", ("['a', 'b', 'c']", f"{VOCABULARY}")),
    (r"interpolation|resize_mode", ("'bilinear'",)),
    (r"bounding_box_format|(^|_)format$", ("'xyxy'",)),
    (r"pooling|(^|_)pool$", ("'avg'", "'mean'", "'max'")),
    (r"normali[sz](ation|er|e)$|(^|_)norm(_type)?$", ("'layer'", "'batch'", "True")),
    (r"merge|aggregat|reduc|combiner|fusion", ("'sum'", "'mean'", "'concat'")),
    (r"(^|_)(mode|method|type|kind|variant|strategy|style|scheme)$", ("'sum'", "'mean'", "'add'", "'default'")),
    (r"(^|_)name$|prefix|suffix|(^|_)label$|(^|_)key$", ("'given'",)),
    (r"(^|_)(names|keys|labels|tasks|fields|columns)$", ("['a', 'b']",)),
    # truths
    (r"^(use|is|has|with|should|do|return|include|enable|apply|add|share|learn|train)_|(^|_)(bias|causal)$", ("True",)),
    (r"trainable|training|residual|shortcut|bidirectional|normalized|affine", ("True",)),
    # shapes
    (r"value_range", ("(0, 255)", "(0, 1)")),
    (r"(^|_)axes$", ("-1", "(-1,)", "1")),
    (r"axis|(^|_)dims?_to_", ("-1", "1")),
    (r"target_shape", (f"({WIDTH},)", f"(2, {WIDTH // 2})")),
    (r"(image|img)_shape", ("(32, 32, 3)",)),
    (r"output_shape", (f"({WIDTH},)", f"{WIDTH}")),
    (r"input_shapes$", (f"[({WIDTH},)]",)),
    (r"(^|_)shape$", (f"({WIDTH},)", f"(None, {WIDTH})", f"({STEPS}, {WIDTH})", f"({SIDE}, {SIDE}, 3)")),
    (r"(image|img|input|output|target|grid|feature|map)_(size|resolution|res)$", (f"({SIDE}, {SIDE})", f"{SIDE}")),
    (r"^dims$|permutation|^perm$", ("(1,)", "(2, 1)")),
    (r"paddings?$|cropping", ("1", "'same'")),
    # numbers
    (r"(^|_)(target_)?(height|width)$|crop_(height|width)", (f"{STEPS}", "0.1", f"{WIDTH}")),
    (r"(height|width|zoom|rotation)_factor", ("0.1",)),
    (r"(patch|block|tile|chunk|shift)_size|pool_size|^size$", ("2", "(2, 2)", f"{WIDTH}")),
    (r"window_size", ("2", f"{STEPS}", "(2, 2)")),
    (r"kernel(_size|s)?$|window(_length)?$|filter_size", ("3", "(3, 3)", "2")),
    (r"stride|dilation|upsampl|downsampl", ("1", "2", "(1, 1)")),
    (r"epsilon|(^|_)eps$|tolerance|jitter", ("1e-3",)),
    (r"momentum|decay", ("0.9",)),
    (r"drop|(^|_)rates?$|prob|ratio|fraction", ("0.25", "[0.25, 0.25]", "2")),
    (r"temperature|(^|_)scale(_factor)?$|expan|multiplier", ("1.0", "2")),
    (r"lower|(^|_)min(imum)?(_|$)|start", ("0.0", "0", "1")),
    (r"upper|(^|_)max(imum)?_(val|value)|(^|_)end$", ("1.0", "4")),
    (r"max(imum)?_(len|length|pos|seq|period|wavelength|time|step)", (f"{VOCABULARY}",)),
    (r"(sequence|seq|time|context|input|output|memory)_(len|length|steps?)", (f"{STEPS}", f"{WIDTH}")),
    (r"vocab|num_(tokens|embeddings|words|buckets|types|segments|entities|items|users)|max_tokens", (f"{VOCABULARY}",)),
    (r"^(input|in)_dim$", (f"{WIDTH}", f"{VOCABULARY}")),
    (r"head(s)?_(dim|size)|key_dim|value_dim|query_dim|size_per_head|dim_(per_)?head", (f"{WIDTH // 2}", f"{WIDTH}")),
    (r"(^|_)n?_?heads?$|num_.*heads?|(^|_)groups?$|num_groups", ("2", "1")),
    (
        r"(^|_)(units|filters?|channels?|dims?|features?|hidden|sizes?|embed(ding)?|ch|planes|neurons|nodes|d_model|"
        r"outputs?|width|latent|projection|state|out|n_out|rank|intermediate|bottleneck|mlp)$|_dim_|dim$",
        (f"{WIDTH}", f"[{WIDTH}, {WIDTH}]"),
    ),
    (r"class", (f"{STEPS}", "2")),
    (
        r"num|count|(^|_)n(_|$)|(^|_)(n|k|m|depth|order|degree|levels?|repeats?|iterations?|steps?|bins?|factor|power|"
        r"layers?|length|experts?|capacity|hops?|top_k|blocks?|stages?|index|position|id)$",
        ("2", f"{STEPS}", "1", "0.5"),
    ),
    (r"alpha|beta|gamma|delta|sigma|lambda|std|slope|threshold|limit|keep|cutoff|value|weight|mean|var", ("0.5",)),
    (r"weights$|values$|boundaries|thresholds$|alphas$|factors$|scales$", ("[0.5, 1.0]", "0.5")),
    (r"(^|_)(args|kwargs|params|options|config|settings|dict)$", ("{}",)),
)

_OTHERWISE = (
    f"{WIDTH}",
    "0.5",
    "'relu'",
    "True",
    f"[{WIDTH}, {WIDTH}]",
    f"({SIDE}, {SIDE})",
    _DENSE,
    "keras.activations.relu",
    "'given'",
    "None",
    f"[{_DENSE}]",
    "{}",
)

_BY_KIND: dict[str, tuple[str, ...]] = {
    "int": (f"{WIDTH}", "2", f"{STEPS}", "1", f"{VOCABULARY}"),
    "float": ("0.5", "1.0", "0.1"),
    "bool": ("True", "False"),
    "str": ("'relu'", "'given'", "'sum'", "'same'"),
    "list": (f"[{WIDTH}, {WIDTH}]", "[2, 2]", "[0.5, 1.0]", "['a', 'b']", f"[{_DENSE}]"),
    "pair": (f"({SIDE}, {SIDE})", "(2, 2)", f"({WIDTH},)", "(0.1, 0.5)"),
    "dict": ("{}", f"{{'a': {WIDTH}}}"),
    "callable": ("keras.activations.relu", _DENSE, "'relu'"),
    "layer": (_DENSE, f"keras.Sequential([{_DENSE}])", "keras.layers.LayerNormalization()"),
    "layers": (f"[{_DENSE}]",),
    "array": (_ARRAY, f"np.ones(({WIDTH},), 'float32')"),
    "none": ("None",),
}


@cache
def by_name(name: str) -> tuple[str, ...]:
    """Every candidate that the name speaks for, the most telling pattern first."""
    spoken = name.lower().strip("_")
    found = [value for pattern, values in _BY_NAME if re.search(pattern, spoken) for value in values]
    return tuple(dict.fromkeys(found))


def by_kind(kind: str) -> tuple[str, ...]:
    """Candidates of a kind of value: `int`, `float`, `str`, `list`, `pair`, `callable`, `layer` ..."""
    return _BY_KIND.get(kind, ())


def otherwise() -> tuple[str, ...]:
    """One candidate of each kind."""
    return _OTHERWISE


def kind_of(value: str) -> str:
    """The kind of a candidate, as far as its text shows."""
    if value in ("True", "False"):
        return "bool"
    if value == "None":
        return "none"
    if value[0] in "'\"":
        return "str"
    if value[0] in "([{":
        return {"(": "pair", "[": "layers" if "keras." in value else "list", "{": "dict"}[value[0]]
    if value.startswith("np."):
        return "array"
    if "keras." in value:
        return "layer" if value.endswith(")") else "callable"
    return "float" if re.search(r"[.e]", value) else "int"
