"""Fixes on real packages: `python -m benchmarks.fixing FOLDER ... [--verify]`.

For each folder: errors and warnings, those with a safe fix and with another, and what was made of all fixes in memory,
also of notes and with `--any-use`; nothing is written. With `--verify` each class that is fixed is run before and
after: how many of the fixes are in classes that can be run, how many are verified, and how many are not though the
class runs. These are listed, the safe ones among them as wrong: one of the two is mistaken.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.confirm.confirming import default_backend
from keras_layer_lint.confirm.request import Request
from keras_layer_lint.confirm.verifying import Candidate, Verification, verify
from keras_layer_lint.diagnostic import Diagnostic, Severity
from keras_layer_lint.fixes.engine import report_with_fixes
from keras_layer_lint.fixes.files import FileFixes, Wanted, diff_of, fixes_of
from keras_layer_lint.output import file_bytes
from keras_layer_lint.verified_fixing import VerifiedFixer

COLUMNS = ("grave", "safe", "unsafe", "made", "refused", "run", "verified", "wrong")


def of_package(folder: str, given: argparse.Namespace) -> Counter[str]:
    """The figures of one package."""
    backend = default_backend() if given.verify else "tensorflow"
    settings = Settings(root=folder, default_backend=backend, any_use=True)
    report = report_with_fixes(lint_paths([folder], settings), file_bytes)
    grave = [each for each in report.diagnostics if each.severity >= Severity.WARNING]
    figures = Counter(grave=len(grave))
    figures.update(each.fix.applicability for each in grave if each.fix is not None)
    for each in grave:
        if each.fix is None:
            given.without[each.code] += 1
        given.all[each.code] += 1
    fixer = Wanted(unsafe=not given.safe).fixer(settings)
    files = list(fixes_of(report, fixer))
    figures["made"] = sum(len(file.fixed.made) for file in files)
    figures["refused"] = sum(len(file.fixed.refused) for file in files)
    for file in files if given.show else ():
        for each, why in file.fixed.refused:
            print(f"{file.path}:{each.span.line}: {each.code} is refused: {why}")
        print(diff_of(file.path, file.fixed), end="")
    if given.verify:
        figures += _verified(files, settings, fixer, given)
    return figures


def _verified(files: list[FileFixes], settings: Settings, fixer: object, given: argparse.Namespace) -> Counter[str]:
    request = Request(device="cpu", jobs=given.jobs, timeout=given.timeout)
    first: list[dict[str, Verification]] = []

    def run(candidates: Sequence[Candidate]) -> list[dict[str, Verification]]:
        found = verify(candidates, settings, request, lambda *_: None)
        first.extend([] if first else found)
        return found

    done = VerifiedFixer(fixer, run).fixed(files)  # type: ignore[arg-type]
    figures: Counter[str] = Counter()
    for file, seen, final in zip(files, first, done, strict=True):
        figures["verified"] += len(final.file.fixed.made)
        for each in file.fixed.made:
            figures["run"] += seen[each.class_name or ""].is_run
        for each, why in _left(final.file.fixed.refused, seen):
            figures["wrong"] += each.fix is not None and each.fix.applicability == "safe"
            what = each.fix.applicability if each.fix is not None else ""
            print(f"{file.path}:{each.span.line}: {each.code} in {each.class_name} ({what}) is not verified: {why}")
    return figures


def _left(refused: Sequence[tuple[Diagnostic, str]], seen: dict[str, Verification]) -> Iterator[tuple[Diagnostic, str]]:
    """What was not made though its class runs."""
    for each, why in refused:
        found = seen.get(each.class_name or "")
        if found is not None and found.is_run and not found.is_verified:
            yield each, why


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--safe", action="store_true", help="make safe fixes only")
    parser.add_argument("--verify", action="store_true", help="run what is fixed")
    parser.add_argument("--show", action="store_true", help="print the changes")
    parser.add_argument("--jobs", type=int, default=0)
    parser.add_argument("--timeout", type=float, default=60.0)
    given = parser.parse_args()
    given.without, given.all = Counter(), Counter()
    total: Counter[str] = Counter()
    rows = []
    for folder in given.folders:
        figures = of_package(folder, given)
        total += figures
        rows.append((Path(folder).name, figures))
        print(_row(*rows[-1]), flush=True)
    print(_row("", Counter(), COLUMNS))
    for name, figures in [*rows, ("all", total)]:
        print(_row(name, figures))
    print("without a fix:", ", ".join(f"{code} {n} of {given.all[code]}" for code, n in given.without.most_common(25)))


def _row(name: str, figures: Counter[str], words: Sequence[str] = ()) -> str:
    return f"{name:34}" + "".join(f"{word:>10}" for word in words or [str(figures[column]) for column in COLUMNS])


if __name__ == "__main__":
    main()
