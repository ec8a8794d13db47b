"""Precision per rule, from the labelled diagnostics of real packages: `python -m benchmarks.accuracy`.

Each file in `labels/` holds what klint reported on one package of the package index, judged by reading the code against
the rule, where in doubt by running it: path, line, code, true or false, and why in one line. A rule whose precision is
below 0.95 is not on by default; `docs/accuracy.md`, which `--write` writes, holds the figures.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.reported_faults import reported_faults

LABELS = Path(__file__).parent / "labels"
FIRST_CONTACT = Path(__file__).parent / "first_contact.csv"
RECALL = Path(__file__).parent / "recall.csv"
SEEDING = Path(__file__).parent / "seeding.csv"
BY_DEFAULT = Path(__file__).parent / "seeding_by_default.csv"
_ENOUGH = 20
"""Mutants of a rule from which on its recall is shown."""
MISSES = Path(__file__).parent / "misses"
PAGE = Path(__file__).parent.parent / "docs" / "accuracy.md"
SHIPPED = Path(__file__).parent.parent / "keras_layer_lint" / "measured_precision.json"
BOUND = 0.95
"""A rule that is right less often is off by default."""

_TEXT = """\
# Accuracy

How often klint is right on code it was not written for. Diagnostics on {packages} packages of the package index were
judged against the code they stand in, and labelled true or false with the reason: {total} in all, {true} of them true
({share:.1%}). Where the reason says so, the layer was run; many of the rules on signatures and configs (KLL201, 202,
301, 302, 304, 306) were looked at again by a script of its own, and read where that disagreed. The labels are in
[`benchmarks/labels/`](../benchmarks/labels); `python -m benchmarks.accuracy` prints these figures, `--write` writes
this page.

False means: what the message says does not happen there, or cannot be reached, or its author could not act on it. What
is false is mended where a cause can be told apart; what is left stands here. A rule below {bound} is not on by default.
Where the reason begins "with --keras 3", the package was linted with that option, or those, for Keras 2 or another
backend is what it is written for. Rules that are off by default were selected, and `--any-use` was given.

The figures are those after mending. Of what the rules on `call()` (KLL1) first reported on ten packages that nothing
had been tuned on, 25 of 38 were true; the causes of the other 13, seven in all, are mended since. Code of a new kind
may well show some more.

| rule | judged | true | precision | packages |
|---|---:|---:|---:|---:|
{rules}

Packages:

| package | judged | true |
|---|---:|---:|
{by_package}

A rule that is not in the table reported nothing in these packages. KLL148 was selected in those for Keras 3, with
`--keras 3 --backend tensorflow,jax,torch`, and found nothing. KLL223, 224 and 409 were looked for in 86 further
repositories as well, and found nothing there.

## First contact

Repositories that klint had not been run on before, each round with klint as it was then: every KLL1xx finding and 60
others were judged before anything was mended. Noise is what is true and no author would act on. Before the findings
were looked at, 60 or more classes were read for faults; "faults" is how many were certain, "found" how many klint
reported (in round 3 by reading alone; three of what was found there are generous matches; in round 4 46 classes were
read, and what the findings of TensorFlow 1 code claim was judged without running it; in round 5 37 classes were read,
findings were judged by reading alone, and notes were not judged; in round 6 39 classes were read, and 30 notes
drawn by chance were judged; in round 7 every finding was judged; of the six errors of the rules added since round 5,
KLL116, 149, 217 and 402, four are true, and the two of KLL402 are false; in round 8 40 classes were read and every
finding was judged; of the two errors of the newer rules the one of KLL149 is true, and that of KLL222 is false; in
round 9 40 classes were read, every error and warning was judged, and 25 notes drawn by chance; eight of the faults
are slips that no rule is for, one that was found is told for the other generation of Keras; of the errors of the
newer rules those of KLL217 and KLL222, one each, are true, and the ten of KLL149 are false, for one cause; in round 10
40 classes were read, every error and warning was judged, and 25 notes drawn by chance; the generation of Keras was
mistaken nowhere, the version of Keras 2 in four projects, which 35 of the 38 false ones come from; three of the faults
are slips that no rule is for; of the newer rules ten of KLL217 and one each of KLL218 and KLL222 are true, four of five
of KLL149, and the two of KLL402 are false; in round 11 some 200 classes were read, a sample was judged as in the first
rounds, of 270 errors and warnings, and 29 notes; the generation of Keras was mistaken nowhere, the backend in one
project; six of the 13 false ones are KLL141 in layers that are called eagerly only; three faults were withdrawn for the
same reason, two were told in notes, and ten are slips that no rule is for; of the newer rules the two of KLL149 and the
three of KLL217 are true; in round 12 some 150 classes were read, every error and warning was judged, and 25 notes drawn
by chance; 39 of the 78 that are noise are KLL301 where no config is ever asked for, 15 stand in a hidden folder; of the
20 false ones six come from code that TensorFlow 2 never runs, six from files for the backend of torch; one fault was
told in a note, and four are slips that no rule is for; of the newer rules the one of KLL149 and the three of KLL217 are
true; in round 13, which has fewer classes than those before, 70 were read in five repositories, and every finding was
judged; two of the six false ones are KLL103 on a list of tensors, two NumPy code under `@tf.py_function`; all notes
that are noise stand in one project, for one cause; three of the faults are slips that no rule is for, six are layers of
a package that nobody installs, which only its own Models make; of the newer rules all nine of KLL149 and KLL217 are
true; in round 14 some 58 classes were read in seven repositories, and every finding was judged; the six false ones are
KLL141 in models that only a loop of their own file calls, eagerly; five of the 11 that are noise stand in one file of
schedules that are saved nowhere; the notes stand in one project, and most speak of XLA; seven faults were withdrawn
once they were run, and four are slips that no rule is for; of the newer rules all nine of KLL149 and KLL217 are true;
in round 15, the first in which notes on uses that a project does not make are only counted (85 of them), some 80
classes were read, every finding was judged, and repositories were linted with a `.git`, as users have them; 20 of the
23 false ones stand in a project and a package of which only a README tells the version of TensorFlow, or the backend,
PyTorch; 14 of the 24 that are noise are configs that nobody asks for, five stand in a class that says it is not
implemented yet; the notes are of one cause; three faults were withdrawn, and four are slips that no rule is for; of the
newer rules those of KLL217 and KLL222, one each, are true, and that of KLL116 is false; in round 16 some 75 classes
were read, every error and warning was judged, and no note was shown (33 findings on uses that a project does not make
were counted); 17 of the 30 that are noise stand in files of an unfinished port that nothing imports, five speak of
versions of Keras 2 that came later than the code; three of the six false ones are code that only loops call, eagerly;
two faults were withdrawn, and six are slips that no rule is for; of the newer rules those of KLL116 are true, six in
all, of KLL149 three of seven, of KLL217 ten of 14, and the five of KLL402 are noise; in round 17 every error and
warning was judged, and some 170 classes were read for faults in 17 repositories chosen apart from these; ten of the
faults are slips that no rule was for, and seven are loops that train a model without telling it; 32 of the 82 that
are noise stand in folders named `archive` of one project, which has 15 more in configs that nobody asks for, and 21
in unfinished files that nothing can or does
import; 21 of the 38 false ones are KLL141 in a functional model whose Input has a batch size, nine are layers and
weights made in a `call` that runs once, to build a functional model; of the newer rules the four of KLL116 are true, of
KLL149 five of six, of KLL217 six of 15, the two of KLL222 are noise, and that of KLL124 is false; round 18 is of
other repositories, after what round 17 showed was mended, and was judged in the same way, by reading; seven of the
nine false ones are KLL149 in one project, whose generation was mistaken, two are KLL141 where only loops call; of the
newer rules the other three of KLL149 and the four of KLL217 are true; before the findings of round 19 were looked at,
some 270 classes were read in 24 repositories, every error and warning was judged, and what was in doubt was run; in two
libraries the keys that every config writes, and an attribute that every config reads and nothing sets, gave 65 of the
true ones; three of the five false ones are KLL141 where only loops call, two tell code of 2020 what Keras 3 does; five
of the 11 that are noise are KLL213 in layers that only a functional model makes, two stand in a layer with a breakpoint
left in its `call`; of the 41 faults that were missed 19 are slips that no rule is for, six were seen and only counted,
in a file that nothing runs, and six are configs of which klint told another fault, that they raise; one fault was
withdrawn; of the newer rules that of KLL116, the six of KLL149 and the seven of KLL217 are true; in round 20, small
repositories, every error and warning was judged by reading, and no fault was looked for; twelve of the 14 false ones
are KLL213 in a package for TensorFlow 1.2, in whose graphs the gradient flows, two take a list of masks for a tensor).
`benchmarks/first_contact.csv` holds the figures.

The newer rules are KLL105, 116, 124, 148, 149, 154, 216 to 224, 311, 312 and 401 to 409. As they were found in rounds
11 to 15, 30 of their 33 errors and warnings are true, and the three false ones, of KLL116 and KLL124, stand in one
package for PyTorch. On the same 98 repositories klint at 1d2c41e has 62, all judged: 60 are true, two are noise (a
Model that nothing trains), none is false. What KLL402 said was never a fault that the author had met: four false in
rounds 7 and 10, five that are noise in round 16, and six more in three of ten further repositories that have schedules
of their own. All are code for Keras 2 before 2.11. Versions are found in more places since, and where nothing tells
one, such findings are counted since f5013db and not shown. In Keras 3 it spoke of one package, where running confirms
it.

| round | repositories | judged | true | false | noise | found of faults |
|---:|---:|---|---:|---:|---:|---:|
{rounds}

## Recall by seeding

Faults of the kinds that people report are planted in sound layers of real packages, in `call` and where it is harder to
see; a mutant counts where running it shows the fault. Static linting with `--any-use` then speaks of it or
does not. `python -m benchmarks.seeding --mutants N --write REVISION` plants, runs and counts; the figures are those of
klint at {seeded_at}:
{killed} mutants of {operators} operators over {seeded_rules} rules in {seeded_packages} packages, {seeded_share:.1%}
found, {validation:.1%} in packages of which nobody has looked at a mutant. Something that running refutes was said of
{seeded_refuted}.

| place | mutants | found | recall |
|---|---:|---:|---:|
{by_place}

Rules with {enough} mutants or more; where a revision of klint stands behind a rule, that rule was measured anew, by
itself; KLL124 and KLL222 (13 of 13) with `--seed 11` in deepctr, spektral, keras-nlp, nobrainer and keras-cv, of which
nobody had looked at a mutant of these rules, after what was missed in five other packages was mended (there 194 of 213
and 25 of 27 are found since, 189 and 20 before):

| rule | mutants | found | recall |
|---|---:|---:|---:|
{by_seeded_rule}

By default klint is silent on uses of a class that a project does not make, XLA and files among them, which a library
leaves to others. {default_killed} of such mutants, those of an earlier run, were linted both ways (`python -m
benchmarks.seeding --known FILE --only-known --write-default REVISION`, klint at {default_at}): {default_found} are
found with `--any-use` ({default_found_share:.1%}), {default_shown} by default ({default_shown_share:.1%}),
{default_warned} in an error or a warning ({default_warned_share:.1%}). These rules differ:

| rule | mutants | with `--any-use` | by default | in an error or a warning |
|---|---:|---:|---:|---:|
{by_default}

## Recall by running

`klint --confirm=all` runs every class of a package; a fault is a class in which one oracle saw something go wrong.
"Found" is how many a finding of static linting spoke of. `python -m benchmarks.recall PACKAGE=REPORT ...
--write REVISION` counts them; `benchmarks/misses/` says of what was missed whether a rule could see it, reading cannot
know it, or confirm mode itself was mistaken, which is no fault. What is not judged counts as missed. The figures are
those of klint at {revision}, on {run} packages of both generations. In these running showed no fault that counts:
{quiet}.

| package | faults | found | recall | missed and not judged |
|---|---:|---:|---:|---:|
{by_running}

What was missed:

| class | Keras | where it fails | why it was missed |
|---|---|---|---|
{missed}
"""


_REPORTED = """
## Reported faults

Faults of layers, models, losses, metrics, schedules and optimizers that people reported in public: {faults} small
modules, written anew and run, of which {sourced} have a thread each and the others were written beside one.
[`faults.csv`](../benchmarks/reported_faults/faults.csv) says what running shows and where it was reported; `python -m
benchmarks.reported_faults` prints the score. "Before" is klint at c9d833a, when they were written and before anything
was mended. An error or a warning has to speak of the fault.

| kind | faults | before | now |
|---|---:|---:|---:|
{by_kind}

A rule is for these, and does not see them:

| fault | rule | what running shows |
|---|---|---|
{missed}

No rule is for these. Running the module finds them; some of them reading could find, the others depend on values, on
what data there is or on what the author meant:

| fault | kind | what running shows |
|---|---|---|
{unseen}
"""


@dataclass(frozen=True, slots=True)
class Label:
    """One judged diagnostic."""

    package: str
    path: str
    line: int
    code: str
    is_true: bool
    why: str


def labels(prefix: str = "") -> list[Label]:
    """All labels, of the packages whose name begins with `prefix`."""
    found = []
    for path in sorted(LABELS.glob(f"{prefix}*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                verdict = {"true": True, "false": False}[row["verdict"]]
                found.append(Label(path.stem, row["path"], int(row["line"]), row["code"], verdict, row["why"]))
    return found


def precision(found: list[Label]) -> dict[str, tuple[int, int]]:
    """By code: how many are true, of how many."""
    judged = Counter(label.code for label in found)
    true = Counter(label.code for label in found if label.is_true)
    return {code: (true[code], judged[code]) for code in sorted(judged)}


def page(found: list[Label]) -> str:
    """The text of `docs/accuracy.md`."""
    from keras_layer_lint.registry import registered

    opt_in = {item.rule.code for item in registered() if not item.rule.is_default}
    names = {item.rule.code: item.rule.name for item in registered()}
    rules = []
    for code, (true, judged) in precision(found).items():
        packages = len({label.package for label in found if label.code == code})
        name = f"{code} {names.get(code, '')}{' (off by default)' if code in opt_in else ''}"
        rules.append(f"| {name} | {judged} | {true} | {true / judged:.3f} | {packages} |")
    by_package = []
    for package in sorted({label.package for label in found}):
        of = [label.is_true for label in found if label.package == package]
        by_package.append(f"| {package} | {len(of)} | {sum(of)} |")
    true = sum(label.is_true for label in found)
    by_running = _rows(RECALL)
    seeded = {
        kind: [row for row in _rows(SEEDING) if row["kind"] == kind] for kind in ("rule", "place", "packages", "all")
    }
    [every] = seeded["all"]
    [validation] = [row for row in seeded["packages"] if row["name"] == "validation"]
    return (
        _TEXT.format(
            seeded_at=every["revision"],
            killed=every["killed"],
            operators=every["operators"],
            seeded_rules=len(seeded["rule"]),
            seeded_packages=every["packages"],
            seeded_share=_share(every),
            validation=_share(validation),
            seeded_refuted=every["refuted"],
            by_place="\n".join(map(_seeded, seeded["place"])),
            enough=_ENOUGH,
            by_seeded_rule="\n".join(
                _seeded(row, every["revision"]) for row in seeded["rule"] if int(row["killed"]) >= _ENOUGH
            ),
            **_by_default(),
            packages=len(by_package),
            total=len(found),
            true=true,
            share=true / len(found),
            bound=BOUND,
            rules="\n".join(rules),
            by_package="\n".join(by_package),
            rounds="\n".join(_round(row) for row in _rows(FIRST_CONTACT)),
            by_running="\n".join(_by_running([row for row in by_running if row["faults"] != "0"])),
            revision=" and ".join(sorted({row["revision"] for row in by_running})),
            run=len(by_running),
            quiet=", ".join(row["package"] for row in by_running if row["faults"] == "0"),
            missed="\n".join(_missed()),
        )
        + _reported()
    )


def shipped(found: list[Label]) -> str:
    """The text of the file that `klint rule` reads: by code how many were true, of how many, a rule a line."""
    rows = [f'  "{code}": [{true}, {judged}]' for code, (true, judged) in precision(found).items()]
    return "{\n" + ",\n".join(rows) + "\n}\n"


def _reported() -> str:
    """The section on faults that people reported."""
    faults = reported_faults()
    rows = []
    for kind in [*sorted({fault.kind for fault in faults}), "all"]:
        of_kind = [fault for fault in faults if kind in (fault.kind, "all")]
        counts = len(of_kind), sum(fault.before for fault in of_kind), sum(fault.now for fault in of_kind)
        rows.append(f"| {kind} | {' | '.join(map(str, counts))} |")
    open_ones = [(fault, fault.shows.replace("|", " ")) for fault in faults if not fault.now]
    return _REPORTED.format(
        faults=len(faults),
        sourced=sum(bool(fault.source) for fault in faults),
        by_kind="\n".join(rows),
        missed="\n".join(f"| {fault.slug} | {fault.rule} | {shows} |" for fault, shows in open_ones if fault.rule),
        unseen="\n".join(f"| {fault.slug} | {fault.kind} | {shows} |" for fault, shows in open_ones if not fault.rule),
    )


def _by_default() -> dict[str, str | int | float]:
    """What of the same mutants is found with `--any-use`, and what without it."""
    every, *rules = _rows(BY_DEFAULT)
    counts = {kind: int(every[kind]) for kind in ("killed", "found", "shown", "warned")}
    rows = [f"| {row['rule']} | {row['killed']} | {row['found']} | {row['shown']} | {row['warned']} |" for row in rules]
    return {
        **{f"default_{kind}": count for kind, count in counts.items()},
        **{f"default_{kind}_share": count / counts["killed"] for kind, count in counts.items()},
        "default_at": every["revision"],
        "by_default": "\n".join(rows),
    }


def _share(row: dict[str, str]) -> float:
    return int(row["found"]) / int(row["killed"])


def _seeded(row: dict[str, str], known: str = "") -> str:
    """A row of a table; with the revision that it is of, if that is another than the `known` one."""
    name = row["name"] if known in ("", row["revision"]) else f"{row['name']} ({row['revision']})"
    return f"| {name} | {row['killed']} | {row['found']} | {_share(row):.2f} |"


def _missed() -> Iterator[str]:
    """A row for each fault that static linting does not speak of."""
    for path in sorted(MISSES.glob("*.csv")):
        for row in _rows(path):
            if row["verdict"] in ("miss", "unknowable"):
                what = f"{path.stem}, `{row['class']}`"
                why = row["why"] if row["verdict"] == "miss" else f"reading cannot know it: {row['why']}"
                yield f"| {what} | {row['keras']} | {row['oracle']} | {why} |"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _round(row: dict[str, str]) -> str:
    judged = [int(row[name]) for name in ("true", "false", "noise")]
    cells = [f"{count} ({count / sum(judged):.0%})" for count in judged]
    found, faults = int(row["found"] or 0), int(row["faults"] or 0)
    recall = f"{found} of {faults} ({found / faults:.0%})" if faults else ""
    return "| " + " | ".join([row["round"], row["repositories"], row["judged"], *cells, recall]) + " |"


def _by_running(rows: list[dict[str, str]]) -> list[str]:
    names = ("faults", "found", "not judged")
    counts = [(row["package"], [int(row[name]) for name in names]) for row in rows]
    counts.append(("all", [sum(numbers) for numbers in zip(*(each for _, each in counts), strict=True)]))
    return [
        f"| {name} | {faults} | {found} | {found / faults:.2f} | {left} |" for name, (faults, found, left) in counts
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", default="", help="only packages whose name begins so")
    parser.add_argument("--write", action="store_true", help="write docs/accuracy.md and what klint ships of it")
    given = parser.parse_args()
    found = labels(given.package)
    for code, (true, judged) in precision(found).items():
        print(f"{code}  {true:4d} of {judged:4d}  {true / judged:.3f}")
    print(f"{sum(label.is_true for label in found)} of {len(found)} true")
    if given.write:
        PAGE.write_text(page(labels()), encoding="utf-8")
        SHIPPED.write_text(shipped(labels()), encoding="utf-8")


if __name__ == "__main__":
    main()
