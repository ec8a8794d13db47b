"""No regular expression takes more than linear time, whatever it is put to.

The patterns are collected: those that modules hold, and those written in calls of `re`. From each pattern texts are
made that attack it: for every part that repeats, what leads to it, then what it repeats many times, then what it cannot
end with. Work is measured as processor time, and only its growth counts.
"""

from __future__ import annotations

import ast
import importlib
import re
import sys
import time
import warnings
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from keras_layer_lint.confirm.planning import ladder, names
from tests.own_source import MODULES

pytestmark = pytest.mark.slow

if sys.version_info >= (3, 11):
    sre, sre_parse = re._constants, re._parser  # type: ignore[attr-defined]
else:
    import sre_constants as sre
    import sre_parse

FUNCTIONS = {"compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}
IN_TABLES = {
    "keras_layer_lint.confirm.planning.names": [row.pattern for row in names.ROWS],
    "keras_layer_lint.confirm.planning.ladder": [pattern for pattern, _ in ladder.ANNOTATED],
    "keras_layer_lint.confirm.planning.repairs.rows": [],  # tests/confirm/planning/test_repairs.py, with their samples
}
"""Patterns that rows of tables hold, by the module that asks `re` for what a row holds."""
SHORT, LONG = 3_000, 12_000
QUICK = 0.01
"""Seconds that a linear pattern is far from needing for a long text, and a quadratic one needs many times."""


def held(value: Any) -> Iterator[re.Pattern[Any]]:
    """Compiled patterns in what a module holds."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for item in (*value.keys(), *value.values()):
            yield from held(item)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from held(item)


def attributes_of(tree: ast.Module) -> dict[str, set[str]]:
    """By name: the attributes that a module reads of it."""
    used: dict[str, set[str]] = defaultdict(set)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used[node.value.id].add(node.attr)
    return used


def as_asked(pattern: re.Pattern[Any], used: set[str]) -> re.Pattern[Any]:
    """A pattern as its module asks for it: one that is only matched is begun at one place of a text."""
    return begun_once(pattern.pattern, pattern.flags) if used and used <= {"match", "fullmatch"} else pattern


def begun_once(text: Any, flags: int) -> re.Pattern[Any]:
    return re.compile((rb"\A(?:%s)" % text) if isinstance(text, bytes) else rf"\A(?:{text})", flags)


def searched_once(used: set[str]) -> bool:
    """Whether a pattern of which a module reads these attributes is only asked for its first match."""
    return bool(used) and used <= {"search", "match", "fullmatch", "pattern"}


def written(name: str, tree: ast.Module) -> Iterator[tuple[re.Pattern[Any], bool]]:
    """Patterns written in calls of `re`, and whether that looks for one match; what is filled in stands for a name."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=function)) if function in FUNCTIONS:
                if name in IN_TABLES and ast.unparse(node.args[0]).rpartition(".")[2] == "pattern":
                    continue
                text = pattern_of(node.args[0], importlib.import_module(name), tree)
                written_flags = [*node.args, *(keyword.value for keyword in node.keywords)]
                flags = sum(
                    getattr(re, part.attr)
                    for argument in written_flags
                    for part in ast.walk(argument)
                    if isinstance(part, ast.Attribute) and part.attr.isupper() and ast.unparse(part.value) == "re"
                )
                is_matched = function in ("match", "fullmatch")
                yield (
                    begun_once(text, flags) if is_matched else re.compile(text, flags),
                    is_matched or function == "search",
                )


def pattern_of(node: ast.expr, module: Any, tree: ast.Module) -> Any:
    match node:
        case ast.Constant(value=str() | bytes() as text):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(
                str(part.value) if isinstance(part, ast.Constant) else filled(part, module) for part in parts
            )
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return pattern_of(left, module, tree) + pattern_of(right, module, tree)
        case ast.Name(id=name) if isinstance(getattr(module, name, None), (str, bytes)):
            return getattr(module, name)
        case ast.Name(id=name):
            for other in ast.walk(tree):
                if isinstance(other, ast.Assign) and ast.unparse(other.targets[0]) == name:
                    return pattern_of(other.value, module, tree)
    raise AssertionError(f"{module.__name__}:{node.lineno}: write the pattern where it can be found")


def filled(part: ast.expr, module: Any) -> str:
    assert isinstance(part, ast.FormattedValue)
    if isinstance(part.value, ast.Name) and isinstance(getattr(module, part.value.id, None), str):
        return str(getattr(module, part.value.id))
    return "name"


def patterns(name: str) -> dict[tuple[Any, bool], re.Pattern[Any]]:
    """The patterns of a module, by their text and whether one match is looked for."""
    found: dict[tuple[Any, bool], re.Pattern[Any]] = {}
    tree = ast.parse(SEARCHING[name])
    used = attributes_of(tree)
    for variable, value in vars(importlib.import_module(name)).items():
        once = searched_once(used[variable])
        found.update({(item.pattern, once): as_asked(item, used[variable]) for item in held(value)})
    found.update({(text, True): re.compile(text) for text in IN_TABLES.get(name, ())})
    held_here = {text for text, _ in found}
    found.update({(item.pattern, once): item for item, once in written(name, tree) if item.pattern not in held_here})
    return found


SEARCHING = {
    name: text
    for name, path in MODULES.items()
    if not name.endswith("__main__") and "import re\n" in (text := path.read_text(encoding="utf-8"))
}
"""The modules that ask `re` for anything, with their text."""


def sample(parsed: Any) -> str:
    """A text that a parsed pattern matches, as far as that is simple: one of each thing that it repeats."""
    return "".join(part(op, argument) for op, argument in parsed)


def part(op: Any, argument: Any) -> str:
    if op is sre.LITERAL:
        return chr(argument)
    if op is sre.NOT_LITERAL:
        return "a" if argument != ord("a") else "b"
    if op is sre.ANY:
        return "a"
    if op is sre.IN:
        return of_class(argument)[0]
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        return sample(argument[2]) * int(max(argument[0], 1))
    if op is sre.SUBPATTERN:
        return sample(argument[-1])
    if op is sre.BRANCH:
        return sample(argument[1][0])
    return ""


CATEGORIES = {
    sre.CATEGORY_SPACE: " \n\t", sre.CATEGORY_DIGIT: "1", sre.CATEGORY_WORD: "a_1",
    sre.CATEGORY_NOT_SPACE: "a(", sre.CATEGORY_NOT_WORD: " (", sre.CATEGORY_NOT_DIGIT: "a ",
}  # fmt: skip
LETTERS = "a1 _(.[]\\\n\t,:=#\"'-"


def of_class(items: Any) -> str:
    """A few characters of a class."""
    if items[0][0] is sre.NEGATE:
        excluded = of_class(items[1:])
        compiled = re.compile("[" + re.escape(excluded) + "]")
        return "".join(letter for letter in LETTERS if not compiled.match(letter)) or "~"
    found = ""
    for op, argument in items:
        if op is sre.LITERAL:
            found += chr(argument)
        elif op is sre.RANGE:
            found += chr(argument[0])
        elif op is sre.CATEGORY:
            found += CATEGORIES[argument]
    return found


def repeated(parsed: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """What leads to each part that repeats, and what it repeats."""
    for op, argument in parsed:
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            _, most, inner = argument
            if most > 10:
                yield from ((before, pump) for pump in pumps(inner))
            yield from repeated(inner, before)
        elif op is sre.SUBPATTERN:
            yield from repeated(argument[-1], before)
        elif op is sre.BRANCH:
            for branch in argument[1]:
                yield from repeated(branch, before)
        elif op in (sre.ASSERT, sre.ASSERT_NOT):
            yield from repeated(argument[1], before)
        before += part(op, argument)


def pumps(inner: Any) -> Iterable[str]:
    if len(inner) == 1 and inner[0][0] is sre.IN:
        return dict.fromkeys(of_class(inner[0][1]))
    if len(inner) == 1 and inner[0][0] is sre.BRANCH:
        return [sample(branch) for branch in inner[0][1][1]]
    return [sample(inner)]


def attacks(pattern: re.Pattern[Any]) -> dict[str, tuple[str, str, str]]:
    """What comes first, what is repeated, what comes last."""
    text = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    flags = pattern.flags & ~re.UNICODE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parsed = sre_parse.parse(text, flags)
    found = {}
    whole = sample(parsed)
    for before, pump in repeated(parsed):
        for last in ("", "!", "\n!"):
            found[f"{before!r} {pump!r}* {last!r}"] = (before, pump, last)
        found[f"({before + pump!r})*"] = ("", before + pump, "!")
    for cut in range(1, len(whole) + 1):  # beginnings of a match, again and again
        found[f"({whole[:cut]!r})*"] = ("", whole[:cut], "!")
        found[f"({whole[:cut] + chr(10)!r})*"] = ("", whole[:cut] + "\n", "!")
    for letter in LETTERS:
        found[f"{letter!r}*"] = ("", letter, "!")
    return found


def seconds(pattern: re.Pattern[Any], attack: tuple[str, str, str], size: int, once: bool = False) -> float:
    """Processor time that all of a text takes, at best."""
    before, pump, last = attack
    text = before + pump * (size // max(len(pump), 1)) + last
    subject: Any = text.encode("utf-8") if isinstance(pattern.pattern, bytes) else text
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        if once:
            pattern.search(subject)
        else:
            deque(pattern.finditer(subject), maxlen=0)
        best = min(best, time.process_time() - start)
        if best < QUICK:
            break
    return best


@pytest.mark.parametrize("module", SEARCHING)
def test_time_is_linear(module: str) -> None:
    assert [fault for (_, once), pattern in patterns(module).items() for fault in not_linear(pattern, once)] == []


def not_linear(pattern: re.Pattern[Any], once: bool) -> Iterator[str]:
    for name, attack in attacks(pattern).items():
        long = seconds(pattern, attack, LONG, once)
        if long < QUICK:
            continue
        growth = long / max(seconds(pattern, attack, SHORT, once), 1e-4)
        if growth >= (LONG / SHORT) * 2:
            yield f"{pattern.pattern!r}, {name}: {long:.3f} s for {LONG} characters"


@pytest.mark.parametrize(
    ("text", "size"),
    [
        (r"(a+)+b", 18),
        (r"noqa[^\r\n]*kll[0-9]", 8000),
        (r"\((?![\s\\]*(?:object)?\s*\))", 5000),
        (r"\w*=", 5000),
        (r"a\s*\s*b", 5000),
        (r"(?:\n[ \t]+.*|\n\s*)*x", 18),
        (r"#\s*\S*y", 8000),
    ],
)
def test_the_test_sees_what_is_not_linear(text: str, size: int) -> None:
    pattern = re.compile(text, re.MULTILINE)
    assert any(seconds(pattern, attack, size) > QUICK for attack in attacks(pattern).values())


def test_all_patterns_are_collected() -> None:
    found = {name: patterns(name) for name in SEARCHING}
    modules = {name for name, here in found.items() if here}
    assert {"keras_layer_lint.source.gate", "keras_layer_lint.source.suppressions", "keras_layer_lint.lint"} <= modules
    assert "keras_layer_lint.confirm.planning.trouble" in modules
    assert sum(map(len, found.values())) > 90
