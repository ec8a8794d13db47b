"""What mkdocs builds the site of, beside the files of this folder: README, the rules and the options, as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

from keras_layer_lint.rule_table import Row, rows, said_of_severity

ROOT = Path(__file__).parent.parent
REPOSITORY = "https://github.com/keras-layer-lint/klint/blob/main"
_FENCE = re.compile(r"^```python (bad|good|before|after)([^\n]*)$", re.MULTILINE)
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)\s]+)\)")
_PAGES = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
_TARGETS = {"2": "Keras 2", "3": "Keras 3", "3 on JAX": "Keras 3 on JAX"}


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that are made of other files."""
    for name, page in _PAGES.items():
        files.append(File.generated(config, page, content=_read(ROOT / name)))
    for path in sorted((ROOT / "rules").glob("KLL*.md")):
        files.append(File.generated(config, f"rules/{path.name}", content=_read(path)))
    files.append(File.generated(config, "rules/index.md", content=rules_page(rows())))
    files.append(File.generated(config, "configuration.md", content=configuration_page()))
    files.append(File.generated(config, "keras_3.md", content=keras_3_page(rows())))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Say in words what a fence says to tests, and let links lead where their files are on the site."""
    source: str = page.file.src_uri
    markdown = _FENCE.sub(lambda fence: f'```{{.python title="{_title(fence[1], fence[2])}"}}', markdown)
    return _LINK.sub(lambda link: f"]({_target(link[1], source)})", markdown)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _title(kind: str, words: str) -> str:
    """`bad keras=3 backend=jax` as people say it."""
    said = [kind]
    for word in words.split():
        key, _, value = word.partition("=")
        said.append(f"Keras {value}" if key == "keras" else f"on {value.replace(',', ' and ')}" if value else word)
    return ", ".join(said)


def _target(link: str, source: str) -> str:
    """Where a relative link of a file leads, from its page."""
    path, mark, anchor = link.partition("#")
    home = ROOT if source in _PAGES.values() else ROOT / "rules" if source.startswith("rules/") else ROOT / "docs"
    file = (home / path).resolve()
    if not path or not file.exists():
        return link
    name = file.relative_to(ROOT).as_posix()
    up = "../" * source.count("/")
    if name in _PAGES:
        return up + _PAGES[name] + mark + anchor
    if name.startswith("docs/") and file.suffix == ".md":
        return up + name.removeprefix("docs/") + mark + anchor
    if name.startswith("rules/") and file.suffix == ".md":
        return up + name + mark + anchor
    return f"{REPOSITORY}/{name}" + mark + anchor


def rules_page(shown: tuple[Row, ...]) -> str:
    """The table of all rules, with filters."""
    lines = [
        "---\nhide: [toc]\n---\n# Rules",
        "How grave each is by what Keras runs on, whether klint can mend it, and how many of its findings on real "
        "packages were true.",
        "",
        _read(ROOT / "docs" / "rule_filters.html"),
        f"| rule | what it finds | {' | '.join(_TARGETS.values())} | fix | true |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in shown:
        name = f"[{row.code}]({row.code}-{row.name}.md) {row.name}" + ("" if row.is_default else " (off by default)")
        severity = [row.severity[target] or "-" for target in _TARGETS]
        precision = "" if row.precision is None else f"{row.precision:.3f} of {row.judged}"
        cells = [name, row.summary.replace("|", "\\|"), *severity, row.fix, precision]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def keras_3_page(shown: tuple[Row, ...]) -> str:
    """What is otherwise in Keras 3 than in Keras 2, rule by rule, and what each page says to do."""
    lines = [
        "# From Keras 2 to Keras 3, rule by rule",
        "What fails in Keras 3 and not in Keras 2, or fails there in another way. [`klint migrate`](migration.md) "
        "finds all of it, and mends what has a fix. `klint --keras 2,3` says of code for both what each of them does.",
    ]
    for row in shown:
        text = _read(ROOT / "rules" / f"{row.code}-{row.name}.md")
        said = [
            each for each in said_of_severity(text) if "JAX" not in each[0] and each[2].partition(";")[0] != "the same"
        ]
        before, after = ([each[1:] for each in said if each[0][:1] == key] for key in ("2", "3"))
        if not row.is_default or not after or before == after:
            continue
        fix = {"safe": "It has a fix: `--fix`.", "unsafe": "It has a fix: `--fix --unsafe-fixes`."}.get(row.fix, "")
        todo = text.partition("## What to do\n")[2].partition("\n## ")[0].strip()
        lines += ["", f"## [{row.code} {row.name}](rules/{row.code}-{row.name}.md)", row.summary, ""]
        lines += [f"- Keras {where}, {severity}: {what}" for where, severity, what in said if severity != "-"]
        lines += ["", f"**What to do.** {todo}", "", fix]
    return "\n".join(lines) + "\n"


def configuration_page() -> str:
    """The options of the configuration file, as the schema has them."""
    schema = json.loads(_read(ROOT / "docs" / "configuration.schema.json"))
    lines = [
        "# Configuration",
        "`klint.toml`, or the table `[tool.klint]` of `pyproject.toml`: the one nearest above a file decides on it.",
        f"Editors know the options by the [schema]({REPOSITORY}/docs/configuration.schema.json).",
        "",
        "| option | what | values |",
        "|---|---|---|",
    ]
    for name, said in sorted(schema["properties"].items()):
        what = said.get("description", "").replace("|", "\\|")
        lines.append(f"| `{name}` | {what} | {_values(said).replace('|', chr(92) + '|')} |")
    return "\n".join(lines) + "\n"


def _values(said: Mapping[str, Any]) -> str:
    """What a value may be, in words."""
    if "enum" in said:
        return ", ".join(f"`{value}`" for value in said["enum"])
    if "anyOf" in said:
        return "; ".join(dict.fromkeys(filter(None, (_values(each) for each in said["anyOf"]))))
    if said.get("type") == "array":
        inner = _values(said.get("items", {}))
        return f"a list of {inner}" if inner else "a list"
    words = {"string": "text", "boolean": "`true` or `false`", "integer": "a number", "object": "a table"}
    kinds = said.get("type", "")
    return ", ".join(words.get(kind, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds) if kind)
