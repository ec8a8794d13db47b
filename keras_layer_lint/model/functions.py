"""Functions of a module that put a functional model together: each is looked at as a class whose only method it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.model.class_graph import ClassInfo, ClassRef
from keras_layer_lint.source.module_index import ClassEntry, FunctionEntry, ModuleIndex

_INPUT = re.compile(r"\bInput[\s\\]*\(")


def wiring_functions(module: ModuleIndex) -> Iterator[ClassInfo]:
    """The functions at module level that call something named `Input`."""
    if not any("Input" in line for line in module.lines):
        return
    for entry in module.functions.values():
        if any(_INPUT.search(line) for line in module.lines[entry.line - 1 : entry.end_line]):
            yield _as_class(module, entry)


def _as_class(module: ModuleIndex, entry: FunctionEntry) -> ClassInfo:
    head = ast.ClassDef(entry.name, [], [], [entry.node], [], lineno=entry.node.lineno, col_offset=0)
    head.end_lineno = entry.end_line
    namespace = ClassEntry(
        name=entry.name,
        qualname=entry.name,
        node=head,
        bases=(),
        keywords=(),
        line=entry.line,
        end_line=entry.end_line,
        enclosing="",
        methods=frozenset({entry.name}),
        imports={},
        shadowed=frozenset(),
    )
    ref = ClassRef(module, namespace)
    return ClassInfo(
        ref=ref,
        kind=ClassKind.FUNCTION,
        mro=(ref,),
        complete=True,
        root=None,
        builtin_base=None,
        depth=1,
    )
