"""What the text of a module says about the generation of Keras that it is written for, and about how it is used.

Only text is searched, plain words before patterns: all files of a project are put to this. What a comment says does
not count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import islice

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.keras.exports import exists
from keras_layer_lint.keras.names import as_imported
from keras_layer_lint.model.calls_of_keras_2 import calls_of_keras_2
from keras_layer_lint.source.text_places import in_code
from keras_layer_lint.target import Generation


@dataclass(frozen=True, slots=True)
class Choice:
    """The generations that something is linted for, and what speaks for them, as the summary says it."""

    generations: frozenset[Generation]
    why: str
    requirement: str | None = None
    """The requirement that speaks for them, where it is one."""


def choice(generation: Generation, why: str) -> Choice:
    """One generation, and what speaks for it."""
    return Choice(frozenset({generation}), why)


@dataclass(frozen=True, slots=True)
class Idioms:
    """What speaks for each generation in a text: the first of it, None where nothing does."""

    keras_2: str | None = None
    keras_3: str | None = None
    only: Generation | None = None
    """The one generation that can run the text as a whole, as far as is seen."""

    @property
    def generation(self) -> Generation | None:
        """What it speaks for. Who knows of Keras 3 beside old ways speaks for Keras 3."""
        if self.only is not None or (self.keras_2 is None and self.keras_3 is None):
            return self.only
        return Generation.KERAS2 if self.keras_3 is None else Generation.KERAS3


NOTHING = Idioms()

_MODULES_2 = re.compile(
    r"\n([ \t]*)(?:import|from)[ \t]+((?:tensorflow\.)?(?:python\.keras|contrib"
    r"|keras\.(?:engine|legacy\.(?:interfaces|layers)|utils\.(?:np_utils|generic_utils|conv_utils|multi_gpu_utils|vis_utils)"
    r"|wrappers\.scikit_learn|mixed_precision\.experimental|backend\.tensorflow_backend|callbacks\.callbacks"
    r"|layers\.(?:advanced_activations|convolutional|core|embeddings|local|merge|noise|normalization|pooling|recurrent"
    r"|wrappers)))|tensorflow_addons|tf_keras|keras_contrib|keras_applications)\b"
)
_MODULES_3 = re.compile(r"\n[ \t]*(?:import|from)[ \t]+(keras_hub|keras_core)\b")


@dataclass(frozen=True, slots=True)
class _Idiom:
    """A way to write that speaks for a generation."""

    words: tuple[str, ...]
    """A text that has none of these has no need of the pattern."""
    pattern: re.Pattern[str]
    why: str
    whole: bool = False
    """Whether no other generation can run the text."""
    unless: str | None = None
    """Where this word stands in the text too, it says nothing."""


_IDIOMS_2 = (
    _Idiom(
        ("tf.contrib", "tf.Session", "tf.placeholder", "tf.get_variable", "tf.layers."),
        re.compile(r"tf\.(?:contrib|Session|placeholder|get_variable|layers\.)\b"),
        "code of TensorFlow 1 is used",
        whole=True,
    ),
    _Idiom((".compat.v1",), re.compile(r"\.compat\.v1\b(?!\.keras)"), "`tf.compat.v1` is used"),
    # Optimizers of both generations have it.
    _Idiom((".add_variable(",), re.compile(r"\.add_variable\("), "`add_variable` is called", unless="Optimizer)"),
    _Idiom((".add_weight(",), re.compile(r"\.add_weight\(\s*[rbf]?['\"]"), "`add_weight` gets the name first"),
    _Idiom(("self.add_update(",), re.compile(r"self\.add_update\("), "`add_update` is called"),
    _Idiom(("self.add_metric(",), re.compile(r"self\.add_metric\("), "`add_metric` is called"),
    _Idiom(
        (".get_scaled_loss(", ".get_unscaled_gradients("),
        re.compile(r"\.get_(?:scaled_loss|unscaled_gradients)\("),
        "an optimizer is asked to scale losses or gradients as in Keras 2",
    ),
    _Idiom(
        (".reset_states(",),
        re.compile(
            r"\b\w{0,40}(?:metric|loss|acc)\w{0,40}\.reset_states\("
            r"|\bfor[ \t]+(\w{1,40})[ \t]+in[ \t]+[\w.]{0,60}metrics[^\n:]{0,60}:\s{1,40}\1\.reset_states\("
        ),
        "`reset_states` of a metric is called, which Keras 3 has no longer",
    ),
    _Idiom(
        ("dynamic",),
        re.compile(r"\bsuper\([^()\n]*\)\.__init__\([^()\n]*\bdynamic\s?="),
        "a layer is made with `dynamic`, which Keras 3 does not take",
    ),
    _Idiom(
        ("optimizer.lr",),
        re.compile(r"(?<!\w)(?:\w{1,40}\.)?optimizer\.lr\b"),
        "`lr` of an optimizer is asked for",
        unless="torch",
    ),
    _Idiom(
        ("put_at(", "put_shape_at("),
        re.compile(r"\.get_(?:in|out)put(?:_shape)?_at\("),
        "`get_output_at` or its like of a layer is called",
    ),
    _Idiom((".predict_classes(",), re.compile(r"\.predict_classes\("), "`predict_classes` is called"),
    _Idiom(
        (".reset_states(",),
        re.compile(r"\b\w{0,30}model\w{0,30}\.reset_states\("),
        "`reset_states` of a model is called, which Keras 3 has no longer",
    ),
    _Idiom(
        ("CuDNNLSTM", "CuDNNGRU"),
        re.compile(r"\bimport\b[^\n]{0,200}\bCuDNN(?:LSTM|GRU)\b|\blayers\.CuDNN(?:LSTM|GRU)\("),
        "a layer for cuDNN is used, which Keras 3 has no longer",
    ),
    _Idiom(
        ("np_utils", "multi_gpu_model", "generic_utils"),
        re.compile(r"keras\.utils import[^\n]{0,200}\b(?:np_utils|multi_gpu_model|generic_utils)\b"),
        "a module of `keras.utils` is imported that Keras 3 has no longer",
    ),
    _Idiom(("import tf_keras",), re.compile(r"\bimport tf_keras\b"), "`tf_keras` is imported"),
    _Idiom(
        ("_generator(",),
        re.compile(r"\.(?:fit|predict|evaluate)_generator\("),
        "`fit_generator` or its like is called",
    ),
    _Idiom(
        ("save_format",),
        re.compile(r"\bsave_format\s?=\s?['\"]tf['\"]"),
        "a model is saved with `save_format='tf'`, which Keras 3 refuses",
    ),
    _Idiom(
        ("def _resource_apply_dense(",),
        re.compile(r"\bdef _resource_apply_dense\(\s*self\b"),
        "an optimizer defines `_resource_apply_dense`, which Keras up to 2.10 calls",
        whole=True,
        unless="def update_step(",
    ),
    _Idiom(
        ("optimizers.legacy.",),
        re.compile(r"\bdef \w+\([^()]{0,2000}=\s*(?:\w+\.){1,3}legacy\.[A-Z]\w+\("),
        "a default is an optimizer of `optimizers.legacy`, which Keras 3 refuses to make",
        whole=True,
    ),
    _Idiom(
        ("optimizers.legacy.",),
        re.compile(r"\boptimizers\.legacy\.[A-Z]\w+\("),
        "an optimizer of `optimizers.legacy` is made, which Keras 3 refuses",
    ),
)
"""Ways to write that Keras 3 does not take, or that are older than it."""
_IDIOMS_3 = (
    _Idiom(
        ("KERAS_BACKEND",),
        re.compile(r"KERAS_BACKEND['\"\]\s=,:]{1,8}(?:jax|torch)\b"),
        "`KERAS_BACKEND` is set",
        whole=True,
    ),
    _Idiom(
        (".weights.h5",),
        re.compile(r"\.weights\.h5['\"]"),
        "weights are saved as Keras 3 asks for, to `.weights.h5`",
    ),
    _Idiom(
        ("reference_variable",),
        re.compile(r"\.add_variable_from_reference\(\s*reference_variable\s*="),
        "`add_variable_from_reference` gets `reference_variable`, as Keras 3 calls it",
        whole=True,
    ),
    _Idiom(
        ("def update_step(",),
        re.compile(r"\bdef update_step\(\s*self\s*,[^(),]{1,200},[^(),]{1,200},[^(),]{1,200}\)"),
        "`update_step` of an optimizer takes the learning rate, as in Keras 3",
    ),
)
"""Ways to write that came with Keras 3."""
_KERAS_IMPORT = re.compile(
    r"\n(?P<indent>[ \t]*)(?:from[ \t]+(?P<module>(?:tensorflow\.)?keras(?:\.\w+)*|tensorflow)[ \t]+import[ \t]+"
    r"(?P<names>\([^()]{0,3000}\)|[^\n#\\(]*)"
    r"|import[ \t]+(?P<whole>(?:tensorflow\.)?keras(?:\.\w+)*)(?:[ \t]+as[ \t]+(?P<local>\w+))?)"
)
"""Patterns of whole lines begin with the end of the line before: it is found faster than any beginning."""
_BINDS_TENSORFLOW = {"tf": "import tensorflow as tf", "tensorflow": "import tensorflow"}
_IMPORTED = re.compile(r"(\w+)(?:[ \t]+as[ \t]+(\w+))?")
_MOST_TRIES = 20
"""Places that are looked at for one that is neither comment nor docstring."""
_LINE_COMMENT = re.compile(r"#[^\n]*")


class _Gathered:
    """What was found so far: the first of each generation, and which of them alone can run the text."""

    def __init__(self) -> None:
        self.first: dict[Generation, str] = {}
        self.only: set[Generation] = set()

    def add(self, generation: Generation, why: str, whole: bool) -> None:
        if whole and generation not in self.only:
            self.only.add(generation)
            self.first[generation] = why
        self.first.setdefault(generation, why)

    def idioms(self) -> Idioms:
        if not self.first:
            return NOTHING
        only = max(self.only, key=lambda generation: generation.value, default=None)
        return Idioms(self.first.get(Generation.KERAS2), self.first.get(Generation.KERAS3), only)


def idioms_of(text: str) -> Idioms:
    """What the names that a module uses and its idioms speak for."""
    found = _Gathered()
    text = "\n" + text
    if "keras" in text:
        for name, is_needed in _names(text):
            generation = _generation_of(name)
            if generation is Generation.KERAS3:
                found.add(generation, f"only Keras 3 has `{as_imported(name)}`", True)
            elif generation is Generation.KERAS2:
                found.add(generation, f"Keras 3 has no `{as_imported(name)}`", is_needed)
        if ("keras_hub" in text or "keras_core" in text) and (module := _MODULES_3.search(text)):
            found.add(Generation.KERAS3, f"`{module[1]}` is imported", True)
    if ("keras" in text or "tensorflow" in text) and (module := _MODULES_2.search(text)):
        # What is imported under a condition or within `try` has a substitute.
        found.add(Generation.KERAS2, f"`{module[2]}` is imported", not module[1])
    if Generation.KERAS2 not in found.first and (why := calls_of_keras_2(text)) is not None:
        found.add(Generation.KERAS2, why, False)
    for generation, table in ((Generation.KERAS2, _IDIOMS_2), (Generation.KERAS3, _IDIOMS_3)):
        for idiom in table:
            if (not idiom.whole and generation in found.first) or (idiom.unless is not None and idiom.unless in text):
                continue
            for word in idiom.words:  # no generator: all files of a project are put to all idioms
                if word in text:
                    if _has(idiom.pattern, text):
                        found.add(generation, idiom.why, idiom.whole)
                    break
    return found.idioms()


@cache
def _generation_of(name: str) -> Generation | None:
    """The one generation that has a name of Keras, None where both may have it."""
    in_2, in_3 = exists(name, Generation.KERAS2), exists(name, Generation.KERAS3)
    if in_2 is False and in_3:
        return Generation.KERAS3
    return Generation.KERAS2 if in_3 is False and in_2 else None


def _names(text: str) -> Iterator[tuple[str, bool]]:
    """The absolute names of Keras that a text imports or reads, and whether it cannot be imported without."""
    local = {f"{name}.keras": "tensorflow.keras" for name in ("tf", "tensorflow") if _BINDS_TENSORFLOW[name] in text}
    for found in _KERAS_IMPORT.finditer(text):
        if found["whole"]:
            yield found["whole"], not found["indent"]
            local[found["local"] or found["whole"]] = found["whole"]
            continue
        module = found["module"]
        names = found["names"]
        for name, other in _IMPORTED.findall(_LINE_COMMENT.sub("", names) if "#" in names else names):
            if module != "tensorflow":
                yield f"{module}.{name}", not found["indent"]
            elif name != "keras":
                continue
            local[other or name] = f"{module}.{name}"
    read = [name for name in local if name + "." in text]
    if not read:
        return
    chain = re.compile(
        rf"(?<![\w./])({'|'.join(map(re.escape, sorted(read, reverse=True)))})((?:\.(?!io\b)[A-Za-z]\w*)+)"
    )
    tries = Counter[str]()
    for found in chain.finditer(text):
        name = local[found[1]] + found[2]
        if _generation_of(name) is None or tries[name] == _MOST_TRIES:
            continue  # most names say nothing
        tries[name] += 1
        if in_code(text, found.start()):
            tries[name] = _MOST_TRIES
            yield name, False


def _has(pattern: re.Pattern[str], text: str) -> bool:
    found = islice(pattern.finditer(text), _MOST_TRIES)
    return any(in_code(text, one.start()) for one in found)
