"""The lines of a file that strings and backslashes join: a comment can stand only behind the last of them."""

from __future__ import annotations

from tokenize import DEDENT, ENDMARKER, NEWLINE, NL, TokenError, generate_tokens

from keras_layer_lint.source.decode import split_lines


def last_lines(text: str) -> dict[int, int]:
    """For each line that holds code or a comment: the last of the lines that it is joined with."""
    found: dict[int, int] = {}
    first = last = 0
    try:
        for token in generate_tokens(iter(split_lines(text)).__next__):
            if token.type in (ENDMARKER, DEDENT):
                continue
            first = min(first, token.start[0]) if first else token.start[0]
            last = max(last, token.end[0])
            if token.type in (NL, NEWLINE):
                found.update(dict.fromkeys(range(first, last + 1), last))
                first = last = 0
    except (TokenError, SyntaxError, StopIteration):
        pass  # what comes after cannot be read
    return found
