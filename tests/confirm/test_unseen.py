"""What failed and no rule saw becomes a diagnostic: once, and not where the finding of a part of the layer tells it."""

from pathlib import Path

from keras_layer_lint.confirm.probe import ProbeResult, UnseenFailure
from keras_layer_lint.confirm.unseen import unseen
from keras_layer_lint.diagnostic import Status, Verdict
from tests.confirm.conftest import claim_of, probe

FAILURE = UnseenFailure(oracle="graph", evidence="eager: ValueError: no", line=12)


def of(name: str, *failures: UnseenFailure, path: str = "layers.py") -> ProbeResult:
    return ProbeResult(probe=probe(Path(path), name), verdicts=(), failures=failures)


def part(status: Status, line: int = 12, oracle: str = "graph") -> ProbeResult:
    verdict = Verdict(
        status=status,
        oracle=oracle,
        keras="3",
        backend="tensorflow",
        device="cpu",
        evidence="ValueError: no",
        line=line,
    )
    return ProbeResult(probe=probe(Path("layers.py"), "Part", [claim_of("KLL141", 12)]), verdicts=(verdict,))


def told(*results: ProbeResult) -> list[tuple[str | None, int]]:
    return [(each.class_name, each.span.line) for each in unseen(results)]


def test_what_fails_in_a_base_is_told_once() -> None:
    assert told(of("One", FAILURE), of("Two", FAILURE), of("Else", FAILURE, path="other.py")) == [
        ("One", 12),
        ("Else", 12),
    ]


def test_a_part_of_the_layer_has_the_finding() -> None:
    whole = of("Whole", FAILURE)
    assert told(whole, part("confirmed")) == []
    assert told(part("confirmed"), whole) == []
    for other in (part("refuted"), part("inconclusive"), part("confirmed", line=13), part("confirmed", oracle="xla")):
        assert told(whole, other) == [("Whole", 12)]


def test_a_failure_beside_the_finding_of_the_class_is_told() -> None:
    both = ProbeResult(
        probe=probe(Path("layers.py"), "Part", [claim_of("KLL141", 12)]),
        verdicts=part("confirmed").verdicts,
        failures=(FAILURE,),
    )
    assert told(both) == [("Part", 12)]
