"""How the files of a project use its layers: whether models are saved, and whether XLA compiles them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from keras_layer_lint.model.given_names import names_given
from keras_layer_lint.model.makers import Makers
from keras_layer_lint.model.mentions import Files, SourceText
from keras_layer_lint.source.text_places import in_code, in_comment

_SAVING_WORDS = (
    "load_model", "save_model", ".save(", "get_config", "from_config", "to_json", "to_yaml", "model_from_",
    "clone_model", "register_keras_serializable", "custom_object", "serialize_keras_object", "ModelCheckpoint",
    ".keras'", '.keras"',
)  # fmt: skip
_SAVING = re.compile(
    r"\b(?:load_model|save_model|clone_model|to_json|to_yaml)\(|\b(?:model_from_|custom_object)"
    r"|(?<!\))\.from_config\(|(?:model|layer)(?:\[\w{0,20}\])?\.get_config\(|register_keras_serializable|serialize_keras_object|\.keras['\"]"
    r"|(?<!\w)(?P<receiver>\w{1,60})\.save\((?!\s*\))"
    r"|\bModelCheckpoint\((?P<checkpoint>[^)]{0,600}\)?[^)]{0,400})"
)
_NO_MODEL = frozenset(
    "np numpy torch jnp plt fig figure ax im img image ckpt checkpoint manager wandb saved converter".split()
)
"""What else is saved. `tf.saved_model.save` does without a config."""
_DEFINES_SAVING = re.compile(r"\bdef (load_model|save_model|clone_model|to_json|to_yaml)\(")
_LOADING = frozenset({"load_model(", ".keras'", '.keras"'})
"""What reads a model, or names a file."""
_WEIGHTS_ONLY = re.compile(r"save_weights_only\s*=\s*True")
_KEEPING = re.compile(r"\.(?:save|load)_weights\(|\btrain\.Checkpoint\(|save_weights_only|\bsaved_model\.save\(")
_KEEPING_WORDS = ("eights", "Checkpoint", "saved_model")
_BY_NAME = re.compile(r"\.save_weights\(|save_weights_only")
_BUILDS = re.compile(
    r"(?:(?<![\w.])(?!\w{0,60}model\w{0,60}\.|self\.build\b)(?:[\w.\[\]]{0,80}\.)?(?P<receiver>\w{1,60})(?:\[\w{0,60}\])?"
    r"|(?<!\w)(?P<made>[A-Z]\w{0,60})\([^()\n]{0,80}\))"
    r"\.build\(\s*(?!hp\b|self\b|(?!input_shape)\w{1,60}\s{0,4}=(?!=))[\w\[(]"
)
"""`layer.build(shape)`, not the `build` of a model, a base class or a tuner."""
_BUILD = re.compile(r"\.build\(")
"""Where that may stand: what begins with a text is searched for many times as fast."""
_LONGEST_RECEIVER = 250
_MOST_BLANKS = 60
_KEPT = re.compile(
    r"(?:(\w{1,60})\s{0,4}(?::[^=\n]{1,80})?=\s{0,4}\[?\s{0,20}|(\w{1,60})\.append\(\s{0,20})(?:\w{1,60}\.){0,3}\Z"
)
"""What stands before an object that is made and kept, with the name that it is kept under."""
_LONGEST_TARGET = 300
_LOOPS = re.compile(r"for(?<!\wfor)\s+(\w{1,60})\s+in\s+(?:[\w.]{0,80}\.)?(\w{1,60})\s*[:\])\n]")
"""A name for each element, and the name of what holds them."""
_ASKS_FOR_XLA = re.compile(r"\b(?:jit_compile|experimental_compile)\s*=\s*True")
_REFUSES_XLA = re.compile(r"\bjit_compile\s*=\s*False")
_RUNS_EAGERLY = re.compile(r"\brun_eagerly['\"]?\s*[=:]\s*True|\b(?:experimental_)?run_functions_eagerly\(\s*True")
_TRAINS = re.compile(r"\bGradientTape\(|\.apply_gradients\(")
_FITS = re.compile(r"\.fit(?:_generator)?\(")
_RUN = r"(compile|fit|predict|evaluate|(?:train|test|predict)_on_batch|(?:fit|predict|evaluate)_generator)\("
_RUNS_MODELS = re.compile(rf"(super\([^()]{{0,80}}\))?(?<!\bre)\.{_RUN}")
"""Methods of models by which Keras compiles what it runs."""
_TRACES = re.compile(
    r"\b(?:tf\.function\b|autograph|saved_model\b|SavedModel|TFLite|Input\(|InputLayer\(|Sequential\(|jax\.jit|jit_compile|export\()"
)
"""What traces code, or calls layers on symbolic tensors."""
_STEP = re.compile(
    r"\bdef (?:train|test|predict)_step\(\s{0,20}self\s{0,20},\s{0,20}\w{1,60}\s{0,20}(?::[^,()]{0,80})?\)"
)
"""What `fit` and the like call: a step of Keras takes the batch as one argument."""
_UPDATES = re.compile(
    r"(?<!super\(\))(?<!compiled_metrics)(?<!compiled_loss)\.update_state\b(?:(?=\((?P<arguments>[^\0]{0,600})))?"
)
_TWO = re.compile(r"^\s*\*|,\s*(?!sample_weight\s*=)\S|^\s*y_true\s*=")
"""Arguments that are more than one value and its weight."""
_OWN_METHODS = re.compile(rf"\bdef {_RUN}")


class ProjectUse:
    """What the code of a project does with layers. Its files are read when the first question is asked."""

    def __init__(
        self,
        files: Files,
        notebooks: Callable[[], Iterable[str]] = tuple,
        *,
        is_library: bool = False,
        is_marked: bool = True,
    ) -> None:
        self._read = files
        self._notebooks = notebooks
        """Reads its notebooks, as they are stored."""
        self.is_library = is_library
        """Whether others use its layers, too: what the project does not do, they may."""
        self._is_marked = is_marked
        """Whether anything says that the folder holds one project: files of many may stand side by side."""
        self.makers = Makers(lambda: self._files, is_library=is_library)
        self._asked_for: dict[str, bool] = {}

    def texts(self, *, with_tests: bool = True, below: Path | None = None) -> Iterator[str]:
        """What all of its files say, or those below a folder."""
        for file in self._files:
            if (with_tests or not file.is_test) and (below is None or below in file.path.parents):
                yield file.text

    @cached_property
    def _files(self) -> tuple[SourceText, ...]:
        """Read once: several questions go through all of them."""
        return tuple(self._read())

    @cached_property
    def givers(self) -> Mapping[str, tuple[Path, ...]]:
        """The files that may give functions of a name to Keras, by the last name that these are imported by."""
        found: dict[str, tuple[Path, ...]] = {}
        for file in self._files:
            for name in names_given(file.text):
                found[name] = (*found.get(name, ()), file.path)
        return found

    def asks_for(self, method: str) -> bool:
        """Whether anything asks an object for a method by its name: `layer.forward(x)`, not `super().forward(x)`."""
        if method not in self._asked_for:
            self._asked_for[method] = any(asks_for(method, text) for text in self.texts())
        return self._asked_for[method]

    def reads(self, attribute: str) -> bool:
        """Whether anything reads an attribute of some object, but to count on with `+=`."""
        written = f".{attribute}"
        pattern = re.compile(rf"\{written}\b(?!\s{{0,4}}[-+*/]?=(?!=))")
        names = (f"'{attribute}'", f'"{attribute}"')  # which `getattr` may be given
        return any(
            (written in text and _has(pattern, text)) or any(name in text for name in names) for text in self.texts()
        )

    def leaves_unused(self, path: Path, name: str) -> bool:
        """Whether models are trained, and nothing names a class but its own definition and tests.

        Others may use what a library has; what is looked up in its module by name may be used, too.
        """
        if self.is_library or not self._is_marked or not self._trains or self.makers.is_used(path, name):
            return False
        looked_up = re.compile(
            rf"\bgetattr\(\s*(?:\w{{1,60}}\.){{0,4}}{re.escape(path.stem)}\b|\bimport_module\(|\bglobals\(\)"
        )
        return not any(looked_up.search(text) for text in self.makers.texts()) and not any(
            name in text for text in self._notebooks()
        )

    @cached_property
    def _trains(self) -> bool:
        return any(
            ("GradientTape" in text and _has(_TRAINS, text)) or (".fit" in text and _has(_FITS, text))
            for text in self.makers.texts()
        )

    @cached_property
    def updates_metrics(self) -> bool:
        """Whether anything but a test hands labels and predictions to a metric by hand."""
        return any(map(updates_metrics, self.texts(with_tests=False)))

    @cached_property
    def _own_saving(self) -> frozenset[str]:
        """The functions and methods of the project that are called as those of Keras which save and load models."""
        return frozenset(name for text in self.texts() for name in _DEFINES_SAVING.findall(text))

    @cached_property
    def saves_models(self) -> bool:
        """Whether models are saved with their configuration, or may be: False where only weights ever are.

        A `get_config` alone saves nothing: losses and schedules have one, too.
        """
        keeps_weights = False
        for text in self.texts():
            if any(word in text for word in _SAVING_WORDS) and any(
                _is_saving(found) and not self._is_other(text, found) for found in _found(_SAVING, text)
            ):
                return True
            keeps_weights = keeps_weights or (any(word in text for word in _KEEPING_WORDS) and _has(_KEEPING, text))
        return not keeps_weights

    def _is_other(self, text: str, found: re.Match[str]) -> bool:
        """Whether it names a file of `tf.saved_model`, which does without a config, or is the project's own."""
        name = found[0].removesuffix("(")
        if name in self._own_saving:
            before = text[max(0, found.start() - 60) : found.start()]
            is_of_keras = before.endswith(("models.", "saving.")) or re.search(rf"\bimport\b[^\n]*\b{name}\b", text)
            return before.endswith("def ") or not is_of_keras
        begin = text.rfind("\n", 0, found.start()) + 1
        return found[0] in _LOADING and "saved_model." in text[begin : found.start()]

    def saves_only(self, names: frozenset[str]) -> bool:
        """Whether what the project saves goes by these names, `encoder.save(path)`, and nothing else is saved."""
        if self.is_library:
            return False
        saved: set[str] = set()
        for text in self.texts():
            for found in _found(_SAVING, text) if any(word in text for word in _SAVING_WORDS) else ():
                if found[0] in _LOADING or not _is_saving(found):
                    continue
                if found["receiver"] is None or found["receiver"] not in names:
                    return False
                saved.add(found["receiver"])
        return bool(saved)

    @cached_property
    def saves_by_name(self) -> bool:
        """Whether weights may be saved to a file that holds them by name; a checkpoint of TensorFlow does not."""
        return self.saves_models or any("save_weights" in text and _has(_BY_NAME, text) for text in self.texts())

    def builds_by_hand(self, name: str) -> bool:
        """Whether an object of a class is built before it is called: `layer.build(shape)`.

        What a test builds it throws away. Of what is handed in nobody can tell the class.
        """
        if name in self._built:
            return True
        if not self._built:
            return False  # most projects end here
        made = re.compile(rf"{name}(?<!\w{name})\(")
        return any(
            self._built.intersection(kept.groups())
            for text in self.makers.texts_naming(name)
            for found in _found(made, text)
            if (kept := _KEPT.search(text, max(0, found.start() - _LONGEST_TARGET), found.start())) is not None
        )

    @cached_property
    def _built(self) -> frozenset[str]:
        """The last names of what is built by hand, and of what holds it."""
        found: set[str] = set()
        for text in self.makers.texts():
            here = {
                match["receiver"] or match["made"]
                for call in _BUILD.finditer(text)
                for match in _BUILDS.finditer(text, max(0, call.start() - _LONGEST_RECEIVER), call.end() + _MOST_BLANKS)
                if not in_comment(text, match.start())
            }
            if here:
                found |= here.union(match[2] for match in _found(_LOOPS, text) if match[1] in here)
        return frozenset(found)

    @cached_property
    def asks_for_xla(self) -> bool:
        """Whether anything is compiled by XLA because the code says so."""
        return any("_compile" in text and _has(_ASKS_FOR_XLA, text) for text in self.texts())

    @cached_property
    def runs_eagerly(self) -> bool:
        """Whether Keras is asked to run models eagerly: what `fit` and the like call is not traced then."""
        return any(map(asks_for_eager, self.makers.texts()))

    @cached_property
    def refuses_xla(self) -> bool:
        """Whether models are compiled without XLA, and none with it."""
        refuses = any("jit_compile" in text and _has(_REFUSES_XLA, text) for text in self.texts())
        return (refuses or self.trains_by_itself) and not self.asks_for_xla

    @cached_property
    def trains_by_itself(self) -> bool:
        """Whether loops of its own train its layers, and no `compile`, `fit` or `predict` of Keras runs any.

        `jit_compile="auto"` of Keras 3 is an option of these: nothing else asks for XLA by itself. Methods of the
        project that have the same names do not count.
        """
        trains = False
        run: set[str] = set()
        own: set[str] = set()
        for text in self.texts():
            if "_step(" in text and _has(_STEP, text):
                return False
            trains = trains or (("GradientTape" in text or "apply_gradients" in text) and _has(_TRAINS, text))
            own.update(found[1] for found in _found(_OWN_METHODS, text))
            run.update(f"{'super ' if found[1] else ''}{found[2]}" for found in _found(_RUNS_MODELS, text))
        if not trains or run - own:
            return False
        return not any(_has(_RUNS_MODELS, text) for text in self._notebooks())

    @cached_property
    def traces_nothing(self) -> bool:
        """Whether everything runs eagerly: loops of its own train, and nothing is made a graph of.

        What a library does with its layers is no matter: others use them.
        """
        if self.is_library or not self.trains_by_itself or any(_has(_TRACES, text) for text in self.texts()):
            return False
        return not any(_has(_TRACES, text) for text in self._notebooks())


def asks_for(method: str, text: str) -> bool:
    """As `ProjectUse.asks_for`, in one text."""
    written = f".{method}"
    return written in text and re.search(rf"\{written}\b(?<!super\(\)\{written})", text) is not None


def updates_metrics(text: str) -> bool:
    """As `ProjectUse.updates_metrics`, in one text: a tracker of one value does not count, nor do compiled metrics."""
    return ".update_state" in text and any(
        found["arguments"] is None or _TWO.search(_without_brackets(found["arguments"])) is not None
        for found in _UPDATES.finditer(text)
        if in_code(text, found.start())
    )


def _without_brackets(text: str) -> str:
    """The arguments of a call, up to its end, without what stands in brackets within."""
    depth, kept = 0, []
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        if depth < 0:
            break
        if depth == 0:
            kept.append(character)
    return "".join(kept)


def asks_for_eager(text: str) -> bool:
    """Whether code asks Keras to run models eagerly."""
    return "eagerly" in text and _has(_RUNS_EAGERLY, text)


def _found(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Matches outside of comments."""
    for found in pattern.finditer(text):
        if not in_comment(text, found.start()):
            yield found


def _has(pattern: re.Pattern[str], text: str) -> bool:
    return next(_found(pattern, text), None) is not None


def _is_saving(found: re.Match[str]) -> bool:
    if found["receiver"] is not None:
        return _NO_MODEL.isdisjoint(found["receiver"].lower().split("_"))
    return found["checkpoint"] is None or _WEIGHTS_ONLY.search(found["checkpoint"]) is None
