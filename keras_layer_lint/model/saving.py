"""What a project keeps of its models: whole ones with their configuration, or their weights only; and of which."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path

from keras_layer_lint.model.mentions import Files, SourceText
from keras_layer_lint.model.reach import Reach, Reached
from keras_layer_lint.source.text_places import has, in_code, uncommented

_SAVING_WORDS = (
    "load_model", "save_model", ".save(", "get_config", "from_config", "to_json", "to_yaml", "model_from_",
    "clone_model", "register_keras_serializable", "custom_object", "serialize_keras_object", "ModelCheckpoint",
    ".keras'", '.keras"',
)  # fmt: skip
_SAVING = re.compile(
    r"\b(?:load_model|save_model|clone_model|to_json|to_yaml)\(|\b(?:model_from_(?:json|yaml|config)\b|custom_object)"
    r"|(?<!\))\.from_config\((?!\s*\w+,\s*(?!custom_objects\b)\w+\s*[,)])|(?:model|layer)(?:\[\w{0,20}\])?\.get_config\(|register_keras_serializable|serialize_keras_object|(?<!\btf)(?<!tensorflow)\.keras['\"]"
    r"|(?<!\w)(?P<receiver>\w{1,60})\.save\((?!\s*\))"
    r"|\bModelCheckpoint\((?P<checkpoint>[^)]{0,600}\)?[^)]{0,400})"
)
_NO_MODEL = frozenset(
    (
        "np numpy torch jnp plt fig figure ax im img image ckpt checkpoint manager wandb saved converter onnx profiler "
        "saver tokenizer vocab scaler"
    ).split()
)
"""What else is saved. `tf.saved_model.save` does without a config."""
_OF_OTHERS = re.compile(r"\b(?:onnx|torch|mlflow|joblib|spacy|coremltools|ct|xgb|lgb)\.\Z")
"""What stands before `load_model` or `save_model` of other libraries."""
_GET_CONFIG = re.compile(r"^[ \t]+def get_config\(", re.MULTILINE)
_CALL = re.compile(r"^[ \t]+def call\(", re.MULTILINE)
_FEW = 3
"""With fewer classes than this nobody can tell what is usual in a project."""
_USUAL = 4
"""One class in so many that has a config makes it usual."""
_DEFINES_SAVING = re.compile(r"\bdef (load_model|save_model|clone_model|to_json|to_yaml)\(")
_DEFINITIONS = ("def load_model(", "def save_model(", "def clone_model(", "def to_")
"""A text that has none of these has no need of the pattern, which takes ten times as long."""
_LOADING = frozenset({"load_model(", ".keras'", '.keras"'})
"""What reads a model, or names a file."""
_AS_TF = re.compile(r"[^()\n]{0,200}\bsave_format\s*=\s*['\"]tf['\"]")
"""What stands behind `.save(` where it writes a SavedModel, which is loaded without the config."""
_WEIGHTS_ONLY = re.compile(r"save_weights_only\s*=\s*True")
_KEEPING = re.compile(
    r"\.(?:save|load)_weights\(|\btrain\.Checkpoint\(|save_weights_only|\bsaved_model\.save\(|save_format\s*=\s*['\"]tf['\"]"
)
_KEEPING_WORDS = ("eights", "Checkpoint", "saved_model", "save_format")
_BY_NAME = re.compile(r"\.save_weights\(|save_weights_only")
_H5 = re.compile(r"\.(?:h5|hdf5)['\"]|save_format\s*=\s*['\"]h5|\bhdf5_format\b", re.IGNORECASE)
_KERAS_FILE = re.compile(r"(?<!\btf)(?<!tensorflow)\.keras\\?['\"]|save_format\s*=\s*\\?['\"]keras\\?['\"]")
"""In a notebook, which is JSON, a backslash stands before each quote."""
_KERAS_FILE_WORDS = ('.keras"', ".keras'", '.keras\\"', "save_format")
"""A text that has none of these has no need of the pattern: most have `tf.keras`, at which it stops each time."""
_WEIGHTS_FILE = re.compile(r"\.weights\.h5\\?['\"]")
_OF_MODEL = re.compile(r"model(?!_?dir\b)|weight|checkpoint|ckpt|save|hdf5_format", re.IGNORECASE)
"""What stands in the line of a file that is no data; what a model gives may lie in its folder, too."""
_TRAINS = re.compile(r"\bGradientTape\(|\.apply_gradients\(|\.fit(?:_generator)?\(")
_LONGEST_LINE = 1000
_TRAINING_WORDS = ("GradientTape", "apply_gradients", ".fit")


class Kept(enum.Enum):
    """What a project keeps of the models that an object of a class may be part of."""

    WHOLE = enum.auto()
    """Whole models, or anything: what is done with them is not seen."""
    WEIGHTS = enum.auto()
    """Weights, and no whole model."""
    NOTHING = enum.auto()
    """Nothing, though the project trains them or saves others."""


class Saving:
    """What the code of a project saves and loads."""

    def __init__(
        self,
        files: Files,
        reach: Reach,
        notebooks: Callable[[], Iterable[str]],
        *,
        is_library: bool,
        is_marked: bool,
    ) -> None:
        self._read = files
        self._notebooks = notebooks
        self._is_library = is_library
        self._is_marked = is_marked
        self._named = reach.named
        self._reach = reach

    def of(self, path: Path, name: str) -> Kept:
        """What is kept of the models that the class `name` of the module at `path` may be part of.

        What a model is saved by may be anywhere that an object of the class may get to. What others do with the classes
        of a library is not seen; one that itself keeps nothing but weights is taken at its word.
        """
        if self._is_library:
            return Kept.WHOLE if self.saves_models or self.is_any_saved else Kept.NOTHING
        if not self.saves_models:
            return Kept.WEIGHTS
        number = self._named.numbers.get(path)
        if number is None:
            return Kept.WHOLE
        if self._is_marked and self.trains_models and not self.is_any_saved:
            return Kept.NOTHING
        reached = self._reach.of(number, name)
        if not reached.is_all or self._is_saved_aside(reached) or reached.files & self._where_saved.files:
            return Kept.WHOLE
        if reached.files & self._where_weights_are_kept.files:
            return Kept.WEIGHTS
        if not self._is_marked and reached.names == {name}:
            return Kept.WHOLE  # it may be an example beside others
        if self.saves_any or reached.files & self._where_trained.files:
            return Kept.NOTHING
        return Kept.WHOLE

    @cached_property
    def _own_saving(self) -> frozenset[str]:
        """The functions and methods of the project that are called as those of Keras which save and load models."""
        return frozenset(
            name
            for file in self._files
            if any(word in file.text for word in _DEFINITIONS)
            for name in _DEFINES_SAVING.findall(file.text)
        )

    @cached_property
    def saves_models(self) -> bool:
        """Whether models are saved with their configuration, or may be: False where only weights ever are.

        A `get_config` alone saves nothing: losses and schedules have one, too.
        """
        return self.saves_any or not any(self._keeps_weights(file.text) for file in self._files)

    @cached_property
    def trains_models(self) -> bool:
        """Whether any file but tests trains a model."""
        return any(next(_training(file.text), None) is not None for file in self._named.files)

    @cached_property
    def saves_any(self) -> bool:
        """Whether whole models are saved or loaded anywhere."""
        return any(next(self._saved(file.text), None) is not None for file in self._files)

    def gives_configs(self, *, to_models: bool) -> bool:
        """Whether the project gives its classes a config, or has too few of them to tell.

        Few Models have one where layers do not: one is enough to tell that nobody thought of theirs.
        """
        texts = [file.text for file in self._named.files]
        calls = sum(len(_CALL.findall(text)) for text in texts if "def call(" in text)
        configs = sum(len(_GET_CONFIG.findall(text)) for text in texts if "def get_config(" in text)
        if configs:
            return configs * _USUAL >= calls
        return not to_models and calls < _FEW

    @cached_property
    def is_any_saved(self) -> bool:
        """As `saves_any`, in notebooks, too."""
        return self.saves_any or any(next(self._saved(text), None) is not None for text in self._notebooks())

    @cached_property
    def _files(self) -> tuple[SourceText, ...]:
        return tuple(self._read())

    @cached_property
    def _where_saved(self) -> Reached:
        return self._where(self._saved)

    @cached_property
    def _where_weights_are_kept(self) -> Reached:
        return self._where(_keeping)

    @cached_property
    def _where_trained(self) -> Reached:
        return self._where(_training)

    def _where(self, places: Callable[[str], Iterator[re.Match[str]]]) -> Reached:
        return self._reach.from_places(
            (number, found.start()) for number, file in enumerate(self._named.files) for found in places(file.text)
        )

    def _is_saved_aside(self, reached: Reached) -> bool:
        """Whether a test or a notebook that names anything on the way saves models."""
        texts = [*(file.text for file in self._files if file.is_test), *self._notebooks()]
        return any(
            any(name in text for name in reached.names) and next(self._saved(text), None) is not None for text in texts
        )

    def _saved(self, text: str) -> Iterator[re.Match[str]]:
        """Where whole models are saved or loaded."""
        if any(word in text for word in _SAVING_WORDS):
            for found in uncommented(_SAVING, text):
                if _is_saving(found) and not self._is_other(text, found) and in_code(text, found.start()):
                    yield found

    def _keeps_weights(self, text: str) -> bool:
        return next(_keeping(text), None) is not None

    @cached_property
    def writes_h5(self) -> bool:
        """Whether anything, a test or a notebook too, names a `.h5` file of a model or of weights."""
        return any(
            _OF_MODEL.search(_line(text, found.start())) is not None and in_code(text, found.start())
            for text in self._all_texts()
            if "h5" in text or "hdf5" in text.lower()
            for found in _H5.finditer(text)
        )

    @cached_property
    def writes_keras_files(self) -> bool:
        """Whether anything, a test or a notebook too, names a `.keras` file."""
        return any(
            _KERAS_FILE.search(text) is not None
            for text in self._all_texts()
            if any(word in text for word in _KERAS_FILE_WORDS)
        )

    @cached_property
    def writes_as_keras_3(self) -> bool:
        """Whether anything names a `.keras` or `.weights.h5` file."""
        return self.writes_keras_files or any(_WEIGHTS_FILE.search(text) is not None for text in self._all_texts())

    def is_loaded_by_name(self, name: str) -> bool:
        """Whether anything, a test or a notebook too, may give Keras a class to load it by: in `custom_objects`."""
        return any(name in text for text in self._all_texts() if "custom_object" in text)

    def _all_texts(self) -> Iterator[str]:
        yield from (file.text for file in self._files)
        yield from self._notebooks()

    def _is_other(self, text: str, found: re.Match[str]) -> bool:
        """Whether it names a file of `tf.saved_model`, which does without a config, or is the project's own."""
        name = found[0].removesuffix("(")
        if name.endswith("_model") and _OF_OTHERS.search(text, max(0, found.start() - 20), found.start()) is not None:
            return True
        if name in self._own_saving:
            before = text[max(0, found.start() - 60) : found.start()]
            imported = re.search(rf"\bfrom[ ]+(?:[\w.]*keras|tensorflow)[\w.]*[ ]+import\b[^\n]*\b{name}\b", text)
            is_of_keras = before.endswith(("models.", "saving.")) or imported
            return before.endswith("def ") or not is_of_keras
        begin = text.rfind("\n", 0, found.start()) + 1
        return found[0] in _LOADING and "saved_model." in text[begin : found.start()]

    def saves_only(self, names: frozenset[str]) -> bool:
        """Whether what the project saves goes by these names, `encoder.save(path)`, and nothing else is saved."""
        if self._is_library:
            return False
        saved: set[str] = set()
        for text in (file.text for file in self._files):
            for found in uncommented(_SAVING, text) if any(word in text for word in _SAVING_WORDS) else ():
                if found[0] in _LOADING or not _is_saving(found):
                    continue
                if found["receiver"] is None or found["receiver"] not in names:
                    return False
                saved.add(found["receiver"])
        return bool(saved)

    @cached_property
    def saves_by_name(self) -> bool:
        """Whether weights may be saved to a file that holds them by name; a checkpoint of TensorFlow does not."""
        return self.saves_models or any(
            "save_weights" in file.text and has(_BY_NAME, file.text) for file in self._files
        )


def _line(text: str, position: int) -> str:
    end = text.find("\n", position)
    return text[text.rfind("\n", 0, position) + 1 : end if end >= 0 else None][-_LONGEST_LINE:]


def _keeping(text: str) -> Iterator[re.Match[str]]:
    """Where weights are saved or loaded."""
    places = uncommented(_KEEPING, text) if any(word in text for word in _KEEPING_WORDS) else iter(())
    return (found for found in places if in_code(text, found.start()))


def _training(text: str) -> Iterator[re.Match[str]]:
    """Where models are trained."""
    return uncommented(_TRAINS, text) if any(word in text for word in _TRAINING_WORDS) else iter(())


def _is_saving(found: re.Match[str]) -> bool:
    if found["receiver"] is not None:
        if _AS_TF.match(found.string, found.end()) is not None:
            return False
        return _NO_MODEL.isdisjoint(found["receiver"].lower().split("_"))
    return found["checkpoint"] is None or _WEIGHTS_ONLY.search(found["checkpoint"]) is None
