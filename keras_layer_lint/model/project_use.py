"""How the files of a project use its layers: whether models are saved, and whether XLA compiles them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from keras_layer_lint.model.given_names import names_given
from keras_layer_lint.model.known_batches import are_batches_known, is_on_sized_inputs, may_batches_be_known
from keras_layer_lint.model.left_behind import LeftBehind
from keras_layer_lint.model.makers import Makers
from keras_layer_lint.model.mentions import BASES, Files, SourceText
from keras_layer_lint.model.reach import Reach
from keras_layer_lint.model.real_batches import is_put_into_models, may_be_open
from keras_layer_lint.model.saving import Saving
from keras_layer_lint.model.wired_models import is_only_wired
from keras_layer_lint.source.text_places import has, in_code, in_comment, uncommented

_BUILDS = re.compile(
    r"(?:(?<![\w.])(?!\w{0,60}model\w{0,60}\.|self\.build\b)(?:[\w.\[\]]{0,80}\.)?(?P<receiver>\w{1,60})(?:\[\w{0,60}\])?"
    r"|(?<!\w)(?P<made>[A-Z]\w{0,60})\([^()\n]{0,80}\))"
    r"\.build\(\s*(?!hp\b|self\b|(?!input_shape)\w{1,60}\s{0,4}=(?!=))[\w\[(]"
)
"""`layer.build(shape)`, not the `build` of a model, a base class or a tuner."""
_BUILD = re.compile(r"\.build\(")
"""Where that may stand: what begins with a text is searched for many times as fast."""
_MARKS_AS_BUILT = re.compile(r"(?<!\w)(\w{1,60})\.built\s{0,4}=\s{0,4}True\b")
"""What builds a layer by hand can say so itself: the first call does not build it again."""
_NEXT_STATEMENTS = 400
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
_RUN = r"(compile|fit|predict|evaluate|(?:train|test|predict)_on_batch|(?:fit|predict|evaluate)_generator)\("
_ONLY_READIES = frozenset({"compile", "super compile"})
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
_SETS_NOTHING = frozenset({"ABC", "Generic", "Protocol", "object"})
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
        self.is_marked = is_marked
        """Whether anything says that the folder holds one project: files of many may stand side by side."""
        self.makers = Makers(lambda: self._files, is_library=is_library)
        self._reach = Reach(self.makers.named)
        self._left_behind = LeftBehind(lambda: self._files)
        self.saving = Saving(lambda: self._files, self._reach, notebooks, is_library=is_library, is_marked=is_marked)
        self._asked_for: dict[str, bool] = {}

    def texts(self, *, with_tests: bool = True, below: Path | None = None) -> Iterator[str]:
        """What all of its files say, or those below a folder. `with_tests`: helpers of tests as well."""
        for file in self._files:
            if (with_tests or not (file.is_test or file.helps_tests)) and (below is None or below in file.path.parents):
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

    def holds(self, path: Path) -> bool:
        """Whether a file is one of the project, tests apart."""
        return path in self.makers.named.numbers

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
            (written in text and has(pattern, text)) or any(name in text for name in names) for text in self.texts()
        )

    def sets_from_outside(self, attribute: str, name: str) -> bool:
        """Whether a file that names a class sets an attribute of an object, which may be of that: `model.rate = 1`."""
        written = f".{attribute}"
        pattern = re.compile(
            rf"(?<![\w.])(?!self\b|cls\b)\w{{1,60}}(?:\[[^\]\n]{{0,60}}\])?\{written}[ \t]{{0,4}}=(?!=)"
        )
        return any(written in text and name in text and has(pattern, text) for text in self.texts())

    def is_mixed_in(self, name: str) -> bool:
        """Whether a class derives from this one and another, which may set what this one only reads, and take it."""
        return any(
            name in bases and len(bases) > 1
            for text in self.texts()
            if name in text
            for bases in map(_names_of_bases, BASES.findall(text))
        )

    def leaves_unused(self, path: Path, name: str) -> bool:
        """Whether models are trained, and nothing names a class but its own definition and tests.

        Others may use what a library has; what is looked up in its module by name may be used, too.
        """
        if self.is_library or not self.is_marked or not self.saving.trains_models or self._is_run(path, name):
            return False
        looked_up = re.compile(
            rf"\bgetattr\(\s*(?:\w{{1,60}}\.){{0,4}}{re.escape(path.stem)}\b|\bimport_module\(|\bglobals\(\)"
        )
        return not any(looked_up.search(text) for text in self.makers.texts()) and not any(
            name in text for text in self._notebooks()
        )

    def has_left_behind(self, path: Path) -> bool:
        """Whether a file is put away, or can no longer be imported by those that do. Others may use a library's."""
        return self.is_marked and not self.is_library and self._left_behind.holds(path)

    def _is_run(self, path: Path, name: str) -> bool:
        """Whether code that runs makes the class, keeps it as a value or derives from it, through others too."""
        number = self.makers.named.numbers.get(path)
        if number is None:
            return True
        if not self.makers.is_used(path, name) and not self.makers.named.is_renamed(name):
            return False
        reached = self._reach.of(number, name)
        named = reached.is_run or not reached.is_all
        return named or any(one in text for text in self._notebooks() for one in reached.names)

    @cached_property
    def texts_that_update_metrics(self) -> tuple[str, ...]:
        """The modules, tests aside, that hand labels and predictions to a metric by hand."""
        return tuple(filter(updates_metrics, self.texts(with_tests=False)))

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
            for found in uncommented(made, text)
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
                if not in_comment(text, match.start()) and not _marks_as_built(text, match)
            }
            if here:
                found |= here.union(match[2] for match in uncommented(_LOOPS, text) if match[1] in here)
        return frozenset(found)

    @cached_property
    def asks_for_xla(self) -> bool:
        """Whether anything is compiled by XLA because the code says so."""
        return any("_compile" in text and has(_ASKS_FOR_XLA, text) for text in self.texts())

    @cached_property
    def runs_eagerly(self) -> bool:
        """Whether Keras is asked to run models eagerly: what `fit` and the like call is not traced then."""
        return any(map(asks_for_eager, self.makers.texts()))

    @cached_property
    def refuses_xla(self) -> bool:
        """Whether models are compiled without XLA, and none with it."""
        refuses = any("jit_compile" in text and has(_REFUSES_XLA, text) for text in self.texts())
        return (refuses or self.trains_by_itself) and not self.asks_for_xla

    @cached_property
    def trains_by_itself(self) -> bool:
        """Whether loops of its own train its layers, and no `compile`, `fit` or `predict` of Keras runs any.

        `jit_compile="auto"` of Keras 3 is an option of these: nothing else asks for XLA by itself. Methods of the
        project that have the same names do not count, nor does a `compile` whose model nothing of Keras runs.
        """
        trains = False
        run: set[str] = set()
        for text in self.texts():
            if "_step(" in text and has(_STEP, text):
                return False
            trains = trains or (("GradientTape" in text or "apply_gradients" in text) and has(_TRAINS, text))
            run.update(_methods_run(text))
        known = self._own_methods | _ONLY_READIES
        return trains and run <= known and all(_methods_run(text) <= known for text in self._notebooks())

    @cached_property
    def knows_batch_sizes(self) -> bool:
        """Whether loops of its own give its models only batches of a size that is known while they are traced."""
        return self.trains_by_itself and are_batches_known([*self.texts(with_tests=False), *self._notebooks()])

    def is_on_sized_inputs(self, path: Path, name: str) -> bool:
        """Whether a class is only part of functional models whose inputs have a batch of a known size."""
        number = self.makers.named.numbers.get(path)
        return (
            number is not None
            and is_on_sized_inputs(self.makers.named, number, name)
            and not self.makers.named.is_renamed(name)
            and not any(name in text for text in self._notebooks())
        )

    def is_on_real_batches(self, path: Path, name: str) -> bool:
        """Whether loops of the project call a class on batches themselves, whose size is known while they are traced.

        A Sequential may call what it holds on other shapes.
        """
        if self.is_library or not self._takes_real_batches:
            return False
        number = self.makers.named.numbers.get(path)
        reached = None if number is None else self._reach.of(number, name)
        if reached is None or not reached.is_all:
            return False
        names = reached.names | {name}
        texts = [*(self.makers.named.files[file].text for file in reached.files), *self._notebooks()]
        return not any(is_put_into_models(text, names) for text in texts)

    @cached_property
    def _takes_real_batches(self) -> bool:
        return self.trains_by_itself and not any(map(may_be_open, [*self.texts(), *self._notebooks()]))

    def is_only_wired(self, path: Path, name: str) -> bool:
        """Whether the `call` of a Model only puts a functional model together, which is what the project trains."""
        number = self.makers.named.numbers.get(path)
        return (
            number is not None
            and is_only_wired(self.makers.named, number, name)
            and not self.makers.named.is_renamed(name)
            and not any(name in text for text in self._notebooks())
        )

    @cached_property
    def drops_remainders(self) -> bool:
        """Whether data sets may be made of batches of one size: `fit` traces steps with that then."""
        return may_batches_be_known([*self.texts(with_tests=False), *self._notebooks()])

    def runs_without_graph(self, path: Path, name: str) -> bool:
        """Whether objects of a class are only called eagerly: loops of the project train, and nothing makes a graph.

        It is enough that this is so of the files that they may get to. What a library does with its layers is no
        matter: others use them.
        """
        if self.is_library:
            return False
        return self._traces_nothing or self._is_called_eagerly(path, name)

    @cached_property
    def _traces_nothing(self) -> bool:
        if not self.trains_by_itself or any(has(_TRACES, text) for text in self.texts()):
            return False
        return not any(has(_TRACES, text) for text in self._notebooks())

    def _is_called_eagerly(self, path: Path, name: str) -> bool:
        number = self.makers.named.numbers.get(path)
        reached = None if number is None else self._reach.of(number, name)
        if reached is None or not reached.is_all or any(name in text for text in self._notebooks()):
            return False
        texts = [self.makers.named.files[file].text for file in reached.files]
        if not any(has(_TRAINS, text) for text in texts) or any(has(_TRACES, text) for text in texts):
            return False
        run = frozenset().union(*map(_methods_run, texts))
        # What is not compiled is not fitted by Keras: a vocabulary of the project is, or the like.
        others = self._own_methods & {"fit"} if run.isdisjoint(_ONLY_READIES) else frozenset()
        return run <= _ONLY_READIES | others and not any(has(_STEP, text) for text in texts)

    @cached_property
    def _own_methods(self) -> frozenset[str]:
        """The methods of the project that are called as those by which Keras runs a model."""
        return frozenset(found[1] for text in self.texts() for found in uncommented(_OWN_METHODS, text))


def _names_of_bases(written: str) -> set[str]:
    """The last names of base classes, without keywords and such as set nothing."""
    names = {part.strip().rpartition(".")[2] for part in written.split(",") if "=" not in part}
    return {name for name in names if name.isidentifier()} - _SETS_NOTHING


def _methods_run(text: str) -> set[str]:
    return {f"{'super ' if found[1] else ''}{found[2]}" for found in uncommented(_RUNS_MODELS, text)}


def asks_for(method: str, text: str) -> bool:
    """As `ProjectUse.asks_for`, in one text."""
    written = f".{method}"
    return written in text and re.search(rf"\{written}\b(?<!super\(\)\{written})", text) is not None


def updates_metrics(text: str) -> bool:
    """Whether a text hands labels and predictions to a metric by hand.

    A tracker of one value does not count, nor do compiled metrics.
    """
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


def _marks_as_built(text: str, built: re.Match[str]) -> bool:
    """Whether what builds a layer by hand sets `built` behind it."""
    ends = built.end() + _NEXT_STATEMENTS
    again = _BUILD.search(text, built.end(), ends)
    return any(
        found[1] == built["receiver"]
        for found in _MARKS_AS_BUILT.finditer(text, built.end(), ends if again is None else again.start())
    )


def asks_for_eager(text: str) -> bool:
    """Whether code asks Keras to run models eagerly."""
    return "eagerly" in text and has(_RUNS_EAGERLY, text)
