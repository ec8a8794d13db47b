"""A module in two: what defines things, and the script behind the last definition, which may train or want data."""

from __future__ import annotations
import __future__

import ast
import re
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from keras_layer_lint.confirm.keeping.import_time import bound
from keras_layer_lint.confirm.time_limit import TimeLimit, with_an_end

_SECONDS = 5.0
_NOT_DEFINED = re.compile(r"name '(\w{1,200})' is not defined")
_DEFINES = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_AROUND = (ast.If, ast.Try, ast.With)


@dataclass(slots=True)
class Script:
    """What stands behind the last definition of a module: run if it can be, for classes do without."""

    is_left_out: bool = False
    """It failed, or took too long, and is not run again."""
    names: frozenset[str] = field(default_factory=frozenset)
    """Names that it may bind, which are missing once it is left out."""

    _is_executed: bool = False

    def execute(self, text: str, path: str, names: dict[str, Any]) -> None:
        """Execute a module. What its script raises the first time is no error of the module.

        Later the module is another text: a fix may be the reason.
        """
        definitions, script = in_two(text, path)
        exec(definitions, names)
        is_first, self._is_executed = not self._is_executed, True
        if script is None or self.is_left_out:
            return
        code, self.names = script
        if not is_first:
            exec(code, names)
            return
        try:
            with with_an_end(TimeLimit(_SECONDS)):
                exec(code, names)
        except Exception:
            self.is_left_out = True

    def explains(self, error: BaseException) -> bool:
        """Whether a name is only missing because the script was left out."""
        if not self.is_left_out or not isinstance(error, NameError):
            return False
        told = _NOT_DEFINED.search(str(error))  # Keras makes the error anew, without its `name`
        return told is not None and told[1] in self.names


def in_two(text: str, path: str) -> tuple[CodeType, tuple[CodeType, frozenset[str]] | None]:
    """The code up to the last definition, and that of what follows, if anything does, with the names it may bind."""
    tree = ast.parse(text, path)
    last = max((number for number, node in enumerate(tree.body) if _defines(node)), default=len(tree.body))
    definitions, script = tree.body[: last + 1], tree.body[last + 1 :]
    if all(map(_is_plain, script)):
        return compile(tree, path, "exec", dont_inherit=True), None
    first = compile(ast.Module(definitions, []), path, "exec", dont_inherit=True)
    future = first.co_flags & _flags_of_the_future()
    second = compile(ast.Module(script, []), path, "exec", flags=future, dont_inherit=True)
    return first, (second, frozenset().union(*map(bound, script)))


def _flags_of_the_future() -> int:
    """The flags of `from __future__ import ...`, which hold for all of a module."""
    return sum({getattr(__future__, name).compiler_flag for name in __future__.all_feature_names})


def _defines(node: ast.stmt) -> bool:
    is_around = isinstance(node, _AROUND) and not _is_plain(node)
    return isinstance(node, _DEFINES) or (is_around and any(isinstance(each, _DEFINES) for each in ast.walk(node)))


def _is_plain(node: ast.stmt) -> bool:
    """Whether a statement can neither fail nor take long: a constant, or what only runs as a script."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Pass() | ast.Assign(value=ast.Constant()):
            return True
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return True
    return False
