"""`docs/versions.md` from the results: rule by version, and the reason of each gap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.versions.environments import ENVIRONMENTS, Environment
from benchmarks.versions.results import RESULTS, Answer, Example, Results, all_examples, examples_of, read_all
from keras_layer_lint.target import Generation
from tests.conftest import ROOT
from tests.rule_pages import Page, read_pages

PAGE = ROOT / "docs" / "versions.md"

_HEAD = """\
# Versions

Which rules hold in which version of Keras. `python -m benchmarks.versions --cache FOLDER --write` makes an environment
for each version, puts the examples of the rule pages through confirm mode there, one environment after another, and
writes this page. It runs what has no result yet. `python -m benchmarks.versions --no-run --write` writes the page of
the results that there are, in [`benchmarks/versions/results/`](../benchmarks/versions/results).

- **yes**: each line that a bad example marks is confirmed.
- **no**: none of the bad examples does what the rule says. **2 of 3**: so many of them are confirmed.
- **?**: no bad example could be tried, or none was run yet. **2 of 3, 1 ?**: that many could not, or were not.
- **-**: the page has no example for that generation of Keras, or its rule speaks of files that nobody can run.

An example counts where its page limits it to other versions, too. What is not "yes" has its reason below the tables,
and so has each good example that fails in a version. Examples are counted from 1, bad and good ones apart.
Those for JAX run on JAX, the others on TensorFlow.
"""

_TITLES = {Generation.KERAS2: "Keras 2, which TensorFlow brings", Generation.KERAS3: "Keras 3"}
_NOT_RUN: Answer = "not run yet"


@dataclass(frozen=True, slots=True)
class Came:
    """What an example came to in a version, as far as it was run."""

    example: Example
    answer: Answer
    reason: str
    is_of_another: bool
    """Whether its page limits it to other versions."""


def write_page(folder: Path = RESULTS) -> None:
    """Write `docs/versions.md` of the results that there are."""
    PAGE.write_text(page(read_all(folder)), encoding="utf-8")


def page(results: Mapping[str, Results]) -> str:
    """Write the page. `results` has those of each environment by its slug."""
    parts = [_HEAD]
    for generation, title in _TITLES.items():
        columns = [environment for environment in ENVIRONMENTS if environment.generation is generation]
        parts += [f"\n## {title}\n\n", *_environments(columns, results), "\n", *_table(columns, results)]
    parts.append("\n## Why\n\n")
    parts += _reasons(results) or ["Every example holds in every version.\n"]
    return "".join(parts)


def came(example: Example, results: Results) -> Came:
    """Look an example up in the results of an environment."""
    result = results.get(example.key)
    if result is None:
        return Came(example, _NOT_RUN, "", is_of_another=False)
    return Came(example, result.outcome, result.reason, not example.block.is_for(result.keras))


def _environments(environments: Sequence[Environment], results: Mapping[str, Results]) -> Iterator[str]:
    """What was run in each version, how much of it, and by which commits of klint."""
    for environment in environments:
        known = results.get(environment.slug, {})
        examples = all_examples(environment)
        runs = [known[example.key] for example in examples if example.key in known]
        ran = Counter(run.kind for run in runs)
        asked = Counter(example.kind for example in examples)
        parts = [f"{ran[kind]} of {asked[kind]} {kind} examples run" for kind in asked]
        if runs:
            versions = Counter(f"Keras {run.keras} ({run.backend}, Python {run.python})" for run in runs)
            parts += [f"{version}: {count}" for version, count in versions.most_common()]
            revisions = Counter(run.revision for run in runs)
            parts += [f"klint {revision}: {count}" for revision, count in revisions.most_common()]
        yield f"- {environment.name}: {'; '.join(parts)}\n"


def _table(environments: Sequence[Environment], results: Mapping[str, Results]) -> Iterator[str]:
    yield f"| rule | {' | '.join(each.name for each in environments)} |\n|---|{'---|' * len(environments)}\n"
    for rule in read_pages():
        cells = [
            _cell([came(example, results.get(each.slug, {})) for example in examples_of(rule, each.generation.value)])
            for each in environments
        ]
        yield f"| [{rule.code}](../rules/{rule.path.name}) {rule.name} | {' | '.join(cells)} |\n"


def _cell(found: Sequence[Came]) -> str:
    answers = [each.answer for each in found if each.example.block.is_bad]
    held, untried = answers.count("holds"), answers.count("not tried") + answers.count(_NOT_RUN)
    if not answers:
        return "-"
    if untried == len(answers):
        return "?"
    if held == len(answers):
        return "yes"
    told = f"{held} of {len(answers)}" if held else "no"
    return f"{told}, {untried} ?" if untried else told


def _reasons(results: Mapping[str, Results]) -> list[str]:
    """Each example that does not hold, with the versions in which it does so for one reason."""
    parts: list[str] = []
    for rule in read_pages():
        if lines := list(_reasons_of(rule, results)):
            parts += ["\n" if parts else "", f"### {rule.code} {rule.name}\n\n", *lines]
    return parts


def _reasons_of(rule: Page, results: Mapping[str, Results]) -> Iterator[str]:
    found: dict[tuple[bool, int, str, str], list[str]] = {}
    for environment in ENVIRONMENTS:
        for example in examples_of(rule, environment.generation.value):
            each = came(example, results.get(environment.slug, {}))
            if _is_told(each):
                key = (not example.block.is_bad, example.number, _said(each), each.reason)
                found.setdefault(key, []).append(environment.name)
    for (is_good, number, answer, reason), names in sorted(found.items(), key=lambda item: item[0][:2]):
        told = reason.replace("|", "\\|")
        kind = "good" if is_good else "bad"
        yield f"- {kind} example {number}, {', '.join(names)}: {answer}{told and ': ' + told}\n"


def _is_told(each: Came) -> bool:
    """Whether it needs a reason. How many good examples were not run stands with the version."""
    if each.answer == _NOT_RUN:
        return each.example.block.is_bad
    return each.answer != "holds" or each.is_of_another


def _said(each: Came) -> str:
    """What it came to, beside what its page says of the version."""
    if not each.is_of_another:
        return each.answer
    beside = "though its page says otherwise" if each.answer == "holds" else "as its page says"
    return f"{each.answer}, {beside}"
