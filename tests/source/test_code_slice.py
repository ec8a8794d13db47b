from __future__ import annotations

import ast
import textwrap
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from keras_layer_lint.diagnostic import Span
from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.model.syntax import walk
from keras_layer_lint.source import code_slice
from keras_layer_lint.source.code_slice import CodeSlice, check_nesting, slice_function, slice_header, slices_of_methods
from keras_layer_lint.source.decode import split_lines
from keras_layer_lint.source.module_index import index_module
from tests.conftest import ROOT

VALUES = ROOT / "keras_layer_lint" / "values"
SOURCE = '''\
import x

@decorator(
    1
)
class A(Base):
    """Text.
at column 0"""
    @property
    def call(self, x, ä="é"):
        if (x  # why: not
            ) > 1:
            return x
        while x: x -= 1
        with a as b, c: pass
        return [y for y in x
                if y]  # end
if True:
\tclass B(Base):
\t\tasync def f(self): pass
def g(): return 1
'''


@pytest.fixture(autouse=True)
def parsed_as_by_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """Methods of a class at once, and nothing is kept."""
    monkeypatch.setattr(code_slice, "_keeps", False)


def sliced(source: str, name: str) -> CodeSlice:
    """A function `f`, a class `A` without what stands in it, or a method `A.f`."""
    index = index_module(source, Path("m.py"))
    if name in index.functions:
        return slice_function(index, index.functions[name].node)
    owner, _, method = name.partition(".")
    node = index.classes[owner].node
    check_nesting(index, node)
    if not method:
        return slice_header(index, node)
    functions = [item for item in node.body if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return slice_function(index, next(item for item in functions if item.name == method))


def first(piece: CodeSlice, kind: type[cst.CSTNode]) -> cst.CSTNode:
    return next(node for node in walk(piece.node) if isinstance(node, kind))


def text_at(source: str, span: Span) -> str:
    lines = split_lines(source)[span.line - 1 : span.end_line]
    if len(lines) == 1:
        return lines[0][span.column - 1 : span.end_column - 1]
    return lines[0][span.column - 1 :] + "".join(lines[1:-1]) + lines[-1][: span.end_column - 1]


def test_spans_are_those_of_the_file() -> None:
    piece = sliced(SOURCE, "A")
    assert text_at(SOURCE, piece.header_span(piece.node)) == "class A(Base):"
    assert text_at(SOURCE, piece.name_span(piece.node)) == "A"
    piece = sliced(SOURCE, "A.call")
    call = piece.node
    assert text_at(SOURCE, piece.name_span(call)) == "call"
    assert piece.span(call).line == 10
    assert text_at(SOURCE, piece.header_span(call)) == 'def call(self, x, ä="é"):'
    headers = [first(piece, kind) for kind in (cst.If, cst.While, cst.With)]
    assert [text_at(SOURCE, piece.header_span(node)) for node in headers] == [
        "if (x  # why: not\n            ) > 1:",
        "while x:",
        "with a as b, c:",
    ]
    assert text_at(SOURCE, piece.span(first(piece, cst.ListComp))) == "[y for y in x\n                if y]"
    returned = first(piece, cst.Return)
    assert text_at(SOURCE, piece.header_span(returned)) == "return x"


def test_nested_definitions_and_functions() -> None:
    piece = sliced(SOURCE, "B")
    assert text_at(SOURCE, piece.header_span(piece.node)) == "class B(Base):"
    piece = sliced(SOURCE, "B.f")
    assert text_at(SOURCE, piece.span(piece.node)) == "async def f(self): pass"
    piece = sliced(SOURCE, "g")
    assert text_at(SOURCE, piece.span(first(piece, cst.Return))) == "return 1"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_positions_agree_with_libcst_and_ast(newline: str) -> None:
    source = SOURCE.replace("\n", newline)
    piece = sliced(source, "A.call")
    wrapper = MetadataWrapper(piece._module, unsafe_skip_copy=True)
    for node, place in wrapper.resolve(PositionProvider).items():
        if isinstance(node, cst.Module):
            continue
        span = piece.span(node)
        offset = 7  # the text begins with `if True:`, for the method is indented
        expected = (place.start.line + offset, place.start.column + 1, place.end.line + offset, place.end.column + 1)
        assert (span.line, span.column, span.end_line, span.end_column) == expected
    tree = ast.parse(source)
    lines = {node.lineno for node in ast.walk(tree.body[1]) if isinstance(node, ast.stmt)}
    kinds = (cst.SimpleStatementLine, cst.If, cst.While, cst.FunctionDef)
    statements = [node for node in walk(piece.node) if isinstance(node, kinds)]
    assert statements
    assert {piece.span(node).line for node in statements} <= lines


@pytest.mark.parametrize(
    "source",
    [
        "@(\n    deco\n)\nclass A(B):\n    pass\n",
        "\x0cclass A(B):\n    pass\n",
        "if x:\n\x0c    class A(B):\n\x0c        y = 2\n\x0c        z = 1\n",
        "if x:\n    pass\n    # comment\n    @deco\n    class A(B): pass\n",
        "class A(B):\n\tx = 1\n        \n\ty = 2\n",
        "class A(B): x = 1; y = '''\n'''",
        "class A[T](B[T]):\n    pass\n",
    ],
)
def test_odd_layouts(source: str) -> None:
    try:
        index = index_module(source, Path("m.py"))
    except UnreadableFile:
        pytest.skip("newer syntax than this Python's")
    piece = slice_header(index, index.classes["A"].node)
    assert text_at(source, piece.name_span(piece.node)) == "A"


def in_class(statement: str) -> str:
    return "class A(B):\n    def call(self, a):\n" + textwrap.indent(statement, "        ")


N = 3000
HOSTILE = {
    "minus": "x = " + "-" * N + "1",
    "plus": "x = 1" + "+1" * N,
    "many plus": "x = 1" + "+1" * 20_000,
    "and": "x = a" + " and a" * N,
    "attributes": "x = a" + ".a" * N,
    "calls": "x = a" + "()" * N,
    "brackets": "x = " + "[" * 150 + "1" + "]" * 150,
    "strings": "x = (" + "'a' " * N + ")",
    "lines of strings": "x = (\n" + "'a'\n" * N + ")",
    "f-strings": "x = (" + "f'{a}' " * N + ")",
    "for": "x = [1" + " for a in b" * N + "]",
    "elif": "if a: pass\n" + "elif a: pass\n" * 1200,
    "ternary": "x = " + "1 if a else " * 1200 + "1",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_would_end_the_process_is_refused(name: str) -> None:
    with pytest.raises(UnreadableFile, match="nested too deeply") as caught:
        sliced(in_class(HOSTILE[name]), "A")
    assert caught.value.line >= 3 or caught.value.reason.endswith("parsed")  # newer versions of ast give up first


@pytest.mark.slow
@pytest.mark.parametrize(
    "statement",
    [
        "x = 1" + " + 1" * 200,
        "x = [" + "1, " * 20_000 + "]",
        "x = " + "(" * 30 + "1" + ")" * 30,
        "x = (" + "'a' " * 200 + ")",
        "if a: pass\n" + "elif a: pass\n" * 150,
        '"""' + "it's 'quoted' \"text\"\n" * 2000 + '"""',
        "x = a" + ".add(1)" * 60,
        "x = 1 < " + "a < " * 300 + "2",
    ],
)
def test_long_but_flat_source_is_read(statement: str) -> None:
    assert isinstance(sliced(in_class(statement), "A.call").node, cst.FunctionDef)


@pytest.mark.parametrize("line", ["def f(): pass\n", "def f(:\n"])
def test_libcst_validates_again_after_a_parse(line: str) -> None:
    index = index_module("def f(): pass\n", Path("m.py"))
    with nullcontext() if line in index.lines else pytest.raises(UnreadableFile):
        slice_function(replace(index, lines=(line,)), index.functions["f"].node)
    with pytest.raises(cst.CSTValidationError):
        cst.Name("")


METHODS = '''\
class A:
    @decorator
    def f(self, x):  # why
        """Text
at column 0"""
        return [x
                for y in x]

    # not part of it

    async def g(self): pass

    def h(self):
      # another indent
      if self.a:
       return 1
'''


@pytest.mark.parametrize("source", [METHODS, METHODS.replace("\n", "\r\n")])
def test_methods_parsed_at_once_are_the_same(source: str) -> None:
    assert_same_at_once(source)


@pytest.mark.slow
def test_methods_of_files_parsed_at_once_are_the_same() -> None:
    for path in sorted(VALUES.glob("*.py")):
        assert_same_at_once(path.read_text("utf-8"))


def assert_same_at_once(source: str) -> None:
    index = index_module(source, Path("m.py"))
    for entry in index.classes.values():
        nodes = [item for item in entry.node.body if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))]
        found = slices_of_methods(index, nodes)
        assert len(found) == (len(nodes) if len(nodes) > 1 and source.isascii() else 0)
        for node, piece in found.items():
            alone = slice_function(index, node)
            assert (piece.text, piece.node.deep_equals(alone.node)) == (alone.text, True)
            pairs = list(zip(walk(piece.node), walk(alone.node), strict=True))
            assert [piece.span(one) for one, _ in pairs] == [alone.span(other) for _, other in pairs]
            assert piece.header_span(piece.node) == alone.header_span(alone.node)


@pytest.mark.parametrize(
    "body",
    [
        "    def f(self): pass\n    def g(self): (x): int = 1\n",  # LibCST takes it only written in another way
        "    if x:\n        def f(self): pass\n    def g(self): pass\n",
        "    def f(self): pass\n",
    ],
)
def test_methods_that_cannot_be_parsed_at_once_are_left_out(body: str) -> None:
    index = index_module(f"class A:\n{body}", Path("m.py"))
    nodes = [node for node in ast.walk(index.tree) if isinstance(node, ast.FunctionDef)]
    assert slices_of_methods(index, nodes) == {}
