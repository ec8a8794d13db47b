"""What items come to: each layer runs once in the sandbox, and its items say what klint would."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.frameworks import needs
from tests.pytest_plugin.conftest import project, run_pytest

pytestmark = pytest.mark.slow

Case = tuple[str, str]
"""The outcome and its text."""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., tuple[dict[str, Case], str]]:
    """Run the project once for each set of options: the cases of the junit report, and what was printed."""
    needs("3")
    known: dict[tuple[str, ...], tuple[dict[str, Case], str]] = {}

    def run(*options: str) -> tuple[dict[str, Case], str]:
        if options not in known:
            folder = project(tmp_path_factory.mktemp("shop"))
            done = run_pytest(folder, "--klint-confirm", "src", "-v", "-rsf", "--junitxml=report.xml", *options)
            assert not (folder / "imported").exists()
            known[options] = cases(folder / "report.xml"), done.stdout
        return known[options]

    return run


def cases(path: Path) -> dict[str, Case]:
    found = {}
    for case in ElementTree.parse(path).iter("testcase"):
        outcome, text = "passed", ""
        for part in case:
            outcome, text = part.tag, f"{part.get('message')}\n{part.text}"
        found[f"{case.get('classname')}.{case.get('name')}"] = (outcome, text)
    return found


def test_outcomes(ran: Callable[..., tuple[dict[str, Case], str]]) -> None:
    found, _ = ran()
    outcomes = {name.removeprefix("src.shop.layers."): outcome for name, (outcome, _) in found.items()}
    assert outcomes == {
        **{f"{name}.{way}": "passed" for name in ("Scale", "Wide") for way in ("graph", "build", "reload")},
        **{f"{name}.{way}": "passed" for name in ("Scale", "Wide") for way in ("train", "xla", "purity")},
        **{f"Gate.{way}": "skipped" for way in ("build", "reload", "train", "xla", "purity")},
        "Gate.graph": "failure",
        **{f"Rows.{way}": "skipped" for way in ("graph", "build", "reload", "train", "xla", "purity")},
        **{f"Masked.{way}": outcomes[f"Masked.{way}"] for way in ("build", "reload", "train", "xla", "purity")},
        "Masked.graph": "failure",
    }


def test_a_failure_is_what_klint_reports(ran: Callable[..., tuple[dict[str, Case], str]]) -> None:
    found, said = ran()
    _, text = found["src.shop.layers.Gate.graph"]
    for part in (
        "src/shop/layers.py:17:12: error KLL101 (tensor-if): `if` on a tensor",
        "17 |         if ops.mean(inputs) > 0:",
        "\nhelp: ",
        "\nconfirmed: OperatorNotAllowedInGraphError: ",
        "  Keras 3.",
        "called on float32[5,8]",
        "https://github.com/keras-layer-lint/klint/blob/main/rules/KLL101-tensor-if.md",
    ):
        assert part in text, text
    assert "FAILED src/shop/layers.py::Gate::graph" in said


def test_a_layer_that_was_not_run_is_skipped_with_a_recipe(ran: Callable[..., tuple[dict[str, Case], str]]) -> None:
    found, said = ran()
    for way in ("graph", "xla"):
        _, text = found[f"src.shop.layers.Rows.{way}"]
        assert 'put into [tool.klint.recipes], completed: "shop.layers.Rows" = {' in text
    assert re.search(r"SKIPPED \[6\] src/shop/layers\.py:\d+: .*shop.layers.Rows", said), said
    _, text = found["src.shop.layers.Gate.xla"]
    assert "it runs only with KLL101 on line 17 out of the way" in text


def test_with_xdist_each_layer_runs_in_one_worker(ran: Callable[..., tuple[dict[str, Case], str]]) -> None:
    alone, _ = ran()
    found, said = ran("-n", "2")
    assert {name: outcome for name, (outcome, _) in found.items()} == {
        name: outcome for name, (outcome, _) in alone.items()
    }
    workers: dict[str, set[str]] = {}
    for worker, layer in re.findall(
        r"^\[(gw\d)\].* (?:PASSED|FAILED|SKIPPED) src/shop/layers\.py::(\w+)::", said, re.MULTILINE
    ):
        workers.setdefault(layer, set()).add(worker)
    assert workers.keys() == {"Scale", "Gate", "Rows", "Wide", "Masked"}
    assert {len(each) for each in workers.values()} == {1}
    assert len(set.union(*workers.values())) == 2


def test_it_stops_at_the_first_failure(ran: Callable[..., tuple[dict[str, Case], str]]) -> None:
    found, _ = ran("-x", "-k", "Gate or Scale")
    assert list(found)[-1] == "src.shop.layers.Gate.graph"
    assert [outcome for outcome, _ in found.values()] == ["passed"] * 6 + ["failure"]


SEEN = """\
from pathlib import Path


def pytest_unconfigure(config):
    session = config.pluginmanager.get_plugin("klint-layers")
    Path("started").write_text(str(session._zygotes is not None))
"""


def test_what_has_not_changed_is_not_run_again(tmp_path: Path) -> None:
    needs("3")
    folder = project(tmp_path)
    (folder / "conftest.py").write_text(SEEN, encoding="utf-8")
    for options, started in (((), True), ((), False), (("--klint-no-cache",), True)):
        done = run_pytest(folder, "--klint-confirm", "src", "-k", "Scale or Gate", *options)
        assert "1 failed, 6 passed, 5 skipped" in done.stdout, done.stdout
        assert (folder / "started").read_text(encoding="utf-8") == str(started), options
