"""`docs/versions.md` from what came of the environments: rule by version, and the reason of each gap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.versions.running import Trial, Tried
from tests.conftest import ROOT
from tests.rule_pages import Page, read_pages

PAGE = ROOT / "docs" / "versions.md"

_HEAD = """\
# Versions

Which rules hold in which version of Keras. `python -m benchmarks.versions --cache FOLDER --write` makes an environment
for each version, puts the examples of the rule pages through confirm mode there, one environment after another, and
writes this page.

- **yes**: each line that a bad example marks is confirmed.
- **no**: none of the bad examples does what the rule says. **2 of 3**: so many of them are confirmed.
- **?**: no bad example could be tried. **2 of 3, 1 ?**: that many could not.
- **-**: the page has no example for that generation of Keras.

What is not "yes" has its reason below the tables, and so has each good example that fails in a version.
"""

_GENERATIONS = {"2": "Keras 2, which TensorFlow brings", "3": "Keras 3 on TensorFlow"}


def page(trials: Sequence[Trial]) -> str:
    """Write the page. `trials` are in the order of the columns."""
    parts = [_HEAD]
    for generation, title in _GENERATIONS.items():
        columns = [trial for trial in trials if trial.generation == generation]
        if columns:
            parts += [f"\n## {title}\n\n", *_environments(columns), "\n", *_table(columns)]
    parts.append("\n## Why\n\n")
    parts += _reasons(trials) or ["Every example holds in every version.\n"]
    return "".join(parts)


def _environments(trials: Sequence[Trial]) -> Iterator[str]:
    for trial in trials:
        if trial.not_made:
            yield f"- {trial.name}: could not be tried: {trial.not_made}\n"
        else:
            part = "; bad examples only" if trial.only_bad else ""
            yield f"- {trial.name}: Keras {trial.keras}, {trial.backend}, Python {trial.python}{part}\n"


def _table(trials: Sequence[Trial]) -> Iterator[str]:
    yield f"| rule | {' | '.join(trial.name for trial in trials)} |\n|---|{'---|' * len(trials)}\n"
    for rule in _rules(trials):
        cells = [_cell([each for each in trial.tried if each.rule == rule.code], trial) for trial in trials]
        yield f"| [{rule.code}](../rules/{rule.path.name}) {rule.name} | {' | '.join(cells)} |\n"


def _rules(trials: Sequence[Trial]) -> list[Page]:
    tried = {each.rule for trial in trials for each in trial.tried}
    return [rule for rule in read_pages() if rule.code in tried]


def _cell(tried: Sequence[Tried], trial: Trial) -> str:
    if trial.not_made:
        return "?"
    answers = [each.answer for each in tried if each.is_bad]
    held, untried = answers.count("holds"), answers.count("not tried")
    if not answers:
        return "-"
    if untried == len(answers):
        return "?"
    if held == len(answers):
        return "yes"
    told = f"{held} of {len(answers)}" if held else "no"
    return f"{told}, {untried} ?" if untried else told


def _reasons(trials: Sequence[Trial]) -> list[str]:
    """Each example that does not hold, with the versions in which it does so for one reason."""
    found: dict[tuple[str, int, bool, str, str], list[str]] = {}
    for trial in trials:
        for each in trial.tried:
            if each.answer != "holds" or each.is_of_another:
                file, _, line = each.example.rpartition(":")
                found.setdefault((file, int(line), each.is_bad, _said(each), each.why), []).append(trial.name)
    lines = []
    last = ""
    for (file, number, is_bad, answer, why), names in sorted(found.items(), key=lambda item: item[0][:2]):
        if file != last:
            heading = file.removesuffix(".md").replace("-", " ", 1)
            lines.append(f"{chr(10) if last else ''}### {heading}\n\n")
            last = file
        kind = "bad" if is_bad else "good"
        told = why.replace("|", "\\|")
        lines.append(f"- {kind} example in line {number}, {', '.join(names)}: {answer}{told and ': ' + told}\n")
    return lines


def _said(tried: Tried) -> str:
    """What it came to, beside what its page says of the version."""
    if not tried.is_of_another:
        return tried.answer
    beside = "though its page says otherwise" if tried.answer == "holds" else "as its page says"
    return f"{tried.answer}, {beside}"
