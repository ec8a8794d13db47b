"""Calls in a text that Keras 2 takes and Keras 3 refuses: by an argument, or by the name of a file.

Each was run with `tf_keras` 2.21 and Keras 3.15. Only text is searched, an argument by its name first: few texts have
any of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.source.text_places import in_code

_MOST_TRIES = 20
"""Places that are looked at for one call."""
_LONGEST_CALL = 2000
_OPENING, _CLOSING = "([{", ")]}"


@dataclass(frozen=True, slots=True)
class _Argument:
    """Arguments that Keras 3 does not take."""

    names: tuple[str, ...]
    words: tuple[str, ...]
    """A text that has none of these calls nothing of the kind."""
    callee: re.Pattern[str]
    """What is called, by the end of what stands before the bracket."""
    why: str


_ARGUMENTS = (
    _Argument(
        ("max_queue_size", "use_multiprocessing", "workers"),
        (".fit(", ".evaluate(", ".predict("),
        re.compile(r"\.(?:fit|evaluate|predict)\Z"),
        "`fit` or its like gets `{name}` as in Keras 2",
    ),
    _Argument(
        ("experimental_run_tf_function", "experimental_steps_per_execution", "sample_weight_mode", "target_tensors"),
        (".compile(",),
        re.compile(r"\.compile\Z"),
        "`compile` gets `{name}` as in Keras 2",
    ),
    _Argument(
        ("experimental_aggregate_gradients",),
        (".apply_gradients(",),
        re.compile(r"\.apply_gradients\Z"),
        "`apply_gradients` gets `{name}` as in Keras 2",
    ),
    _Argument(
        ("tape", "var_list"),
        (".minimize(",),
        re.compile(r"\.minimize\Z"),
        "`minimize` of an optimizer gets `{name}` as in Keras 2",
    ),
    _Argument(
        ("reset_metrics",),
        ("_on_batch(",),
        re.compile(r"_on_batch\Z"),
        "`train_on_batch` or its like gets `{name}` as in Keras 2",
    ),
    _Argument(
        ("save_format",),
        (".save_weights(",),
        re.compile(r"\.save_weights\Z"),
        "`save_weights` gets `{name}` as in Keras 2",
    ),
    _Argument(
        ("signatures",),
        (".save(",),
        re.compile(r"(?<!\bsaved_model)\.save\Z"),
        "`save` of a model gets `{name}` as in Keras 2",
    ),
    _Argument(
        ("period",),
        ("ModelCheckpoint(",),
        re.compile(r"\bModelCheckpoint\Z"),
        "`ModelCheckpoint` gets `{name}` as in Keras 2",
    ),
    _Argument(
        ("write_grads", "batch_size", "embeddings_layer_names"),
        ("TensorBoard(",),
        re.compile(r"\bTensorBoard\Z"),
        "`TensorBoard` gets `{name}` as in Keras 2",
    ),
    _Argument(
        ("lr",),
        ("optimizers.", "Ada", "SGD(", "RMSprop(", "Nadam(", "Ftrl("),
        re.compile(
            r"(?<!\btorch\.)optimizers\.\w{1,30}\Z"
            r"|(?<![\w.])(?:Adadelta|Adagrad|Adam|Adamax|Ftrl|Nadam|RMSprop|SGD)\Z"
        ),
        "an optimizer gets `{name}` as in Keras 2",
    ),
    _Argument(
        ("batch_input_shape",),
        ("batch_input_shape",),
        re.compile(r"(?<!\w)(?!InputLayer\Z)[A-Z]\w{1,60}\Z"),
        "a layer gets `{name}` as in Keras 2",
    ),
    _Argument(
        ("type_spec",),
        ("Input(",),
        re.compile(r"\bInput\Z"),
        "`Input` gets `{name}` as in Keras 2",
    ),
    _Argument(
        ("fused",),
        ("BatchNormalization(",),
        re.compile(r"\bBatchNormalization\Z"),
        "`BatchNormalization` gets `{name}` as in Keras 2",
    ),
    _Argument(
        ("nb_epoch", "samples_per_epoch"),
        (".fit(", ".fit_generator("),
        re.compile(r"\.fit(?:_generator)?\Z"),
        "`fit` gets `{name}` as in Keras 1",
    ),
    _Argument(
        ("border_mode", "dim_ordering"),
        ("Conv", "Pooling"),
        re.compile(r"\b(?:Convolution|Conv|MaxPooling|AveragePooling)\w{1,40}\Z"),
        "a layer gets `{name}` as in Keras 1",
    ),
)


def calls_of_keras_2(text: str) -> str | None:
    """The first call that Keras 3 refuses, as the summary says it; None where there is none."""
    # Other libraries have a `fit`, a `ModelCheckpoint` and a `load_weights`, too.
    if ("keras" in text or "tensorflow" in text) and "lightning" not in text:
        return next((why for found in (_by_argument, _by_file) for why in found(text)), None)
    return next(_by_file(text, _HDF5), None)


def _by_argument(text: str) -> Iterator[str]:
    for argument in _ARGUMENTS:
        for word in argument.words:  # no generator: all files of a project are put to this
            if word in text:
                break
        else:
            continue
        for name in argument.names:
            if name not in text or (name == "lr" and "torch" in text):
                continue
            # What begins with letters is searched for many times as fast.
            given = re.compile(rf"{name}(?<=[(,\s]{name})\s{{0,4}}=(?!=)")
            for place in islice(given.finditer(text), _MOST_TRIES):
                if argument.callee.search(_called(text, place.start())) and in_code(text, place.start()):
                    yield argument.why.format(name=name)


def _called(text: str, position: int) -> str:
    """What is called with the argument that begins at a place: what stands before the bracket around it."""
    depth = 0
    first = max(0, position - _LONGEST_CALL)
    for at in range(position - 1, first - 1, -1):
        if text[at] in _CLOSING:
            depth += 1
        elif text[at] in _OPENING:
            if depth == 0:
                return text[max(first, at - 100) : at]
            depth -= 1
    return ""


@dataclass(frozen=True, slots=True)
class _File:
    """A call that gets the name of a file."""

    words: str
    call: re.Pattern[str]
    is_refused: Callable[[str, str], bool]
    """Whether Keras 3 refuses a file whose name ends so, with the text of all arguments."""
    why: str


def _is_no_checkpoint(ending: str, arguments: str) -> bool:
    """The name of a `ModelCheckpoint`. Whether only weights are saved may depend on a variable."""
    only = re.search(r"\bsave_weights_only\s{0,4}=\s{0,4}(\w{1,60})", arguments)
    if only is not None and only[1] == "True":
        return not ending.endswith(".weights.h5")
    return (only is None or only[1] == "False") and not ending.endswith((".keras", ".h5"))


def _is_no_weights(ending: str, _: str) -> bool:
    return ending.endswith((".h5", ".hdf5")) and not ending.endswith(".weights.h5")


def _is_no_hdf5(ending: str, _: str) -> bool:
    return not ending.endswith((".h5", ".hdf5", "}"))


def _is_checkpoint_of_tensorflow(ending: str, _: str) -> bool:
    name = re.split(r"[/\\]", ending)[-1]
    return name != "" and not name.endswith("}") and ("." not in name or name.endswith((".ckpt", ".tf")))


_FILES = (
    _File(
        "ModelCheckpoint(",
        re.compile(r"\bModelCheckpoint\("),
        _is_no_checkpoint,
        "a `ModelCheckpoint` saves to a name that Keras 3 refuses",
    ),
    _File(
        ".save_weights(",
        re.compile(r"\.save_weights\("),
        _is_no_weights,
        "weights are saved to a name that Keras 3 refuses",
    ),
    _File(
        ".save_weights(",
        re.compile(r"\.save_weights\("),
        _is_no_hdf5,
        "weights are saved to a name that Keras 3 refuses",
    ),
    _File(
        ".load_weights(",
        re.compile(r"\.load_weights\("),
        _is_checkpoint_of_tensorflow,
        "weights are loaded from a checkpoint of TensorFlow, which Keras 3 does not read",
    ),
)
_LITERAL = re.compile(
    r"(?:\A|[^\w'\"])(?P<prefix>[rRfF]{0,2})(?P<quote>['\"])(?P<text>[^'\"\\\n]{0,200})(?P=quote)"
    r"(?:\.format\([^()]{0,200}(?:\([^()]{0,100}\)[^()]{0,100}){0,4}\))?[\s)]{0,10}\Z"
)
"""A string at the end of an expression."""
_ITS_NUMBER = re.compile(r"\{[\w.]{1,30}(?::[^{}]{1,12})?\}\Z")
"""A number of the epoch or of a metric, which `ModelCheckpoint` fills in."""


_HDF5 = tuple(file for file in _FILES if file.is_refused is _is_no_weights)


def _by_file(text: str, files: Iterable[_File] = _FILES) -> Iterator[str]:
    for file in files:
        if file.words not in text or f"def {file.words.removeprefix('.')}" in text:
            continue  # a method of the module itself may take any name
        for place in islice(file.call.finditer(text), _MOST_TRIES):
            given = _arguments(text, place.end())
            if given is None or not in_code(text, place.start()):
                continue
            path = next((each for each in given if re.match(r"\s{0,200}filepath\s{0,4}=", each)), given[0])
            if file.words == ".load_weights(" and re.search(r"\blatest_checkpoint\(", path):
                yield file.why
            ending = _ending(path)
            if ending is not None and file.is_refused(ending, ",".join(given)):
                yield file.why


def _ending(expression: str) -> str | None:
    """The text that the name of a file ends with, None where it is not written there."""
    found = _LITERAL.search(expression.rstrip()[-400:])
    if found is None or not found["text"]:
        return None
    if found["text"].endswith("}") and (found["prefix"] or not _ITS_NUMBER.search(found["text"])):
        return None  # what an f-string ends with may be anything
    return found["text"]


def _arguments(text: str, begin: int) -> list[str] | None:
    """The arguments of a call behind its bracket, as they are written; None where it is too long."""
    depth, start = 0, begin
    quote = ""
    found: list[str] = []
    for at in range(begin, min(len(text), begin + _LONGEST_CALL)):
        character = text[at]
        if quote:
            quote = "" if character == quote and text[at - 1] != "\\" else quote
        elif character in "'\"":
            quote = character
        elif character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            if depth == 0:
                return [*found, text[start:at]]
            depth -= 1
        elif character == "," and depth == 0:
            found.append(text[start:at])
            start = at + 1
    return None
