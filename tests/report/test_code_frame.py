from __future__ import annotations

import pytest

from keras_layer_lint.diagnostic import Span
from keras_layer_lint.report.code_frame import WIDTH, Mark, cells, draw

CASES = {
    "one line, context around it": (
        ["def call(self, x):", "    if x > 0:", "        x = 1", "    return x"],
        [(2, 8, 2, 13, "", True)],
        """
  |
1 | def call(self, x):
2 |     if x > 0:
  |        ^^^^^
3 |         x = 1
""",
    ),
    "blank context is left out": (["", "x = 1", "  "], [(2, 1, 2, 2, "", True)], "\n  |\n2 | x = 1\n  | ^\n"),
    "tabs": (["\tif\tx > 0:"], [(1, 5, 1, 10, "", True)], "\n  |\n1 |     if    x > 0:\n  |           ^^^^^\n"),
    "wide characters before and under the mark": (
        ["名 = '値'; x"],
        [(1, 5, 1, 8, "here", True)],
        "\n  |\n1 | 名 = '値'; x\n  |      ^^^^ here\n",
    ),
    "span of three lines": (
        ["y = f(", "    a,", ")", "z"],
        [(1, 5, 3, 2, "", True)],
        "\n  |\n1 | y = f(\n  |     ^^\n2 |     a,\n  |     ^^\n3 | )\n  | ^\n4 | z\n",
    ),
    "note above, with a gap": (
        ["def call(self, x):", "    a = 1", "    b = 1", "    c = 1", "    if x:"],
        [(5, 8, 5, 9, "", True), (1, 16, 1, 17, "x is a tensor", False)],
        """
  |
1 | def call(self, x):
  |                - x is a tensor
...
4 |     c = 1
5 |     if x:
  |        ^
""",
    ),
    "two marks on one line": (
        ["if x and y:"],
        [(1, 4, 1, 11, "", True), (1, 10, 1, 11, "y", False)],
        "\n  |\n1 | if x and y:\n  |    ^^^^^^^\n  |          - y\n",
    ),
    "at the end of a line": (["abc"], [(1, 4, 1, 4, "", True)], "\n  |\n1 | abc\n  |    ^\n"),
    "beyond the end of a line": (["abc"], [(1, 9, 1, 12, "", True)], "\n  |\n1 | abc\n  |    ^\n"),
    "beyond the end of the file": (["abc"], [(7, 1, 7, 2, "", True)], "\n"),
    "escape sequences": (["x = '\x1b[2J\u202e'"], [(1, 1, 1, 2, "", True)], "\n  |\n1 | x = '␛[2J\ufffd'\n  | ^\n"),
    "numbers of two widths": (
        [f"l{n}" for n in range(1, 12)],
        [(10, 1, 10, 4, "", True), (1, 1, 1, 3, "first", False)],
        "\n   |\n 1 | l1\n   | -- first\n...\n 9 | l9\n10 | l10\n   | ^^^\n11 | l11\n",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_frame(case: str) -> None:
    lines, places, expected = CASES[case]
    marks = [Mark(Span(*place[:4]), place[4], "error", place[5]) for place in places]
    assert "\n" + "".join(line + "\n" for line in draw(lines, marks)) == expected


@pytest.mark.parametrize("column", [1, 50, 115, 400, 3990])
def test_long_line_is_cut_around_the_mark(column: int) -> None:
    line = "".join(chr(ord("a") + i % 26) for i in range(4000))
    _, shown, under = draw([line], [Mark(Span(1, column, 1, column + 5), "", "error", primary=True)])
    assert len(shown) <= len("1 | ...") + WIDTH + 1 + len("...")
    begin = under.index("^")
    assert under.count("^") == 5
    assert shown[begin : begin + 5] == line[column - 1 : column + 4]


def test_long_span_shows_its_first_lines_only() -> None:
    lines = [f"line{n}" for n in range(1, 100)]
    drawn = draw(lines, [Mark(Span(1, 1, 90, 3), "", "error", primary=True)])
    assert [line for line in drawn if "^" in line] == ["  | ^^^^^"] * 4


def test_colour_paints_marks_only_when_asked() -> None:
    mark = Mark(Span(1, 1, 1, 2), "", "error", primary=True)
    assert "\x1b[1;31m^\x1b[0m" in "\n".join(draw(["x"], [mark], color=True))
    assert "\x1b" not in "\n".join(draw(["x"], [mark]))


def test_cells() -> None:
    assert cells("a\t名e\u0301") == [0, 1, 5, 7, 8, 8]
