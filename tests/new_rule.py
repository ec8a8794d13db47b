"""Begins a rule: `python -m tests.new_rule KLL299 some-name` writes its page, check and test, and its rows.

There is one in README.md, and one in docs/versions.md, which says that no version has been tried yet.

What is to be written stands behind `FILL_IN`; until then the tests of the rule fail, and no others.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from benchmarks.versions.page import PAGE as PAGE_OF_VERSIONS
from benchmarks.versions.page import write_page
from keras_layer_lint.rule import Oracle

ROOT = Path(__file__).resolve().parent.parent
FILL_IN = "FILL" + " IN"
TABLE = re.compile(r"(?<=<!-- rules: begin -->\n)(?:.*\n)*?(?=<!-- rules: end -->)")
GROUPS = {"1": "call", "2": "state", "3": "config"}
"""The folder of checks that codes of this first digit belong to."""
ORACLES = {"call": "graph", "state": "build", "config": "reload"}
"""What `--confirm` runs unless told otherwise."""

PAGE = """\
# {code} {name}
{fill_in}: what the layer does, in one sentence.

## What to do
{fill_in}: what to write instead.

## Why
{fill_in}: what happens then, when, and why.

## Bad
```python bad
import keras


class Subject(keras.layers.Layer):
    def call(self, inputs):
        return inputs  # {code}
```

## Good
```python good
import keras


class Subject(keras.layers.Layer):
    def call(self, inputs):
        return inputs
```

## Severity
| Keras | severity | what happens |
|---|---|---|
| 2 | {fill_in} | {fill_in} |
| 3 | {fill_in} | {fill_in} |

## Silent when
{fill_in}: what looks alike and is right.

## Confirmed by
{fill_in}: what is run (`{oracle}`), and what it shows.

## Fix
{fill_in}.
"""

CHECK = '''\
"""{code}: {fill_in}."""

from __future__ import annotations

from collections.abc import Iterator

from keras_layer_lint.checks.context import LayerContext
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.rule import Confirmation, Rule

RULE = Rule("{code}", "{name}", confirm=Confirmation("{oracle}"))


def check(layer: LayerContext) -> Iterator[Diagnostic | None]:
    """Report {fill_in}."""
    yield from ()
'''

TEST = '''\
"""{code}: {fill_in}."""

from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, assert_told, layer

REPORTED = [
    # the body of `{part}`, how the message ends in Keras 2 and in Keras 3
    ("pass  # here", "{fill_in}", "{fill_in}"),
]

SILENT = [
    "pass",
]


@pytest.mark.parametrize(("body", "keras_2", "keras_3"), REPORTED)
def test_reported(body: str, keras_2: str, keras_3: str) -> None:
    assert_told("{code}", layer({part}=body), keras_2, keras_3)


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert_silent("{code}", layer({part}=body))
'''


@dataclass(frozen=True)
class NewRule:
    """What a rule is called, where it belongs and what confirms it."""

    code: str
    name: str
    group: str
    oracle: str

    def files(self) -> dict[Path, str]:
        """The text of each file, by its path below the root of the project."""
        module = self.name.replace("-", "_")
        part = {"call": "call", "state": "build", "config": "init"}[self.group]
        fields = {"code": self.code, "name": self.name, "oracle": self.oracle, "fill_in": FILL_IN, "part": part}
        return {
            Path("rules") / f"{self.code}-{self.name}.md": PAGE.format(**fields),
            Path("keras_layer_lint") / "checks" / self.group / f"{module}.py": CHECK.format(**fields),
            Path("tests") / "checks" / self.group / f"test_{module}.py": TEST.format(**fields),
        }


def rule_table(root: Path = ROOT) -> str:
    """The table of README.md: a row for each page under `rules/`, with the sentence that the page begins with."""
    rows = ["| | Rule | |\n", "|---|---|---|\n"]
    for page in sorted((root / "rules").glob("KLL*.md")):
        code, _, name = page.stem.partition("-")
        rows.append(f"| [{code}](rules/{page.name}) | {name} | {page.read_text(encoding='utf-8').splitlines()[1]} |\n")
    return "".join(rows)


def write(rule: NewRule, root: Path = ROOT) -> list[Path]:
    """Write the files and the row; what there is already stays."""
    files = {root / path: text for path, text in rule.files().items()}
    taken = [path for path in files if path.exists()] + list((root / "rules").glob(f"{rule.code}-*.md"))
    if taken:
        raise FileExistsError(f"{taken[0].relative_to(root)} is there already")
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    readme = root / "README.md"
    text = TABLE.sub(lambda _: rule_table(root), readme.read_text(encoding="utf-8"))
    readme.write_text(text, encoding="utf-8")
    return [*files, readme]


def parse(arguments: Sequence[str] | None) -> NewRule:
    parser = argparse.ArgumentParser(prog="python -m tests.new_rule", description=__doc__.partition("\n")[0])
    parser.add_argument("code", help="such as KLL299")
    parser.add_argument("name", help="such as some-name")
    parser.add_argument("--group", choices=sorted(ORACLES), help="folder of the check; by default that of the code")
    parser.add_argument("--oracle", choices=get_args(Oracle), help="what --confirm runs; by default that of the group")
    given = parser.parse_args(arguments)
    if not re.fullmatch(r"KLL[1-8]\d\d", given.code):
        parser.error(f"{given.code}: a code is KLL and three digits, of which 0 and 9 do not come first")
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", given.name):
        parser.error(f"{given.name}: a name is made of words in lower case, with - between them")
    group = given.group or GROUPS.get(given.code[3])
    if group is None:
        parser.error(f"{given.code}: say --group, for no folder belongs to KLL{given.code[3]}")
    return NewRule(given.code, given.name, group, given.oracle or ORACLES[group])


def main(arguments: Sequence[str] | None = None) -> int:
    try:
        written = write(parse(arguments))
    except FileExistsError as error:
        print(error, file=sys.stderr)
        return 2
    write_page()
    for path in [*written, PAGE_OF_VERSIONS]:
        print(path.relative_to(ROOT))
    print(f"\nWrite what stands behind {FILL_IN!r}, the page first; then a line in CHANGELOG.md.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
