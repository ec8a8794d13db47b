"""What confirm mode makes of false claims: `python -m benchmarks.false_claims [PATH ...] [--most 200] [--keras 3]`.

Sound classes are the good examples of the pages and the sample layers under `fixtures/clean`, or those under PATH, as
far as klint finds nothing there. Each rule's claim is put to a place in them where nothing of the kind is: a branch on
a tensor at an `if` on a flag, a lost key that the config has. None may be confirmed; what is inconclusive says why.
"""

from __future__ import annotations

import argparse
import ast
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.confirm.pool import Pool
from keras_layer_lint.confirm.probe import Claim, Probe, ProbeResult
from keras_layer_lint.confirm.probes import probes_of
from keras_layer_lint.confirm.request import Request
from keras_layer_lint.expectation import NOTHING, Effect, Expectation, ValueKind, expects
from keras_layer_lint.registry import rules
from tests.conftest import ROOT
from tests.rule_pages import read_pages

RULES = {rule.code: rule for rule in rules()}
_ABOUT_COMMENTS = frozenset({"KLL001", "KLL002"})
"""Pages whose examples are at fault and silenced."""
BASES_ARGUMENTS = frozenset({"name", "dtype", "trainable", "self"})
Made = Callable[["Facts"], Expectation | None]


@dataclass(frozen=True)
class Facts:
    """What a class has that a claim may speak of."""

    node: ast.ClassDef
    keras: str = "3"

    @property
    def has_a_base_configuration(self) -> bool:
        """In Keras 2 that of a Model is empty, so that the name of one is lost whatever its class does."""
        return self.keras == "3" or not any(ast.unparse(base).endswith("Model") for base in self.node.bases)

    def method(self, name: str) -> ast.FunctionDef | None:
        """The method of a name that the class itself defines."""
        found = (each for each in self.node.body if isinstance(each, ast.FunctionDef) and each.name == name)
        return next(found, None)

    def statements(self, *methods: str, kinds: tuple[type[ast.AST], ...] = (ast.Assign, ast.Return)) -> list[ast.AST]:
        """The statements or expressions of some kinds in some methods."""
        bodies = [method for name in methods if (method := self.method(name)) is not None]
        return [inner for body in bodies for inner in ast.walk(body) if isinstance(inner, kinds)]

    @property
    def kept(self) -> tuple[str, ...]:
        """Optional arguments of `__init__` that the config of the class holds by name."""
        init, config = self.method("__init__"), self.method("get_config")
        if init is None or config is None:
            return ()
        keys = {node.value for node in ast.walk(config) if isinstance(node, ast.Constant)}
        named = init.args.args[len(init.args.args) - len(init.args.defaults) :]
        return tuple(each.arg for each in named if each.arg in keys - BASES_ARGUMENTS)

    @property
    def weight(self) -> str:
        """An attribute that `build` gives a trainable weight to."""
        for node in self.statements("build", kinds=(ast.Assign,)):
            assert isinstance(node, ast.Assign)
            text = ast.unparse(node.value)
            if (
                text.startswith("self.add_weight(")
                and "trainable" not in text
                and isinstance(node.targets[0], ast.Attribute)
            ):
                return node.targets[0].attr
        return ""


def nothing(facts: Facts) -> Expectation:
    """A claim that says no more than its place does."""
    return NOTHING


def says(*effects: Effect, **more: object) -> Made:
    """A claim of effects."""
    return lambda facts: expects(*effects, **more)  # type: ignore[arg-type]


def of_kept(*effects: Effect, values: ValueKind = ValueKind.ANY) -> Made:
    """A claim about arguments that are kept."""
    return lambda facts: expects(*effects, arguments=facts.kept[:1], values=values) if facts.kept else None


def of_the_name(facts: Facts) -> Expectation | None:
    """A claim about what the base configuration holds."""
    return expects(arguments=("name",)) if facts.has_a_base_configuration else None


def of_weight(*effects: Effect) -> Made:
    """A claim about a weight that is tracked."""
    return lambda facts: expects(*effects, attribute=facts.weight) if facts.weight else None


@dataclass(frozen=True)
class FalseClaim:
    """A claim of a rule, and where in a sound class it is put."""

    code: str
    severity: str
    place: str
    made: Made = nothing


CLAIMS = (
    FalseClaim("KLL101", "error", "branch"),
    FalseClaim("KLL102", "error", "loop"),
    FalseClaim("KLL103", "error", "loop"),
    FalseClaim("KLL104", "error", "branch"),
    FalseClaim("KLL105", "warning", "branch"),
    FalseClaim("KLL111", "error", "call", says(errors=("NotImplementedError",))),
    FalseClaim("KLL112", "error", "call"),
    FalseClaim("KLL113", "error", "call", says(errors=("TypeError",))),
    FalseClaim("KLL116", "error", "call", says(errors=("AttributeError",))),
    FalseClaim("KLL124", "error", "call"),
    FalseClaim("KLL131", "error", "call"),
    FalseClaim("KLL141", "error", "call", says(errors=("TypeError", "ValueError"))),
    FalseClaim("KLL147", "error", "call"),
    FalseClaim("KLL149", "error", "call", says(errors=("TypeError", "ValueError"))),
    FalseClaim("KLL154", "note", "call", says(errors=("InvalidArgumentError",))),
    FalseClaim("KLL201", "note", "argument"),
    FalseClaim("KLL202", "error", "def build"),
    FalseClaim("KLL203", "error", "argument"),
    FalseClaim("KLL204", "error", "def __init__"),
    FalseClaim("KLL205", "error", "weight", of_weight(Effect.NOT_TRAINED, Effect.NOT_SAVED)),
    FalseClaim("KLL206", "error", "weight", of_weight(Effect.NOT_SAVED)),
    FalseClaim("KLL207", "error", "def build", says(Effect.WEIGHTS_LOST)),
    FalseClaim("KLL208", "error", "weight"),
    FalseClaim("KLL210", "error", "weight"),
    FalseClaim("KLL217", "error", "call", says(errors=("AttributeError",))),
    FalseClaim("KLL302", "warning", "def get_config", of_kept(Effect.MISSING_KEY)),
    FalseClaim("KLL303", "error", "def get_config", of_kept(Effect.UNKNOWN_KEY, Effect.ERROR_NAMES_ARGUMENT)),
    FalseClaim("KLL304", "warning", "def get_config", of_the_name),
    FalseClaim("KLL305", "error", "def get_config"),
    FalseClaim("KLL306", "warning", "def __init__", of_the_name),
    FalseClaim("KLL310", "warning", "def get_config", of_kept(Effect.OTHER_VALUE)),
    FalseClaim("KLL312", "error", "def build", says(Effect.WEIGHTS_LOST)),
)
_ALONE = frozenset({Effect.MISSING_KEY, Effect.UNKNOWN_KEY})
"""Effects for which the run of another claim changes the config."""


def place_of(facts: Facts, place: str) -> ast.AST | None:
    """Where in the class a claim is put; None where it has no such place."""
    if place.startswith("def "):
        return facts.method(place.removeprefix("def "))
    return next(_places(facts, place), None)


def _places(facts: Facts, place: str) -> Iterator[ast.AST]:
    match place:
        case "branch":
            for node in facts.statements("call", kinds=(ast.If, ast.IfExp)):
                assert isinstance(node, (ast.If, ast.IfExp))
                yield node.test
        case "loop":
            yield from facts.statements("call", kinds=(ast.For, ast.While))
        case "call":
            yield from facts.statements("call")
        case "argument":
            for node in facts.statements("__init__", kinds=(ast.Assign,)):
                if isinstance(getattr(node, "value", None), ast.Name):
                    yield node
        case "weight":
            for node in facts.statements("build", kinds=(ast.Assign,)):
                if facts.weight and ast.unparse(node).startswith(f"self.{facts.weight} = "):
                    yield node


def claims_on(facts: Facts) -> Iterator[Claim]:
    """Each false claim that the class has a place for."""
    for each in CLAIMS:
        node, expected = place_of(facts, each.place), each.made(facts)
        confirm = RULES[each.code].confirm
        if node is None or expected is None or confirm is None:
            continue
        assert isinstance(node, (ast.expr, ast.stmt))
        is_def = isinstance(node, ast.FunctionDef)
        yield Claim(
            code=each.code,
            name=RULES[each.code].name,
            confirm=confirm,
            severity=each.severity,
            expects=expected,
            line=node.lineno,
            column=node.col_offset + 1,
            end_line=node.lineno if is_def else node.end_lineno or node.lineno,
            end_column=(node.col_offset + 5 if is_def else node.end_col_offset or 0) + 1,
        )


def sound_probes(paths: Sequence[Path], keras: str) -> Iterator[tuple[Probe, Facts]]:
    """A probe for each class under the paths in a file of which klint says nothing."""
    settings = Settings(keras=(keras,), extend_select=tuple(code for code in RULES if code != "KLL309"))
    report = lint_paths(paths, settings)
    at_fault = {diagnostic.path for diagnostic in report.diagnostics}
    for probe in probes_of(report, settings, Request(everything=True, device="cpu")):
        if probe.shown in at_fault or probe.generation.value != keras:
            continue
        tree = ast.parse(Path(probe.path).read_text(encoding="utf-8"))
        last = probe.class_name.rpartition(".")[2]
        node = next((each for each in ast.walk(tree) if isinstance(each, ast.ClassDef) and each.name == last), None)
        if node is not None and Facts(node, keras).method("call") is not None:
            yield replace(probe, everything=False), Facts(node, keras)


def grouped(probe: Probe, claims: Sequence[Claim]) -> Iterator[Probe]:
    """The claims in few runs of the class: those that change the config for others each in one of its own."""
    alone = [claim for claim in claims if claim.expects.effects & _ALONE]
    together = tuple(claim for claim in claims if claim not in alone)
    yield from (replace(probe, claims=group) for group in (together, *((claim,) for claim in alone)) if group)


def chosen(found: Sequence[tuple[Probe, Facts]], most: int) -> Iterator[Probe]:
    """Probes with at most so many claims of each rule."""
    counts: Counter[str] = Counter()
    for probe, facts in found:
        claims = [claim for claim in claims_on(facts) if counts[claim.code] < most]
        counts.update(claim.code for claim in claims)
        yield from grouped(probe, claims)


def table(results: Sequence[ProbeResult]) -> str:
    """Verdicts by rule, and what share of the decided and of all is refuted."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for result in results:
        for claim, verdict in zip(result.probe.claims, result.verdicts, strict=True):
            counts[claim.code][verdict.status] += 1
            counts["all"][verdict.status] += 1
    rows = [f"{'rule':8}{'confirmed':>11}{'refuted':>11}{'inconclusive':>14}"]
    for code in sorted(counts):
        row = counts[code]
        rows.append(f"{code:8}{row['confirmed']:>11}{row['refuted']:>11}{row['inconclusive']:>14}")
    every = counts["all"]
    rows.append(f"{every['refuted'] / max(1, every.total()):.3f} refuted, {every['confirmed']} confirmed")
    return "\n".join(rows)


def written_pages(folder: Path, keras: str) -> list[Path]:
    """The good examples of the pages for a generation, each in a file of its own."""
    paths = []
    for page in read_pages():
        for block in page.blocks if page.code not in _ABOUT_COMMENTS else ():
            if not block.is_bad and keras in block.keras and block.backend == "tensorflow":
                path = folder / f"{page.code.lower()}_{block.line}.py"
                path.write_text(block.source, encoding="utf-8")
                paths.append(path)
    return paths


def main() -> None:
    """Put the claims to the classes, and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--most", type=int, default=200, help="classes for each rule")
    parser.add_argument("--keras", choices=("2", "3"), default="3")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--show", nargs="*", default=["confirmed"], help="list the verdicts of these kinds")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clean = ROOT / "fixtures" / "clean"
        other = {"2": "keras3", "3": "keras2"}[given.keras]
        samples = [path for path in sorted(clean.iterdir()) if not path.name.startswith(other)]
        paths = given.paths or [*written_pages(Path(folder), given.keras), *samples]
        found = list(sound_probes(paths, given.keras))
        probes = list(chosen(found, given.most))
        results = Pool(probes, jobs=given.jobs, timeout=120, progress=lambda done, total, text: None).run()
    for result in results:
        for claim, verdict in zip(result.probe.claims, result.verdicts, strict=True):
            if verdict.status in given.show:
                place = f"{Path(result.probe.path).name}:{claim.line} {result.probe.class_name}"
                print(f"{verdict.status}: {claim.code} {claim.severity} at {place}: {verdict.evidence}")
    print(f"{len(found)} sound classes, Keras {given.keras}, {sum(len(probe.claims) for probe in probes)} false claims")
    print(table(results))


if __name__ == "__main__":
    main()
