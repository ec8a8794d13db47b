"""Text from outside, such as paths, source and messages, made harmless for what will read it.

A terminal obeys control characters and shows text in the order that bidirectional controls ask for. The runner of a
GitHub workflow obeys commands that it finds in the output of a step: `::name::` at the start of a line, leading blanks
apart, and `##[name]` anywhere in it (`ActionCommand.cs` of actions/runner); Azure Pipelines obey `##vso[name]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_BIDIRECTIONAL = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x2070))
_SEPARATORS = (0x2028, 0x2029)
_WITHOUT_WIDTH = (0x200B, *range(0x2060, 0x2065), 0xFEFF, *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080))

INVISIBLE = {
    **{code: 0x2400 + code for code in range(0x20)},
    0x7F: 0x2421,
    **dict.fromkeys([*range(0x80, 0xA0), *_BIDIRECTIONAL, *_SEPARATORS, *_WITHOUT_WIDTH], 0xFFFD),
}
"""Characters that steer a terminal or hide text, each to a visible one."""

_COMMAND = re.compile(r"##(?=\w*\[)|^([^\S\n]*):(?=:)", re.MULTILINE)
_COMMAND_IN_JSON = re.compile(r"##(?=\w*\[)|\x7f")


def printable(text: str) -> str:
    """Replace characters that would steer a terminal by visible ones, line breaks included."""
    return text.translate(INVISIBLE)


def one_line(text: str) -> str:
    """Fold a message into one printable line."""
    return printable(" ".join(text.split()))


def for_log(text: str) -> str:
    """Keep finished lines from acting as commands where they end up in the log of a workflow.

    One character of a command is replaced by another of its width that looks alike.
    """
    return _COMMAND.sub(lambda found: "#\u2317" if found[1] is None else f"{found[1]}\ua789", text)


def listed(lines: Iterable[str]) -> str:
    """Write lines of text from outside, each as one line that is printable and no command."""
    return for_log("".join(f"{printable(line)}\n" for line in lines))


def for_json(document: str) -> str:
    """Write a JSON document so that no line of it acts as a command or steers a terminal; it means the same."""
    return _COMMAND_IN_JSON.sub(lambda found: "\\u007f" if found[0] == "\x7f" else "#\\u0023", document)
