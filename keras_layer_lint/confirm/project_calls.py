"""Calls of a class in the files of its project, with what they were called on: read, not run.

Tests, examples and doctests say best how a layer is meant to be constructed. What is not written out is not followed.
"""

from __future__ import annotations

import ast
import doctest
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from keras_layer_lint.confirm.literal_tensors import tensor_of
from keras_layer_lint.confirm.probe import FoundCall
from keras_layer_lint.source.module_index import dotted_name
from keras_layer_lint.source.project_root import has_mark

MOST = 6
"""Calls of one class."""
_LARGEST = 1 << 20
_MOST_FILES = 4000
_HIGHEST = 6
_TESTED = re.compile(r"(^|_)layer_test$")
_FENCE = re.compile(r"^[ \t]*```(?:python|py)?[ \t]*\n(.*?)^[ \t]*```", re.MULTILINE | re.DOTALL)
_BUILT_IN = re.compile(r"^(?:tf\.keras|tensorflow\.keras|tf_keras|keras)\.(.+)$|^(layers\..+)$")

_Scope: TypeAlias = "tuple[ast.Assign | ast.Call, ...]"
"""The assignments and calls of a scope, not of scopes within it, in order."""


def project_folder(folder: Path) -> Path:
    """The folder of the project around a folder; itself where nothing shows one."""
    around = [folder, *folder.parents][:_HIGHEST]
    return next((each for each in around if has_mark(each)), folder)


class ProjectCalls:
    """Looks through the files of a project, each read once."""

    def __init__(self, files: Iterable[Path], root: Path) -> None:
        self._root = root
        self._files = sorted(files, key=lambda file: (not _is_test(self._shown(file)), file))[:_MOST_FILES]
        self._texts: dict[Path, str] | None = None

    def of(self, name: str) -> tuple[FoundCall, ...]:
        """Calls of the class with this name: those with inputs first, and tests before the rest."""
        texts = self._read().items()
        found = [call for file, text in texts if name in text for call in calls_in(text, name, self._shown(file))]
        unlike = {(call.arguments, call.inputs): call for call in reversed(found)}
        ordered = [call for call in found if unlike[call.arguments, call.inputs] is call]
        return tuple(sorted(ordered, key=lambda call: not call.inputs)[:MOST])

    def naming(self, name: str) -> Iterator[tuple[Path, str]]:
        """The files in which a name stands, with their texts: tests before the rest."""
        yield from ((file, text) for file, text in self._read().items() if name in text)

    def _read(self) -> dict[Path, str]:
        if self._texts is None:
            self._texts = {}
            for file in self._files:
                try:
                    data = file.read_bytes()
                except OSError:
                    continue
                if len(data) <= _LARGEST:
                    self._texts[file] = data.decode("utf-8", "replace")
        return self._texts

    def _shown(self, file: Path) -> str:
        return Path(os.path.relpath(file, self._root)).as_posix()


def _is_test(shown: str) -> bool:
    return "test" in shown or "example" in shown


def calls_in(text: str, name: str, shown: str) -> Iterator[FoundCall]:
    """Calls of a class in one file, its doctests and the examples in its docstrings included."""
    for scope, offset in _scopes(text):
        for call, line in _in_scope(scope, name):
            yield replace(call, place=f"{shown}:{line + offset}")


@lru_cache(maxsize=256)
def _scopes(text: str) -> tuple[tuple[_Scope, int], ...]:
    """The scopes of a file, each once for all classes that are looked for, and how many lines stand before them."""
    return tuple(
        (tuple(inner for inner in _own_nodes(node) if isinstance(inner, (ast.Assign, ast.Call))), offset)
        for tree, offset in _trees(text)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.FunctionDef))
    )


def _trees(text: str) -> tuple[tuple[ast.Module, int], ...]:
    tree = _parsed(text)
    if tree is None:
        return ()
    found = [(tree, 0)]
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str(words)) as constant) if ">>>" in words or "```" in words:
                found += [(inner, constant.lineno - 1) for inner in _examples(words)]
    return tuple(found)


def _examples(words: str) -> Iterator[ast.Module]:
    """The code in a docstring, each line where it stands there."""
    lines = [""] * (words.count("\n") + 2)
    try:
        for example in doctest.DocTestParser().get_examples(words):
            for at, line in enumerate(example.source.splitlines()):
                lines[example.lineno + at] = line
    except ValueError:
        lines = []
    if any(lines) and (tree := _parsed("\n".join(lines))) is not None:
        yield tree
    for fence in _FENCE.finditer(words):
        before = words.count("\n", 0, fence.start(1))
        if ">>>" not in fence[1] and (tree := _parsed("\n" * before + _dedented(fence[1]))) is not None:
            yield tree


def _dedented(code: str) -> str:
    lines = code.splitlines()
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[indent:] for line in lines)


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _in_scope(scope: _Scope, name: str) -> Iterator[tuple[FoundCall, int]]:
    """Calls in the statements of a scope, not of scopes within it, in order."""
    values: dict[str, ast.expr] = {}
    made: dict[str, tuple[FoundCall, int]] = {}
    used: set[str] = set()
    for node in scope:
        match node:
            case ast.Assign(targets=[ast.Name(id=variable)], value=value):
                made.pop(variable, None)
                values[variable] = value
                if isinstance(value, ast.Call) and (call := _constructed(value, name)) is not None:
                    made[variable] = (call, value.lineno)
            case ast.Call(func=ast.Name(id=variable), args=[_, *_]) if variable in made:
                call, line = made[variable]
                if variable not in used and (inputs := _inputs(node, values)):
                    used.add(variable)
                    yield replace(call, inputs=inputs), line
            case ast.Call(func=ast.Call() as inner) if (call := _constructed(inner, name)) is not None:
                yield replace(call, inputs=_inputs(node, values)), inner.lineno
            case ast.Call() if (call := _tested(node, name)) is not None:
                yield call, node.lineno
    for node in scope:
        if isinstance(node, ast.Call) and (call := _constructed(node, name)) is not None:
            yield call, node.lineno


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield child
            yield from _own_nodes(child)


def _constructed(call: ast.Call, name: str) -> FoundCall | None:
    """The call, where it constructs the class from arguments that are written out."""
    if (dotted_name(call.func) or "").rpartition(".")[2] != name:
        return None
    words = [argument.arg for argument in call.keywords]
    values = [_written(value) for value in [*call.args, *(argument.value for argument in call.keywords)]]
    if None in values or None in words:
        return None
    count = len(call.args)
    named = [f"{word}={value}" for word, value in zip(words, values[count:], strict=True) if word != "name"]
    return FoundCall(arguments=", ".join([*map(str, values[:count]), *named]), place="")


def _written(node: ast.expr) -> str | None:
    """An argument as text, where it is a literal or constructs something of Keras from literals."""
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        pass
    else:
        return ast.unparse(node)
    if isinstance(node, (ast.List, ast.Tuple)):
        parts = [_written(element) for element in node.elts]
        if None in parts:
            return None
        inner = ", ".join(map(str, parts))
        return f"[{inner}]" if isinstance(node, ast.List) else f"({inner},)"
    callee = node.func if isinstance(node, ast.Call) else node
    known = _BUILT_IN.match(dotted_name(callee) or "")
    if known is None:
        return None
    name = f"keras.{known[1] or known[2]}"
    if not isinstance(node, ast.Call):
        return name
    values = [_written(value) for value in [*node.args, *(argument.value for argument in node.keywords)]]
    words = ["", *[f"{argument.arg}=" for argument in node.keywords]]
    if None in values or any(argument.arg is None for argument in node.keywords):
        return None
    words = [""] * len(node.args) + words[1:]
    return f"{name}({', '.join(f'{word}{value}' for word, value in zip(words, values, strict=True))})"


def _tested(call: ast.Call, name: str) -> FoundCall | None:
    """`layer_test(Gate, kwargs={...}, input_shape=(2, 8))`, as Keras and many projects test their layers."""
    if not _TESTED.search((dotted_name(call.func) or "").rpartition(".")[2]) or not call.args:
        return None
    if (dotted_name(call.args[0]) or "").rpartition(".")[2] != name:
        return None
    given = {argument.arg: argument.value for argument in call.keywords}
    arguments = given.get("init_kwargs", given.get("kwargs", ast.Dict(keys=[], values=[])))
    if not isinstance(arguments, ast.Dict):
        return None
    parts = []
    for key, value in zip(arguments.keys, arguments.values, strict=True):
        text = _written(value)
        if not (isinstance(key, ast.Constant) and isinstance(key.value, str) and text is not None):
            return None
        if key.value != "name":
            parts.append(f"{key.value}={text}")
    shape = given.get("input_shape")
    dtype = given.get("input_dtype")
    inputs = ""
    if shape is not None:
        made = ast.Call(ast.Name("ones"), [shape], [ast.keyword("dtype", dtype)] if dtype is not None else [])
        inputs = tensor_of(made, {})
    return FoundCall(arguments=", ".join(parts), place="", inputs=inputs)


def _inputs(call: ast.Call, values: dict[str, ast.expr]) -> str:
    """What a layer is called on, spelled as inputs; empty where it is not written out."""
    parts = [tensor_of(argument, values) for argument in call.args]
    for argument in call.keywords:
        text = tensor_of(argument.value, values)
        parts.append(f"{argument.arg}={text}" if text and argument.arg else "")
    return ", ".join(parts) if parts and all(parts) else ""
