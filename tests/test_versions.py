"""The benchmark of versions: what running an example is taken for, and how that is written down."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.versions.__main__ import kept, main
from benchmarks.versions.environments import ENVIRONMENTS, Environment, NotMade, interpreter
from benchmarks.versions.page import PAGE, page
from benchmarks.versions.running import Trial, Tried, as_imported, came_to, read, renewed, save
from keras_layer_lint.confirm.probe import Claim, Probe, ProbeResult, UnseenFailure
from keras_layer_lint.diagnostic import Status, Verdict
from keras_layer_lint.registry import rules
from keras_layer_lint.target import Generation
from tests.rule_pages import Block, Page, read_pages

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
    tried = came_to(PAGE_OF_RULE, block, [result(each) for each in verdicts])
    assert (tried.answer, tried.why) == (answer, why)


FAILURE = UnseenFailure(oracle="graph", evidence="ValueError: no", line=2)
FAILED = [
    (PAGE_OF_RULE, GOOD, result(failures=(FAILURE,)), "does not hold", "A fails: ValueError: no"),
    (PAGE_OF_RULE, GOOD, result(reason="no plan"), "not tried", "A: no plan"),
    (PAGE_OF_UNSEEN, example("a\nb  # KLL900\n"), result(failures=(FAILURE,)), "holds", ""),
    (PAGE_OF_UNSEEN, example("a  # KLL900\n"), result(failures=(FAILURE,)), "does not hold", "line 1 does not fail"),
]


@pytest.mark.parametrize(("of", "block", "found", "answer", "why"), FAILED)
def test_what_fails(of: Page, block: Block, found: ProbeResult, answer: str, why: str) -> None:
    tried = came_to(of, block, [found])
    assert (tried.answer, tried.why) == (answer, why)


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


def tried(answer: str, line: int, is_bad: bool = True, why: str = "", rule: str = "KLL101") -> Tried:
    name = next(page.path.name for page in read_pages() if page.code == rule)
    return Tried(rule, f"{name}:{line}", is_bad, answer, why)  # type: ignore[arg-type]


TRIALS = (
    Trial("TensorFlow 2.12", "2", not_made="no Python 3.11"),
    Trial("Keras 3.0", "3", "3.0.5", "tensorflow 2.16.2", "3.11.7", tried=(
        tried("holds", 10), tried("does not hold", 30, why="a | b"), tried("not tried", 9, why="c"),
        tried("does not hold", 50, is_bad=False, why="d"), tried("does not hold", 9, rule="KLL102", why="e"),
        tried("not tried", 9, rule="KLL103", why="f"), tried("holds", 9, is_bad=False, rule="KLL104"),
    )),
    Trial("Keras 3.3", "3", "3.3.3", "tensorflow 2.16.2", "3.11.7", tried=(
        tried("holds", 10), tried("does not hold", 30, why="a | b"),
        tried("holds", 9, rule="KLL102"),
    )),
)  # fmt: skip


def test_page() -> None:
    text = page(TRIALS)
    assert "- TensorFlow 2.12: could not be tried: no Python 3.11\n" in text
    assert "- Keras 3.0: Keras 3.0.5, tensorflow 2.16.2, Python 3.11.7\n" in text
    rows = [line.partition(")")[2] for line in text.splitlines() if line.startswith("| [KLL")]
    assert rows == [
        " tensor-if | 1 of 3, 1 ? | 1 of 2 |",
        " tensor-while | no | yes |",
        " tensor-for | ? | - |",
        " tensor-bool | - | - |",
    ]
    assert text.partition("## Why\n")[2] == (
        "\n### KLL101 tensor-if\n\n"
        "- bad example in line 9, Keras 3.0: not tried: c\n"
        "- bad example in line 30, Keras 3.0, Keras 3.3: does not hold: a \\| b\n"
        "- good example in line 50, Keras 3.0: does not hold: d\n"
        "\n### KLL102 tensor-while\n\n- bad example in line 9, Keras 3.0: does not hold: e\n"
        "\n### KLL103 tensor-for\n\n- bad example in line 9, Keras 3.0: not tried: f\n"
    )


def test_what_is_kept_is_not_run_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for environment in ENVIRONMENTS:
        trial = Trial(environment.name, environment.generation.value, tried=(tried("holds", 9),))
        save(trial, kept(environment, tmp_path))
        assert read(kept(environment, tmp_path)) == trial
    assert main(["--cache", str(tmp_path)]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    kept(ENVIRONMENTS[0], tmp_path).unlink()
    assert main(["--cache", str(tmp_path), "--offline"]) == 0
    assert f"- {ENVIRONMENTS[0].name}: could not be tried: not run\n" in capsys.readouterr().out
    assert told.out.count("| [KLL101]") == 2
    with pytest.raises(SystemExit, match=r"no environment keras-3\.99; there are tensorflow-2\.12, "):
        main(["--cache", str(tmp_path), "--only", "keras-3.99"])


def test_some_rules_are_renewed() -> None:
    newer = replace(TRIALS[2], keras="3.3.4", tried=(tried("not tried", 9, rule="KLL102"),))
    found = renewed(TRIALS[2], newer, ["KLL102"])
    assert found == replace(newer, tried=(*TRIALS[2].tried[:2], *newer.tried))
    assert renewed(TRIALS[2], replace(newer, not_made="no disk"), ["KLL102"]) == TRIALS[2]


def test_no_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NotMade, match=r"no Python 2\.0 or 2\.1 on the path"):
        interpreter(("2.0", "2.1"))


def test_each_row_is_of_a_rule() -> None:
    known = {page.path.name for page in read_pages()}
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| [KLL")]
    assert rows
    assert {row.partition("(../rules/")[2].partition(")")[0] for row in rows} <= known
