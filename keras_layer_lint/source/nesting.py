"""How deep a piece of syntax is, before anything recursive is done to it.

LibCST 1.9 parses by recursion in native code: some hundreds of nested brackets end the process with SIGSEGV (1000 with
a stack of 8 MiB, under 200 with 1 MiB), and chains of operators cost quadratic time. `ast` refuses such source by
itself (200 brackets, 100 indents), except for chains, which it takes by the hundred thousand.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from io import StringIO
from tokenize import STRING, TokenError, generate_tokens
from typing import TypeAlias

MAX_NESTING = 400
_BRACKET = 4
"""A bracket costs LibCST's parser as much stack as this many links of a chain."""

Definition: TypeAlias = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef

_BRACKETED = (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_LEVEL = re.compile(r"""[-+*/%@&|^~<>=!.:'"]|\b(?:and|or|not|if|else|in|is|lambda|await|yield|from|for|as)\b""")
_LEVELS_IN_BRACKETS = 10
_LEVELS_OF_STATEMENT = 20


def too_deep(node: ast.AST, lines: Sequence[str]) -> int | None:
    """Line of the first place within `node` that is nested too deeply to be analysed, None where there is none."""
    stack = [part for part in _parts(node) if _may_be_deep(*part, lines)]
    while stack:
        here, depth, line = stack.pop()
        line = getattr(here, "lineno", line)
        if isinstance(here, (ast.Constant, ast.JoinedStr)):
            depth += _implicit_parts(here, lines)
        elif isinstance(here, ast.BoolOp):
            depth += len(here.values)
        elif hasattr(here, "generators"):
            depth += len(here.generators)
        if depth > MAX_NESTING:
            return line
        bracketed = _BRACKET if isinstance(here, _BRACKETED) else 1
        for name in here._fields:
            value = getattr(here, name, None)
            if isinstance(value, list):
                cost = bracketed if name not in ("args", "keywords") else _BRACKET
                stack.extend([(child, depth + cost, line) for child in value if isinstance(child, ast.AST)])
            elif isinstance(value, ast.AST):
                stack.append((value, depth + (_BRACKET if name == "slice" else bracketed), line))
    return None


_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
_COMPOUND = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.For, ast.AsyncFor, ast.While, ast.With,
    ast.AsyncWith, ast.Try, *([ast.TryStar] if hasattr(ast, "TryStar") else []), ast.ExceptHandler, ast.Match,
    ast.match_case,
)  # fmt: skip


def _parts(node: ast.AST) -> Iterator[tuple[ast.AST, int, int]]:
    """The simple statements and the heads of the compound ones within a definition, with depth and line."""
    stack = [(node, 0, 1)]
    while stack:
        here, depth, line = stack.pop()
        line = getattr(here, "lineno", line)
        if not isinstance(here, _COMPOUND) or depth > MAX_NESTING:
            yield here, depth, line
            continue
        for name in here._fields:
            value = getattr(here, name, None)
            if name in _BLOCKS and isinstance(value, list):
                stack.extend([(child, depth + 1, line) for child in value])
            elif isinstance(value, list):
                for child in value:
                    if isinstance(child, ast.AST):
                        yield child, depth + _BRACKET, line
            elif isinstance(value, ast.AST):
                yield value, depth + 1, line


def _may_be_deep(node: ast.AST, depth: int, line: int, lines: Sequence[str]) -> bool:
    """Whether so many characters and brackets can hold enough levels: most statements are too short for it."""
    first, last = getattr(node, "lineno", None), getattr(node, "end_lineno", None)
    if first is None or last is None:
        return True
    begin, end = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", None)
    if first == last and end is not None and depth + (_BRACKET + 1) * (end - begin) <= MAX_NESTING:
        return False  # not even if each character were a bracket
    if type(node) is ast.Expr and type(node.value) is ast.Constant:
        return True  # a docstring is two nodes, which takes less time to see than its text does to search
    text = lines[first - 1] if first == last else "".join(lines[first - 1 : last])
    if first == last and text.isascii():  # columns of `ast` are bytes
        text = text[begin:end]
    brackets = text.count("(") + text.count("[") + text.count("{")
    # A level that is no bracket takes a character at least: `-x`.
    if depth + brackets * _BRACKET + len(text) <= MAX_NESTING:
        return False
    # It takes an operator, a quote or a keyword, too; a comprehension or a call has several levels in its brackets.
    levels = brackets * _LEVELS_IN_BRACKETS + len(_LEVEL.findall(text))
    return depth + _LEVELS_OF_STATEMENT + levels > MAX_NESTING


def _implicit_parts(node: ast.Constant | ast.JoinedStr, lines: Sequence[str]) -> int:
    """How many adjacent string literals `ast` has joined into this node, counted only where they may be many."""
    if isinstance(node, ast.Constant) and not isinstance(node.value, (str, bytes)):
        return 0
    end = node.end_lineno or node.lineno
    if end == node.lineno and (node.end_col_offset or 0) - node.col_offset < 2 * MAX_NESTING:
        return 0
    text = "".join(lines[node.lineno - 1 : end])
    if text.count("'") + text.count('"') < MAX_NESTING:
        return 0
    return _strings(text)


@lru_cache(maxsize=8)
def _strings(text: str) -> int:
    count = 0
    try:
        for token in generate_tokens(StringIO("(" + text).readline):
            count += token.type == STRING or token.string[-1:] in ("'", '"')
    except (TokenError, SyntaxError):
        pass  # the excerpt ends within the brackets it started in
    return count
