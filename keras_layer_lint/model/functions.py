"""Functions of a module that Keras runs, or that run Keras: each is looked at as a class whose only method it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.model.class_graph import ClassInfo, ClassRef
from keras_layer_lint.source.module_index import ClassEntry, FunctionEntry, ModuleIndex, parse

_INPUT = re.compile(r"\bInput[\s\\]*\(")
_GIVES = (
    # What begins with letters is searched for many times as fast.
    re.compile(r"compile(?<!\wcompile)[\s\\]*\("),
    re.compile(r"Lambda(?<!\wLambda)[\s\\]*\("),
    re.compile(r"activation(?<!\wactivation)[\s\\]*="),
)


def wiring_functions(module: ModuleIndex) -> Iterator[ClassInfo]:
    """The functions at module level that call something named `Input`: they put a functional model together."""
    if not any("Input" in line for line in module.lines):
        return
    for entry in module.functions.values():
        if any(_INPUT.search(line) for line in module.lines[entry.line - 1 : entry.end_line]):
            yield _as_class(module, entry, ClassKind.FUNCTION)


def traced_functions(module: ModuleIndex) -> Iterator[ClassInfo]:
    """The functions at module level that the module gives to Keras, which traces them.

    As loss or metric of `compile`, as the function of a `Lambda`, as `activation`.
    """
    text = module.text
    if not any(pattern.search(text) for pattern in _GIVES) or not any(
        _may_give(text, name) for name in module.functions
    ):
        return  # most modules end here
    kinds: dict[str, ClassKind] = {}
    for node in ast.walk(parse(text)):
        if isinstance(node, ast.Call):
            for kind, given in _given(node):
                kinds.setdefault(given, kind)
    for name, kind in kinds.items():
        entry = module.functions.get(name)
        if entry is not None and isinstance(entry.node, ast.FunctionDef) and not entry.node.decorator_list:
            yield _as_class(module, entry, kind)


def _may_give(text: str, name: str) -> bool:
    """Whether a name stands in a text as a value that is not called: a test that costs no tree."""
    return text.count(name) > 1 and re.search(rf"{name}(?<!\w{name})[\s\\]*[,)\]}}#]", text) is not None


def _given(call: ast.Call) -> Iterator[tuple[ClassKind, str]]:
    """The names of functions that a call gives to Keras."""
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if called == "compile" and isinstance(call.func, ast.Attribute):
        for keyword in call.keywords:
            if keyword.arg in ("loss", "metrics", "weighted_metrics"):
                yield from [(ClassKind.LOSS_FUNCTION, name) for name in _names(keyword.value)]
    elif called == "Lambda" and call.args:
        yield from [(ClassKind.LAMBDA_FUNCTION, name) for name in _names(call.args[0])]
    for keyword in call.keywords:
        if keyword.arg == "activation" and called[:1].isupper():
            yield from [(ClassKind.ACTIVATION, name) for name in _names(keyword.value)]


def _names(node: ast.expr) -> Iterator[str]:
    """A name, or those in a list or dict."""
    match node:
        case ast.Name(name):
            yield name
        case ast.List(elements) | ast.Tuple(elements):
            for element in elements:
                yield from _names(element)
        case ast.Dict(_, values):
            for value in values:
                yield from _names(value)


def _as_class(module: ModuleIndex, entry: FunctionEntry, kind: ClassKind) -> ClassInfo:
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
    return ClassInfo(ref=ref, kind=kind, mro=(ref,), complete=True, root=None, builtin_base=None, depth=1)
