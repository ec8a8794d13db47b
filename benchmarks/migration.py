"""Packages for Keras 2 brought to Keras 3: `python -m benchmarks.migration FOLDER ...`.

For each folder: the classes that run under Keras 2; of these, those that run under Keras 3 as they are, made and
called in the same way; those that do after `klint migrate`; and those that give the same then: outputs, and gradients,
with the same weights. "gained" are those of the last that did not run as they were. Nothing is written. What does not
run, or gives something else, is listed.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from keras_layer_lint import Settings
from keras_layer_lint.confirm.generations import Crossing, crossings
from keras_layer_lint.confirm.request import Request
from keras_layer_lint.migration.project import migrated_files
from keras_layer_lint.source.discover import discover

COLUMNS = ("classes", "in 2", "in 3", "equal", "after", "equal then", "gained", "worse", "files", "fixes", "left")


def of_package(folder: Path, given: argparse.Namespace) -> Counter[str]:
    """The figures of one package."""
    settings = Settings(root=str(folder), default_backend="tensorflow")
    files = [Path(each).absolute() for each in discover([str(folder)], settings)[0]]
    migrated = migrated_files(files, settings)
    request = Request(device="cpu", jobs=given.jobs, timeout=given.timeout)
    changed = {Path(each.path): each.after for each in migrated if each.is_changed}
    found, others = crossings(files, settings, request, lambda *_: None, changed)
    for each in found:
        if each.migrated.text != each.untouched.text or not each.migrated.is_equal:
            print(f"{each.path} {each.class_name}({each.arguments})({each.inputs})")
            print(f"    as it is, it {each.untouched.text}\n    migrated, it {each.migrated.text}")
    if given.left:
        for file in migrated:
            for left in file.left:
                print(f"{file.path}:{left.line}: {left.what}: {left.why}")
    figures = Counter(_of_classes(found))
    figures["classes"] = len(found) + others
    figures["files"] = sum(each.is_changed for each in migrated)
    figures["fixes"] = sum(len(each.made) for each in migrated)
    figures["left"] = sum(len(each.left) for each in migrated)
    return figures


def _of_classes(found: Sequence[Crossing]) -> dict[str, int]:
    return {
        "in 2": len(found),
        "in 3": sum(not each.untouched.reason for each in found),
        "equal": sum(each.untouched.gives_the_same for each in found),
        "after": sum(not each.migrated.reason for each in found),
        "equal then": sum(each.migrated.gives_the_same for each in found),
        "gained": sum(bool(each.untouched.reason) and each.migrated.gives_the_same for each in found),
        "worse": sum(each.untouched.is_equal and not each.migrated.is_equal for each in found),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--jobs", type=int, default=0)
    parser.add_argument("--timeout", type=float, default=60.0)
    parser.add_argument("--left", action="store_true", help="print what is left to a person")
    given = parser.parse_args()
    rows = [(Path(folder).name, of_package(Path(folder).absolute(), given)) for folder in given.folders]
    rows.append(("all", sum((figures for _, figures in rows), Counter())))
    print(f"{'':32}" + "".join(f"{column:>11}" for column in COLUMNS))
    for name, figures in rows:
        print(f"{name:32}" + "".join(f"{figures[column]:>11}" for column in COLUMNS))


if __name__ == "__main__":
    main()
