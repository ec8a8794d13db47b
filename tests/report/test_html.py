"""The page: well formed, loads nothing, and holds every finding, its code and its evidence."""

from __future__ import annotations

from html.parser import HTMLParser

from keras_layer_lint.diagnostic import Diagnostic, Note, Severity, Span, Status, Verdict
from keras_layer_lint.findings import FileError, NotRun, Report
from keras_layer_lint.report import render
from tests.conftest import Make

LINES = [f"line {number} <b>&" for number in range(1, 9)]
VOID = {"meta", "input", "br"}


class Page(HTMLParser):
    """Collects elements; fails on one that is not closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def verdict(status: Status, oracle: str) -> Verdict:
    return Verdict(
        status=status, oracle=oracle, keras="3.15.1", backend="jax 0.10.2", device="cpu", evidence=f"{oracle} <says>"
    )


def page(*diagnostics: Diagnostic, **more: object) -> Page:
    return Page(render("html", Report(diagnostics, files=2, layers=1, seconds=0.1, **({"errors": ()} | more)), lines))  # type: ignore[arg-type]


def lines(_: str) -> list[str]:
    return LINES


def test_every_finding_is_there(make: Make) -> None:
    found = page(
        make(3, 1, class_name="Gate", help="do <it>", notes=(Note(Span(2, 1, 2, 3), "a tensor"),)),
        make(5, 1, class_name="Gate", verdict=verdict("confirmed", "graph")),
        make(5, 1, code="KLL302", name="x", class_name="Other", severity=Severity.NOTE, path="other.py"),
    )
    articles = {str(each["id"]): each for each in found.all("article")}
    assert [each["data-severity"] for each in articles.values()] == ["error", "error", "note"]
    assert [each["data-verdict"] for each in articles.values()].count("confirmed") == 1
    links = [str(each["href"]) for each in found.all("a")]
    assert {link.removeprefix("#") for link in links if link.startswith("#")} <= articles.keys()
    text = " ".join("".join(found.text).split())
    for part in ("line 3 <b>&", "^^^", "a tensor", "help: do <it>", "graph <says>", "Keras 3.15.1", "3 problems"):
        assert part in text


def test_classes_are_rows_and_rules_and_oracles_columns(make: Make) -> None:
    found = page(
        make(class_name="Gate", verdict=verdict("confirmed", "graph")),
        make(class_name="Gate", verdict=verdict("refuted", "reload"), code="KLL302"),
        make(class_name="Other", verdict=verdict("inconclusive", "graph")),
        runs=({"path": "layers.py", "class": "Other", "failures": [{"oracle": "xla"}]},),
    )
    text = [part.strip() for part in found.text if part.strip()]
    head = text.index("KLL101")
    assert text[head : head + 5] == ["KLL101", "KLL302", "graph", "reload", "xla"]
    gate, other = text.index("Gate"), text.index("Other")
    assert text[gate + 1 : gate + 5] == ["1", "1", "\u2717", "\u2713"]
    assert text[other + 1 : other + 4] == ["1", "?", "\u2717"]


def test_it_loads_nothing(make: Make) -> None:
    found = page(make(class_name="Gate"))
    assert [each for tag, each in found.found if "src" in each or tag in ("link", "iframe", "img")] == []
    policy = next(each["content"] for each in found.all("meta") if "http-equiv" in each)
    assert str(policy).startswith("default-src 'none';")


def test_what_was_not_done_is_told(make: Make) -> None:
    found = page(
        errors=(FileError("gone.py", "no such file"),), not_run=(NotRun("b.py", 1, ("Gate",), "3", "why", "", "class"),)
    )
    text = "".join(found.text)
    assert "gone.py: no such file" in text
    assert "why" in text
    assert found.all("form") == []
