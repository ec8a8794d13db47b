"""Functions of a module that Keras runs, or that run Keras: each is looked at as a class whose only method it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.model.class_graph import ClassInfo, ClassRef, KnownName, Project
from keras_layer_lint.source.module_entries import LambdaFunction
from keras_layer_lint.source.module_index import LOCALS, ClassEntry, FunctionNode, ModuleIndex, dotted_name
from keras_layer_lint.source.module_walk import locals_of

_INPUT = re.compile(r"\bInput[\s\\]*\(")
_FLAGS = frozenset({"mask", "training"})
"""What a `Lambda` gives to a function that has parameters of these names."""
_GIVES = (
    # What begins with letters is searched for many times as fast.
    re.compile(r"compile(?<!\wcompile)[\s\\]*\("),
    re.compile(r"Lambda(?<!\wLambda)[\s\\]*\("),
    re.compile(r"activation(?<!\wactivation)[\s\\]*="),
)


_FURTHEST = 600
"""Characters behind what takes functions: so far a lambda is looked for."""


def wiring_functions(module: ModuleIndex) -> Iterator[ClassInfo]:
    """The functions at module level that call something named `Input`: they put a functional model together."""
    if not any("Input" in line for line in module.lines):
        return
    for entry in module.functions.values():
        if any(_INPUT.search(line) for line in module.lines[entry.line - 1 : entry.end_line]):
            yield _as_class(module, entry.node, entry.line, entry.end_line, ClassKind.FUNCTION)


def traced_functions(module: ModuleIndex, project: Project) -> Iterator[ClassInfo]:
    """The functions at module level, and the lambdas, that the module gives to Keras, which traces them.

    As loss or metric of `compile`, as the function of a `Lambda`, as `activation`.
    """
    text = module.text
    places = [found.end() for pattern in _GIVES for found in pattern.finditer(text)]
    if not places:
        return
    is_lambda_near = any("lambda" in text[place : place + _FURTHEST] for place in places)
    if not is_lambda_near and not any(_may_give(text, name) for name in module.functions):
        return  # most modules end here
    kinds: dict[str, ClassKind] = {}
    for call, around in _calls(module.tree):
        for kind, given in _given(call):
            if isinstance(given, ast.Name):
                kinds.setdefault(given.id, kind)
            elif _takes_one(given, call, kind) and _is_to_keras(call, kind, module, project):
                yield _lambda_as_class(module, given, around, kind)
    for name, kind in kinds.items():
        entry = module.functions.get(name)
        if entry is not None and isinstance(entry.node, ast.FunctionDef) and not entry.node.decorator_list:
            yield _as_class(module, entry.node, entry.line, entry.end_line, kind)


def _may_give(text: str, name: str) -> bool:
    """Whether a name stands in a text as a value that is not called: a test that costs no tree."""
    return text.count(name) > 1 and re.search(rf"{name}(?<!\w{name})[\s\\]*[,)\]}}#]", text) is not None


def _calls(tree: ast.Module) -> Iterator[tuple[ast.Call, tuple[FunctionNode, ...]]]:
    """The calls in a module, each with the functions around it, the outermost first."""
    stack: list[tuple[ast.AST, tuple[FunctionNode, ...]]] = [(tree, ())]
    while stack:
        node, around = stack.pop()
        if isinstance(node, ast.Call):
            yield node, around
        inner = (*around, node) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else around
        stack.extend((child, inner) for child in reversed(list(ast.iter_child_nodes(node))))


def _given(call: ast.Call) -> Iterator[tuple[ClassKind, ast.Name | ast.Lambda]]:
    """The names of functions, and the lambdas, that a call gives to Keras."""
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if called == "compile" and isinstance(call.func, ast.Attribute):
        for keyword in call.keywords:
            if keyword.arg in ("loss", "metrics", "weighted_metrics"):
                yield from [(ClassKind.LOSS_FUNCTION, given) for given in _functions(keyword.value)]
    elif called == "Lambda" and call.args:
        yield from [(ClassKind.LAMBDA_FUNCTION, given) for given in _functions(call.args[0])]
    for keyword in call.keywords:
        if keyword.arg == "activation" and called[:1].isupper():
            yield from [(ClassKind.ACTIVATION, given) for given in _functions(keyword.value)]


def _functions(node: ast.expr) -> Iterator[ast.Name | ast.Lambda]:
    """A name or lambda, or those in a list or dict."""
    match node:
        case ast.Name() | ast.Lambda():
            yield node
        case ast.List(elements) | ast.Tuple(elements):
            for element in elements:
                yield from _functions(element)
        case ast.Dict(_, values):
            for value in values:
                yield from _functions(value)


def _takes_one(function: ast.Lambda, call: ast.Call, kind: ClassKind) -> bool:
    """Whether a lambda can be called as layers call it, with one argument; else nothing of it ever runs."""
    if kind is ClassKind.LOSS_FUNCTION or any(keyword.arg in ("arguments", None) for keyword in call.keywords):
        return True
    arguments = function.args
    given = [*arguments.posonlyargs, *arguments.args]
    needed = [each.arg for each in given[: len(given) - len(arguments.defaults)]]
    return _FLAGS.issuperset(needed[1:]) and (bool(given) or arguments.vararg is not None)


def _is_to_keras(call: ast.Call, kind: ClassKind, module: ModuleIndex, project: Project) -> bool:
    """Whether a layer of Keras is made, or a model compiled: others have a `Lambda`, too."""
    if kind is ClassKind.LOSS_FUNCTION:
        return True
    name = dotted_name(call.func)
    found = None if name is None else project.resolve(module, name)
    return isinstance(found, KnownName) and canonical(found.name).startswith("keras.layers.")


def _lambda_as_class(
    module: ModuleIndex, node: ast.Lambda, around: tuple[FunctionNode, ...], kind: ClassKind
) -> ClassInfo:
    """As `_as_class`. What the functions around it bind hides names of the module."""
    package = module.name if module.is_package else module.name.rpartition(".")[0]
    imports: dict[str, tuple[str, ...]] = {}
    shadowed: frozenset[str] = frozenset()
    for function in around:
        own, names = locals_of(function, package)
        imports = {**{name: targets for name, targets in imports.items() if name not in names}, **own}
        shadowed = (shadowed - own.keys()) | names
    enclosing = f"{around[0].name}.{LOCALS}" if around else ""
    line, end_line = node.lineno, node.end_lineno or node.lineno
    info = _as_class(module, LambdaFunction(node), line, end_line, kind)
    entry = replace(info.ref.entry, enclosing=enclosing, imports=imports, shadowed=shadowed)
    ref = ClassRef(module, entry)
    return replace(info, ref=ref, mro=(ref,))


def _as_class(module: ModuleIndex, node: FunctionNode, line: int, end_line: int, kind: ClassKind) -> ClassInfo:
    head = ast.ClassDef(node.name, [], [], [node], [], lineno=node.lineno, col_offset=0)
    head.end_lineno = end_line
    namespace = ClassEntry(
        name=node.name,
        qualname=node.name,
        node=head,
        bases=(),
        keywords=(),
        line=line,
        end_line=end_line,
        enclosing="",
        methods=frozenset({node.name}),
        imports={},
        shadowed=frozenset(),
    )
    ref = ClassRef(module, namespace)
    return ClassInfo(ref=ref, kind=kind, mro=(ref,), complete=True, root=None, builtin_base=None, depth=1)
