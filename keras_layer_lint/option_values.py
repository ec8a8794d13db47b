"""What the options of a run take: how each value is read, with a hint where a word is nearly right, and written."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from keras_layer_lint.diagnostic import Severity
from keras_layer_lint.rule import RuleName
from keras_layer_lint.settings import ALL_BACKENDS, BACKENDS

FORMATS = (
    "full",
    "concise",
    "json",
    "jsonl",
    "github",
    "markdown",
    "sarif",
    "gitlab",
    "junit",
    "rdjson",
    "azure",
    "html",
)
STDIN = "-"
"""The path that stands for standard input."""
NOTES = ("full", "brief", "none")
COLORS = ("auto", "always", "never")
DEVICES = ("auto", "cpu", "gpu")
SEVERITIES = tuple(severity.label for severity in Severity)
RECIPE_KEYS = ("arguments", "inputs", "call")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint to append to an error message, empty when nothing known is near to `word`."""
    near = get_close_matches(word, list(known), n=60)
    if not near:
        return ""
    # Codes are told apart by their first digits: of what is near, the one that begins alike is meant.
    return f"; did you mean `{max(near, key=lambda other: shared_start(word, other))}`?"


def shared_start(one: str, other: str) -> int:
    """Count the characters that two words begin with in common."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def rule_hint(word: str, rules: Iterable[RuleName]) -> str:
    """Return a hint that names the rule whose code or name is near to `word`."""
    names = {rule.code: rule.name for rule in rules}
    return did_you_mean(word.upper(), names) or did_you_mean(word.lower(), names.values())


def words(value: object) -> tuple[str, ...]:
    """Split `KLL1,KLL2` or a list of such strings."""
    if isinstance(value, str):
        return tuple(word for word in re.split(r"[\s,]+", value) if word)
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        return tuple(word for item in value for word in words(item))
    raise ValueError(f"must be a list of strings, not {show(value)}")


def selectors(value: object) -> tuple[str, ...]:
    """Read rule selectors: codes, prefixes of codes, or names, which become codes."""
    # The registry imports every check: only a run that selects rules pays for it here.
    from keras_layer_lint.registry import rules

    codes = {rule.name: rule.code for rule in rules()}
    found = []
    for word in words(value):
        selector = codes.get(word.lower(), word.upper())
        if not selector.startswith("KLL") or not any(code.startswith(selector) for code in codes.values()):
            raise ValueError(f"no rule has the code, prefix or name `{word}`{rule_hint(word, rules())}")
        found.append(selector)
    return tuple(found)


def patterns(value: object) -> tuple[str, ...]:
    """Read gitignore-style patterns: a list, or one string with commas (a pattern may hold spaces)."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        return tuple(pattern for item in value for pattern in patterns(item))
    raise ValueError(f"must be a list of patterns, not {show(value)}")


def per_file_ignores(value: object) -> dict[str, tuple[str, ...]]:
    """Read a table from pattern to selectors, or strings such as `tests/*:KLL2,KLL3`."""
    if isinstance(value, dict):
        return {str(pattern): selectors(codes) for pattern, codes in value.items()}
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"must be a table from pattern to rules, not {show(value)}")
    ignores: dict[str, tuple[str, ...]] = {}
    for item in value:
        pattern, colon, codes = str(item).rpartition(":")
        if not (pattern and colon and codes.strip()):
            raise ValueError(f"must look like `tests/*:KLL2,KLL301`, not `{item}`")
        ignores[pattern] = ignores.get(pattern, ()) + selectors(codes)
    return ignores


def keras(value: object) -> tuple[str, ...] | None:
    """Read target generations, or versions of them; None stands for `auto`."""
    if value == "auto":
        return None
    parts = value if isinstance(value, (list, tuple)) else [value]
    if any(isinstance(part, float) for part in parts):  # 3.10 is 3.1 by then
        raise ValueError(f'must have versions in quotes, such as "3.6", not {show(value)}')
    found = {
        word for part in parts if not isinstance(part, bool) for word in re.split(r"[\s,]+", str(part).strip()) if word
    }
    if not found or not all(map(_TARGET.fullmatch, found)):
        raise ValueError(f"must be auto, 2, 3 or 2,3, or a version such as 3.6, not {show(value)}")
    return tuple(sorted(found))


_TARGET = re.compile(r"[23](?:\.\d{1,3})?")


def backend(value: object) -> tuple[str, ...]:
    """Read what Keras 3 runs on, or several backends that a project is for; empty stands for `auto`."""
    if value == "auto":
        return ()
    given = [value] if isinstance(value, str) else value
    found = words(given) if isinstance(given, list | tuple) and all(isinstance(item, str) for item in given) else ()
    allowed = ALL_BACKENDS if len(set(found)) > 1 else BACKENDS
    if not found or not set(found) <= set(allowed):
        one_of = ("auto", *BACKENDS)
        wrong = next((word for word in found if word not in ALL_BACKENDS), value)
        raise ValueError(
            f"must be one of {', '.join(one_of)}, or several of {', '.join(ALL_BACKENDS)}, "
            f"not {show(value)}{hint_for(wrong, one_of)}"
        )
    return tuple(name for name in ALL_BACKENDS if name in found)


def severity(value: object) -> Severity:
    """Read a severity by its label."""
    if not isinstance(value, str) or value not in SEVERITIES:
        raise ValueError(f"must be one of {', '.join(SEVERITIES)}, not {show(value)}{hint_for(value, SEVERITIES)}")
    return Severity[value.upper()]


def notes(value: object) -> str:
    """Read how the report for people shows notes."""
    if not isinstance(value, str) or value not in NOTES:
        raise ValueError(f"must be one of {', '.join(NOTES)}, not {show(value)}{hint_for(value, NOTES)}")
    return value


def formats(value: object) -> tuple[str, ...]:
    """Read output formats, each FORMAT or FORMAT=FILE."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, (list, tuple)) or not items:
        raise ValueError(f"must be one of {', '.join(FORMATS)}, not {show(value)}")
    for item in items:
        name, equals, file = str(item).partition("=")
        if name not in FORMATS:
            raise ValueError(f"must be one of {', '.join(FORMATS)}, not `{name}`{hint_for(name, FORMATS)}")
        if equals and not file:
            raise ValueError(f"`{item}` names no file")
    return tuple(str(item) for item in items)


def jobs(value: object) -> int:
    """Read a number of worker processes."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"must be a whole number, 0 or more, not {show(value)}")
    return value


def seconds(value: object) -> float:
    """Read a time limit."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 1 <= value < math.inf:
        raise ValueError(f"must be a number of seconds, 1 or more, not {value}")
    return float(value)


def folder(value: object) -> str:
    """Read the path of a folder."""
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError(f"must be the path of a folder, not {show(value)}")
    return value


def recipes(value: object) -> dict[str, dict[str, str]]:
    """Read how layers are constructed and called: a table from the full name of a class to a table of texts."""
    if not isinstance(value, dict):
        raise ValueError(f"must be a table from class to recipe, not {show(value)}")
    for name, recipe in value.items():
        if not isinstance(recipe, dict) or not all(isinstance(text, str) for text in recipe.values()):
            raise ValueError(f"`{name}` must be a table of strings, not {show(recipe)}")
        for key in recipe:
            if key not in RECIPE_KEYS:
                raise ValueError(f"`{name}` has the unknown key `{key}`{did_you_mean(key, RECIPE_KEYS)}")
    return value


OVERRIDABLE = {
    "select": selectors,
    "extend-select": selectors,
    "ignore": selectors,
    "keras": keras,
    "backend": backend,
}
"""What a configuration may say anew of some of the files, and how it is read."""


def overrides(value: object) -> tuple[dict[str, Any], ...]:
    """Read tables that say for which `files` other values hold; the values stay as they are written."""
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise ValueError(f"must be a list of tables, not {show(value)}")
    for number, table in enumerate(value, 1):
        if not patterns(table.get("files", ())):
            raise ValueError(f"table {number} needs `files`, the patterns of those that it is for")
        for key in table.keys() - {"files"}:
            if key not in OVERRIDABLE:
                hint = did_you_mean(key, ["files", *OVERRIDABLE])
                raise ValueError(f"table {number} cannot set `{key}`, only {', '.join(OVERRIDABLE)}{hint}")
            try:
                OVERRIDABLE[key](table[key])
            except ValueError as error:
                raise ValueError(f"table {number}, {key}: {error}") from error
    return tuple(value)


def file(value: object) -> str:
    """Read the path of a file."""
    if not isinstance(value, str) or not value:
        raise ValueError(f"must be the path of a file, not {show(value)}")
    return value


def boolean(value: object) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {show(value)}")
    return value


def hint_for(value: object, known: Iterable[str]) -> str:
    """Near-miss hint for a value of any type."""
    return did_you_mean(value, known) if isinstance(value, str) else ""


def show(value: object) -> str:
    """Write a value as TOML."""
    if isinstance(value, Severity):
        return json.dumps(value.label)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(key))} = {show(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(show, value)) + "]"
    return json.dumps(value, ensure_ascii=False, default=str)
