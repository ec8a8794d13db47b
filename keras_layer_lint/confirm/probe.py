"""What is run, one class at a time, and what came of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from keras_layer_lint.diagnostic import Verdict
from keras_layer_lint.expectation import NOTHING, Effect, Expectation
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.objects import LAYERS
from keras_layer_lint.rule import Confirmation, ErrorPlace, Oracle
from keras_layer_lint.target import Generation

WAYS_OF_LAYERS: tuple[Oracle, ...] = ("graph", "build", "reload", "train", "xla", "purity")
WAYS_OF_OBJECTS: tuple[Oracle, ...] = ("graph", "reload", "xla")
"""How a layer, and what is no layer, is run in every way, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A finding to put to the test: where it stands, and what it says will happen."""

    code: str
    """Shown to people; what to do is not told by it."""
    name: str
    """The name of the rule."""
    confirm: Confirmation
    """How its rule says that it is decided."""
    severity: str
    expects: Expectation = NOTHING
    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def oracle(self) -> Oracle:
        """The kind of run that decides it."""
        return self.confirm.oracle

    def may_fail_at(self, place: ErrorPlace) -> bool:
        """Whether the error may be raised at such a place, besides the claim's own lines."""
        return place in self.confirm.errors_at

    def names(self, error: BaseException) -> bool:
        """Whether it speaks of such an exception: it names its class, or one that this derives from, or none at all."""
        named = self.expects.errors
        return not named or any(cls.__name__ in named for cls in type(error).__mro__)

    @property
    def gravity(self) -> str:
        """How grave what happens is, where the severity says how little it matters in the code that is linted."""
        if self.says(Effect.RAISES):
            return "error"
        return "warning" if self.says(Effect.SILENT) else self.severity

    def says(self, effect: Effect) -> bool:
        """Whether it says that this becomes of the layer."""
        return effect in self.expects.effects


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How to construct and call a layer, as the configuration says: each as Python text, empty where not given."""

    arguments: str = ""
    inputs: str = ""
    call: str = ""


def recipe_line(name: str, arguments: str, inputs: str) -> str:
    """A recipe for the class of this full name, as it stands in the configuration."""
    return f'"{name}" = {{ arguments = {_toml(arguments)}, inputs = {_toml(inputs)} }}'


def _toml(text: str) -> str:
    if "'" not in text:
        return f"'{text}'"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCall:
    """A call of the class in the project, with literal arguments."""

    arguments: str
    place: str
    """`tests/test_gate.py:12`."""
    inputs: str = ""
    """What the layer is called on there, where that can be told."""
    is_made_up: bool = False
    """It was seen while code was run on what klint made up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """A class of the project that derives from the one to run."""

    module: str
    """Absolute dotted name."""
    class_name: str
    calls: tuple[FoundCall, ...] = ()
    recipe: Recipe | None = None


@dataclass(frozen=True, slots=True)
class Package:
    """A module that is not of the project, and what is imported from it, which may be modules too."""

    module: str
    """Absolute dotted name."""
    names: tuple[str, ...] = ()

    @property
    def top(self) -> str:
        """The package that it lies in."""
        return self.module.partition(".")[0]


UserKind = Literal["class", "function", "test"]


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """What in the project makes objects of the class to run: shows how, where nothing else does."""

    module: str
    """Absolute dotted name."""
    name: str
    """Qualified name within the module."""
    root: str
    """Folder in which the module is found."""
    kind: UserKind
    calls: tuple[FoundCall, ...] = ()
    """Of a class: how it is itself made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedSource:
    """The module of a class with fixes made, beside which the class is run as it was."""

    text: str
    is_exact: bool
    """Whether outputs have to be equal bit by bit; else up to rounding."""
    tracks_more: bool
    """Whether weights may come in, for it is the fault that they were not tracked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Across:
    """Run a class under one generation of Keras and note what it gives, or hold it against such a note."""

    note: str = ""
    """What it gave under the other generation; empty where that is to be noted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A class before and after its fixes, run beside each other."""

    same: tuple[str, ...] = ()
    """What is as it was."""
    differences: tuple[str, ...] = ()
    """What is not."""
    remarks: tuple[str, ...] = ()
    """What does not speak against the fixes, and is to be known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One class to run under one generation of Keras."""

    path: str
    """Absolute path of the file."""
    shown: str
    """The path as reported."""
    root: str
    """Folder on `sys.path` in which `module` is found."""
    search: tuple[str, ...] = ()
    """Further folders of the project that its imports may mean."""
    module: str
    """Absolute dotted name."""
    class_name: str
    """Qualified name within the module."""
    line: int = 1
    """Where the class begins."""
    built_on: ClassKind | None = None
    """What the class is to Keras, if it is one that can be run in every way."""
    generation: Generation
    backend: str = "tensorflow"
    device: str = "cpu"
    claims: tuple[Claim, ...] = ()
    recipe: Recipe | None = None
    calls: tuple[FoundCall, ...] = ()
    derived: tuple[Derived, ...] = ()
    """What to run in its place where it cannot be run by itself."""
    users: tuple[User, ...] = ()
    """What to run to see how it is made and called, where no plan works."""
    through: str = ""
    """The module of the class, where that is another than the one whose lines the claims are about."""
    everything: bool = False
    """Run it in every way, also where no finding asks for it."""
    saves_weights_only: bool = False
    """The project saves the weights of the models that it may be part of, and no whole model."""
    source: str = ""
    """The text of the module, in place of what stands in the file; empty for that."""
    fixed: FixedSource | None = None
    """Run the class before and after its fixes, and decide on no claim."""
    across: Across | None = None
    """Note what the class gives, or compare it with such a note, and decide on no claim."""
    skip: tuple[int, ...] = ()
    """Claims, by number, that are decided already: the child before died of the last of them."""

    @property
    def ways(self) -> tuple[Oracle, ...]:
        """In which ways it is run where it is run in every way."""
        if not self.everything or self.built_on is None:
            return ()
        return WAYS_OF_LAYERS if self.built_on in LAYERS else WAYS_OF_OBJECTS


@dataclass(frozen=True, slots=True, kw_only=True)
class UnseenFailure:
    """What fails when the layer is run and no rule saw."""

    oracle: str
    evidence: str
    line: int | None = None
    severity: str = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class OracleRun:
    """What became of one way to run a layer that is run in every way."""

    oracle: str
    reason: str = ""
    """Why it was not run so; empty where it was."""


Unrun = Literal["", "rest", "class", "module"]
"""What of a layer was not run: nothing, what was left when it ended, the class, or all classes of its module."""

_NOT_SHOWN = {"probe", "verdicts", "failures", "ways", "comparison", "note", "seconds", "files", "is_repeatable"}
"""What an entry of the report has otherwise, or not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    """What running one class came to."""

    probe: Probe
    verdicts: tuple[Verdict, ...]
    """One for each claim."""
    failures: tuple[UnseenFailure, ...] = ()
    ways: tuple[OracleRun, ...] = ()
    """Of a layer that is run in every way: the ways that were gone through, or for which it is known why not."""
    keras: str = ""
    backend: str = ""
    device: str = ""
    platform: str = ""
    arguments: str = ""
    inputs: str = ""
    source: str = ""
    """Where the plan came from."""
    reason: str = ""
    """Why nothing could be run, or not all of it, else empty."""
    not_run: Unrun = ""
    """What the reason is about; nothing where a fault of the layer is the reason, and reported."""
    help: str = ""
    """What would help: a recipe, ready to paste, or what to do."""
    comparison: Comparison | None = None
    """With fixes, and where the class could be run before they were made: how it did and does."""
    note: str = ""
    """What it gives, where that was asked for."""
    seconds: float = 0.0
    lacking: tuple[str, ...] = ()
    """What this system did not let klint keep the layer from."""
    files: tuple[str, ...] = ()
    """What the layer read, beside what is installed."""
    is_repeatable: bool = False
    """Whether another run comes to the same while nothing changes: no limit was hit, no process lost."""

    def to_json(self) -> dict[str, Any]:
        """An entry of `layers` in the JSON report."""
        own = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in _NOT_SHOWN}
        return {
            "path": self.probe.shown,
            "class": self.probe.class_name,
            "generation": self.probe.generation.value,
            **own,
            "verdicts": [
                {"code": claim.code, "at": claim.line, **verdict.to_json()}
                for claim, verdict in zip(self.probe.claims, self.verdicts, strict=True)
            ],
            "failures": [asdict(failure) for failure in self.failures],
            "seconds": round(self.seconds, 3),
        }


def no_gpu(backend: str) -> str:
    """Why a layer is not run where a GPU is wanted."""
    return f"{backend} sees no GPU"
