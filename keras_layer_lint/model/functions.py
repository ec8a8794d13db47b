"""Functions of a module that Keras runs, or that run Keras: each is looked at as a class whose only method it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.model.class_graph import ClassInfo, ClassRef, Project
from keras_layer_lint.model.given_functions import Given, given_elsewhere, given_in, is_local, is_to_keras
from keras_layer_lint.source.module_entries import LambdaFunction
from keras_layer_lint.source.module_index import LOCALS, ClassEntry, FunctionNode, ModuleIndex
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

    As loss or metric of `compile`, as the function of a `Lambda`, as `activation`; and those functions that other
    files of the project give to it.
    """
    kinds: dict[str, ClassKind] = {}
    if _gives(module):
        for given in given_in(module.tree):
            match given.node:
                case ast.Name(id=name) if name in module.functions and not is_local(name, given.around):
                    kinds.setdefault(name, given.kind)
                case ast.Lambda() as function if _takes_one(function, given) and is_to_keras(given, module, project):
                    yield _lambda_as_class(module, function, given.around, given.kind)
    for name, kind in (given_elsewhere(module, project) | kinds).items():
        entry = module.functions.get(name)
        if entry is not None and isinstance(entry.node, ast.FunctionDef) and not entry.node.decorator_list:
            yield _as_class(module, entry.node, entry.line, entry.end_line, kind)


def _gives(module: ModuleIndex) -> bool:
    """Whether the text of a module may give a function of its own to Keras: most modules end here."""
    text = module.text
    places = [found.end() for pattern in _GIVES for found in pattern.finditer(text)]
    if not places:
        return False
    is_lambda_near = any("lambda" in text[place : place + _FURTHEST] for place in places)
    return is_lambda_near or any(_may_give(text, name) for name in module.functions)


def _may_give(text: str, name: str) -> bool:
    """Whether a name stands in a text as a value that is not called: a test that costs no tree."""
    return text.count(name) > 1 and re.search(rf"{name}(?<!\w{name})[\s\\]*[,)\]}}#]", text) is not None


def _takes_one(function: ast.Lambda, given: Given) -> bool:
    """Whether a lambda can be called as layers call it, with one argument; else nothing of it ever runs."""
    has_more = any(keyword.arg in ("arguments", None) for keyword in given.call.keywords)
    if given.kind is ClassKind.LOSS_FUNCTION or has_more:
        return True
    arguments = function.args
    taken = [*arguments.posonlyargs, *arguments.args]
    needed = [each.arg for each in taken[: len(taken) - len(arguments.defaults)]]
    return _FLAGS.issuperset(needed[1:]) and (bool(taken) or arguments.vararg is not None)


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
