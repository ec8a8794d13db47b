"""Source as LibCST can read it: the same program on the same lines, in columns that can be counted back."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from io import StringIO
from tokenize import NAME, TokenError, generate_tokens
from unicodedata import normalize

from keras_layer_lint.source.tree_walk import walk

_FEED = re.compile(r"\A[ \t\f]*\f")
_CONTINUATION = re.compile(r"^[ \t\f]*\\(?=\r?\n)", re.MULTILINE)


def feed(line: str) -> int:
    """How many characters at the start of a line Python forgets: a form feed begins the indentation anew."""
    if "\f" not in line:
        return 0
    match = _FEED.match(line)
    return len(match[0]) if match is not None else 0


def with_python_names(text: str) -> str:
    """Write names as Python compares them (NFKC, PEP 3131). A name whose length would change is left as it is."""
    if text.isascii() or normalize("NFKC", text) == text:
        return text
    lines = list(StringIO(text, newline=""))
    try:
        for token in generate_tokens(iter(lines).__next__):
            name = normalize("NFKC", token.string) if token.type == NAME else token.string
            if name != token.string and len(name) == len(token.string):
                row, column = token.start
                line = lines[row - 1]
                lines[row - 1] = line[:column] + name + line[column + len(name) :]
    except (TokenError, SyntaxError):
        pass  # names up to there
    return "".join(lines)


def acceptable(text: str) -> str | None:
    """Source that LibCST 1.9 refuses, written in a way that it takes; None where it is not known what it refuses.

    It takes no line that is only a backslash, and no parentheses around an annotated target, as in `(x): int`.
    """
    try:
        tree = ast.parse(text)
        changed = _CONTINUATION.sub("", _without_parentheses(text, tree))
        same = changed != text and _meaning(ast.parse(changed)) == _meaning(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return changed if same else None


def _meaning(tree: ast.Module) -> str:
    for node in _annotated(tree):
        node.simple = 0
    return ast.dump(tree)


def _without_parentheses(text: str, tree: ast.Module) -> str:
    """What stands behind a target keeps its column."""
    lines = [line.encode() for line in StringIO(text, newline="")]
    for node in _annotated(tree):
        target, start = node.target, node.annotation.col_offset
        opening = target.col_offset - node.col_offset
        if not opening or node.lineno != node.annotation.lineno:
            continue
        line = lines[node.lineno - 1]
        end = target.end_col_offset or target.col_offset
        behind = line[end:start].replace(b")", b" ")
        written = line[target.col_offset : end] + b" " * opening + behind
        lines[node.lineno - 1] = line[: node.col_offset] + written + line[start:]
    return b"".join(lines).decode()


def _annotated(tree: ast.Module) -> Iterator[ast.AnnAssign]:
    return (node for node in walk(tree) if isinstance(node, ast.AnnAssign))
