"""The benchmark of versions: what running an example is taken for, and how that is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.versions import __main__ as command
from benchmarks.versions.__main__ import main
from benchmarks.versions.environments import ENVIRONMENTS, Environment, NotMade, interpreter
from benchmarks.versions.page import PAGE, page
from benchmarks.versions.results import (
    RESULTS,
    Answer,
    Example,
    Key,
    Result,
    all_examples,
    examples_of,
    missing,
    path_of,
    pruned,
    read,
    read_all,
    write,
)
from benchmarks.versions.running import as_imported, came_to
from keras_layer_lint.confirm.probe import Claim, Probe, ProbeResult, UnseenFailure
from keras_layer_lint.diagnostic import Status, Verdict
from keras_layer_lint.registry import rules
from keras_layer_lint.target import Generation, since
from tests.rule_pages import GENERATIONS, Block, Page, read_pages

RULE = next(rule for rule in rules() if rule.code == "KLL101")
PAGE_OF_RULE = next(page for page in read_pages() if page.code == "KLL101")
PAGE_OF_UNSEEN = next(page for page in read_pages() if page.code == "KLL900")
KERAS_2, KERAS_3 = Generation.KERAS2, Generation.KERAS3


def example(source: str, is_bad: bool = True) -> Block:
    return Block(PAGE_OF_RULE.path.name, 9, is_bad, ("3",), source)


def result(
    verdicts: tuple[tuple[int, Status, str], ...] = (), failures: tuple[UnseenFailure, ...] = (), reason: str = ""
) -> ProbeResult:
    assert RULE.confirm is not None
    claims = tuple(
        Claim(code="KLL101", name=RULE.name, confirm=RULE.confirm, severity="error", line=line, column=1,
              end_line=line, end_column=2)
        for line, _, _ in verdicts
    )  # fmt: skip
    said = tuple(
        Verdict(status=status, oracle="graph", keras="3", backend="", device="", evidence=evidence)
        for _, status, evidence in verdicts
    )
    probe = Probe(path="a.py", shown="a.py", root=".", module="a", class_name="A", generation=KERAS_3, claims=claims)
    return ProbeResult(probe=probe, verdicts=said, failures=failures, reason=reason)


TWO = example("a  # KLL101\nb  # KLL101\n")
GOOD = example("a\n", is_bad=False)
CAME_TO = [
    (TWO, [((1, "confirmed", "x"), (2, "confirmed", "y"))], "holds", ""),
    (TWO, [((1, "confirmed", "x"),), ((2, "refuted", "y"),)], "does not hold", "line 2, KLL101: y"),
    (TWO, [((1, "inconclusive", "x"), (2, "refuted", "y"))], "does not hold", "line 2, KLL101: y"),
    (TWO, [((1, "inconclusive", "x\n y"), (2, "confirmed", "y"))], "not tried", "line 1, KLL101: x y"),
    (TWO, [((1, "confirmed", "x"),)], "not tried", "line 2, KLL101: klint has no finding there"),
    (GOOD, [()], "holds", ""),
    (GOOD, [((1, "refuted", "x"),)], "holds", ""),
    (GOOD, [((1, "confirmed", "x"),)], "does not hold", "KLL101: x"),
    (GOOD, [((1, "inconclusive", "x"),)], "not tried", "KLL101: x"),
]


@pytest.mark.parametrize(("block", "verdicts", "answer", "why"), CAME_TO)
def test_what_an_example_came_to(
    block: Block, verdicts: list[tuple[tuple[int, Status, str], ...]], answer: str, why: str
) -> None:
    found = came_to(Example(PAGE_OF_RULE, block, 1), [result(each) for each in verdicts])
    assert (found.outcome, found.reason) == (answer, why)


FAILURE = UnseenFailure(oracle="graph", evidence="ValueError: no", line=2)
FAILED = [
    (PAGE_OF_RULE, GOOD, result(failures=(FAILURE,)), "does not hold", "A fails: ValueError: no"),
    (PAGE_OF_RULE, GOOD, result(reason="no plan"), "not tried", "A: no plan"),
    (PAGE_OF_UNSEEN, example("a\nb  # KLL900\n"), result(failures=(FAILURE,)), "holds", ""),
    (PAGE_OF_UNSEEN, example("a  # KLL900\n"), result(failures=(FAILURE,)), "does not hold", "line 1 does not fail"),
]


@pytest.mark.parametrize(("of", "block", "found", "answer", "why"), FAILED)
def test_what_fails(of: Page, block: Block, found: ProbeResult, answer: str, why: str) -> None:
    came = came_to(Example(of, block, 1), [found])
    assert (came.outcome, came.reason) == (answer, why)


IMPORTS = [
    ("import tf_keras as keras\nx = tf_keras\n", "from tensorflow import keras\nx = tf_keras\n"),
    ("import keras\nfrom keras import ops\n", "from tensorflow import keras\nfrom tensorflow.keras import ops\n"),
    ("from tf_keras import backend as K\n", "from tensorflow.keras import backend as K\n"),
    ("import keras_hub\nfrom keras_hub import x\n", "import keras_hub\nfrom keras_hub import x\n"),
]


@pytest.mark.parametrize(("source", "then"), IMPORTS)
def test_keras_is_imported_as_it_was_then(source: str, then: str) -> None:
    of_tensorflow = Environment("TensorFlow 2.12", KERAS_2, ("tensorflow-cpu",))
    others = [replace(of_tensorflow, alone=("tf_keras",)), replace(of_tensorflow, generation=KERAS_3)]
    assert as_imported(example(source), of_tensorflow).source == then
    assert [as_imported(example(source), other).source for other in others] == [source, source]


SHOWN = ("KLL101", "KLL102", "KLL103", "KLL104")
OLD, NEW = ENVIRONMENTS[0], ENVIRONMENTS[-1]


def of_example(example: Example, outcome: Answer, reason: str = "", keras: str = "3.15.1") -> Result:
    return Result(*example.key, example.kind, outcome, reason, keras, "tensorflow 2.21.0", "3.11.7", "abc1234")


def results_of(*found: Result) -> dict[Key, Result]:
    return {result.key: result for result in found}


def rows_of(text: str) -> dict[str, list[str]]:
    """The cells of both tables, by rule and first column."""
    lines = [line.split(" | ") for line in text.splitlines() if line.startswith("| [KLL")]
    return {line[0]: line for line in lines}


def examples_in(code: str, generation: str) -> list[Example]:
    return examples_of(next(page for page in read_pages() if page.code == code), generation)


@pytest.mark.slow
def test_page() -> None:
    bad = [example for example in examples_in("KLL101", "3") if example.block.is_bad]
    good = [example for example in examples_in("KLL101", "3") if not example.block.is_bad]
    of_102 = [example for example in examples_in("KLL102", "3") if example.block.is_bad]
    of_103 = [example for example in examples_in("KLL103", "3") if example.block.is_bad]
    found = results_of(
        of_example(bad[0], "does not hold", "a | b"),
        of_example(bad[1], "not tried", "c"),
        *(of_example(each, "holds") for each in bad[2:]),
        of_example(good[0], "does not hold", "d"),
        *(of_example(each, "does not hold", "e") for each in of_102),
        *(of_example(each, "holds") for each in of_103),
    )
    text = page({NEW.slug: found})
    cells = {name: row[-1].removesuffix(" |") for name, row in rows_of(text).items()}
    told = {name[3:9]: cell for name, cell in cells.items() if name[3:9] in SHOWN}
    assert told == {
        "KLL101": f"{len(bad) - 2} of {len(bad)}, 1 ?",
        "KLL102": "no",
        "KLL103": "yes",
        "KLL104": "?",
    }
    of_101 = text.partition("\n### KLL101 tensor-if\n\n")[2].partition("###")[0]
    others = ", ".join(each.name for each in ENVIRONMENTS if each.generation is KERAS_3 and each is not NEW)
    lines = [line for line in of_101.splitlines() if NEW.name in line or others in line]
    assert lines[:4] == [
        f"- {bad[0]}, {others}: not run yet",
        f"- {bad[0]}, {NEW.name}: does not hold: a \\| b",
        f"- {bad[1]}, {others}: not run yet",
        f"- {bad[1]}, {NEW.name}: not tried: c",
    ]
    assert f"- {good[0]}, {NEW.name}: does not hold: d" in lines
    assert f"; Keras 3.15.1 (tensorflow 2.21.0, Python 3.11.7): {len(found)}; klint abc1234: {len(found)}\n" in text
    assert f"- {OLD.name}: 0 of " in text


@pytest.mark.slow
def test_what_another_version_does(limited: Example) -> None:
    """Of a version that the page does not speak of, the page of versions says so."""
    found = results_of(of_example(limited, "does not hold", "it did not", keras="2.12.0"))
    assert f"- {limited}, {OLD.name}: does not hold, as its page says: it did not\n" in page({OLD.slug: found})
    found = results_of(of_example(limited, "holds", keras="2.12.0"))
    assert f"- {limited}, {OLD.name}: holds, though its page says otherwise\n" in page({OLD.slug: found})


@pytest.fixture
def limited() -> Example:
    (example,) = [each for each in examples_in("KLL307", "2") if each.block.versions == since(2, 13)]
    return example


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    some = results_of(*(of_example(each, "not tried", 'a, "b"') for each in examples_in("KLL101", "2")))
    path = path_of(OLD, tmp_path)
    assert read(path) == {}
    write(some, path)
    assert read(path) == some
    assert sorted(file.name for file in tmp_path.iterdir()) == [f"{OLD.slug}.csv"]


def test_an_example_that_changes_is_run_again() -> None:
    example, *others = examples_in("KLL101", "2")
    some = results_of(of_example(example, "holds"))
    assert missing([example, *others], some) == others
    moved = replace(example, block=replace(example.block, line=1, versions=since(2, 13)))
    assert missing([moved], some) == []
    changed = [{"source": example.block.source + "\n"}, {"is_bad": not example.block.is_bad}, {"backend": "jax"}]
    for change in changed:
        other = replace(example, block=replace(example.block, **change))  # type: ignore[arg-type]
        assert missing([other], some) == [other]
        assert pruned(some, [other]) == {}
    assert pruned(some, [example, *others]) == some


@pytest.mark.slow
def test_no_two_examples_share_a_result() -> None:
    for environment in ENVIRONMENTS:
        keys = [example.key for example in all_examples(environment)]
        assert len(keys) == len(set(keys)), environment.name


@pytest.mark.slow
def test_a_run_writes_what_comes_and_leaves_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A run that is ended in the middle has kept what it came to, and the next one goes on from there."""
    asked: list[Example] = []

    def run(
        environment: Environment, python: Path, examples: list[Example], jobs: int, keep: Callable[[Result], None]
    ) -> None:
        asked[:] = examples
        keep(of_example(examples[0], "holds"))
        if len(examples) > 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(command, "run", run)
    monkeypatch.setattr(command, "made", lambda environment, cache: cache)
    options = ["--cache", str(tmp_path), "--versions", OLD.slug, "--rules", "KLL101", "--results", str(tmp_path)]
    left = examples_in("KLL101", "2")
    while left:
        if len(left) > 1:
            with pytest.raises(KeyboardInterrupt):
                main(options)
        else:
            assert main(options) == 0
        assert asked == left
        left = left[1:]
        assert missing(examples_in("KLL101", "2"), read(path_of(OLD, tmp_path))) == left
    asked.clear()
    assert main(options) == 0
    assert asked == []
    with pytest.raises(KeyboardInterrupt):
        main([*options, "--all", "--only-bad"])
    assert asked == [example for example in examples_in("KLL101", "2") if example.block.is_bad]
    capsys.readouterr()
    assert main(["--no-run", "--results", str(tmp_path)]) == 0
    assert rows_of(capsys.readouterr().out).keys() == rows_of(page({})).keys()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--no-run", "--versions", "keras-3.99"], r"no environment keras-3\.99; there are tensorflow-2\.12, "),
        ([], "2"),
    ],
)
def test_what_is_asked_for(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match=told):
        main(arguments)
    capsys.readouterr()


def test_a_version_that_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def made(environment: Environment, cache: Path) -> Path:
        raise NotMade("no disk")

    monkeypatch.setattr(command, "made", made)
    assert main(["--cache", str(tmp_path), "--versions", OLD.slug, "--results", str(tmp_path)]) == 1
    assert f"{OLD.name}: no disk\n" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_no_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NotMade, match=r"no Python 2\.0 or 2\.1 on the path"):
        interpreter(("2.0", "2.1"))


@pytest.mark.slow
def test_the_page_is_what_the_results_give() -> None:
    """A new rule, or another example, has no result yet: `python -m benchmarks.versions --no-run --write` says so."""
    assert PAGE.read_text(encoding="utf-8") == page(read_all()), "python -m benchmarks.versions --no-run --write"


@pytest.mark.slow
def test_each_rule_has_a_row_and_each_example_an_entry() -> None:
    text = page({})
    for generation in GENERATIONS:
        table = text.partition(f"\n## Keras {generation}")[2].partition("\n## ")[0]
        rows = [line for line in table.splitlines() if line.startswith("| [KLL")]
        assert [row[3:9] for row in rows] == [page.code for page in read_pages()]
        has_bad = {
            each.code: any(example.block.is_bad for example in examples_of(each, generation)) for each in read_pages()
        }
        assert {row[3:9]: row.split(" | ")[1].rstrip(" |") for row in rows} == {
            code: "?" if has else "-" for code, has in has_bad.items()
        }
    for each in read_pages():
        told = text.partition(f"### {each.code} {each.name}\n")[2].partition("###")[0]
        examples = [example for generation in GENERATIONS for example in examples_of(each, generation)]
        for example in examples:
            assert not example.block.is_bad or f"- {example}, " in told


def test_results_are_of_versions_that_there_are() -> None:
    files = {path.name for path in RESULTS.iterdir()}
    assert files <= {f"{environment.slug}.csv" for environment in ENVIRONMENTS}
    for environment in ENVIRONMENTS:
        for result in read(path_of(environment)).values():
            assert result.outcome in ("holds", "does not hold", "not tried")
            assert bool(result.reason) == (result.outcome != "holds")
            assert all((result.keras, result.backend, result.python, result.revision))
