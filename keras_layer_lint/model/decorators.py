"""Whether a decorator returns what it is given: those of the project are read, of others the names are known."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_layer_lint.model.class_graph import ClassRef, FunctionRef, KnownName, Project
from keras_layer_lint.source.module_index import FunctionNode, ModuleIndex, dotted_name
from keras_layer_lint.source.tree_walk import children, walk

_HARMLESS = frozenset(
    """
    register_keras_serializable keras_export tf_export export keras_hub_export keras_nlp_export keras_cv_export final
    dataclass_transform deprecated do_not_generate_docs do_not_doc_inheritable typechecked set_module runtime_checkable
    keras_mixin doc_controls add_start_docstrings api_export KERAS_API
    """.split()
)
"""Decorators of packages that leave a class alone, by their last name."""
_ASKING = frozenset({"callable", "getattr", "hasattr", "id", "isinstance", "issubclass", "print", "repr", "str"})
_PLAIN = frozenset({"object", "namex.export"})
"""Bases of decorators. An object of `namex.export` returns what it decorates."""
_MOST_CALLS = 3
"""Functions of the project that a class is handed through."""
_REGISTERING = ("keras.", "tensorflow.", "tf_keras.")


def leaves_class_alone(project: Project, ref: ClassRef, decorator: ast.expr) -> bool:
    """Whether a decorator returns the class as it is: with the methods that it had, and no others."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = dotted_name(called)
    if name is None:
        return False
    if name.rpartition(".")[2] in _HARMLESS:
        return True
    return _returns_what_it_decorates(project, ref.module, name, isinstance(decorator, ast.Call), may_set=False)


def leaves_function_alone(project: Project, module: ModuleIndex, name: str, *, is_called: bool) -> bool:
    """Whether a decorator of the project, by its name in a module, returns the function: with attributes set or not.

    `is_called`: it stands there with arguments.
    """
    return _returns_what_it_decorates(project, module, name, is_called, may_set=True)


def _returns_what_it_decorates(
    project: Project, module: ModuleIndex, name: str, is_called: bool, *, may_set: bool
) -> bool:
    found = project.resolve(module, name)
    function: FunctionNode | None
    if isinstance(found, ClassRef):
        # An object of it decorates: what counts is its `__call__`.
        methods = {node.name: node for node in found.entry.node.body if isinstance(node, ast.FunctionDef)}
        function = methods.get("__call__") if is_called and _is_plain(found) else None
        return function is not None and _returns_its_argument(project, found.module, function, may_set, bound=True)
    if not isinstance(found, FunctionRef):
        return False
    function = returned_function(found.entry.node) if is_called else found.entry.node
    return function is not None and _returns_its_argument(project, found.module, function, may_set)


def _is_plain(ref: ClassRef) -> bool:
    node = ref.entry.node
    return not (node.keywords or node.decorator_list or {dotted_name(base) for base in node.bases} - _PLAIN)


def returned_function(function: FunctionNode) -> FunctionNode | None:
    """The function within another that it returns, if it always returns that one."""
    inner = {node.name: node for node in function.body if isinstance(node, ast.FunctionDef)}
    returned = [node.value for node in _own(function) if isinstance(node, ast.Return)]
    names = {value.id if isinstance(value, ast.Name) else None for value in returned}
    return inner.get(names.pop() or "") if len(names) == 1 else None


def _returns_its_argument(
    project: Project, module: ModuleIndex, function: FunctionNode, may_set: bool, *, bound: bool = False
) -> bool:
    """Whether a function returns its only argument, and nothing in it changes that but, if it may, by attributes.

    `bound`: it is a method, and gets its object first.
    """
    arguments = function.args
    if function.decorator_list or arguments.vararg or arguments.kwarg or arguments.kwonlyargs:
        return False
    given = [*arguments.posonlyargs, *arguments.args][bound:]
    if len(given) != 1:
        return False
    name = given[0].arg
    returned = [node.value for node in _own(function) if isinstance(node, ast.Return)]
    if not returned or not all(_is_it(value, name) for value in returned):
        return False
    return _is_only_asked(project, module, function, name, may_set=may_set)


def _is_it(value: ast.expr | None, name: str) -> bool:
    """`symbol`, or `super().__call__(symbol)` of a plain base."""
    if isinstance(value, ast.Call) and _is_super_call(value) and len(value.args) == 1:
        value = value.args[0]
    return isinstance(value, ast.Name) and value.id == name


def _is_super_call(node: ast.Call) -> bool:
    function = node.func
    return (
        isinstance(function, ast.Attribute)
        and function.attr == "__call__"
        and isinstance(function.value, ast.Call)
        and dotted_name(function.value.func) == "super"
    )


def _is_only_asked(
    project: Project, module: ModuleIndex, function: FunctionNode, name: str, *, may_set: bool = False, depth: int = 0
) -> bool:
    """Whether nothing in a function changes what it gets under a name but, if it may, by attributes."""
    parents = {child: node for node in walk(function) for child in children(node)}
    uses = [node for node in walk(function) if isinstance(node, ast.Name) and node.id == name]
    return all(
        _only_asks(project, module, use, parents, depth) or (may_set and _sets_attribute(parents[use])) for use in uses
    )


def _sets_attribute(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)


def _only_asks(
    project: Project, module: ModuleIndex, use: ast.Name, parents: dict[ast.AST, ast.AST], depth: int
) -> bool:
    """Whether a use of the class changes nothing of it: it is returned, kept, asked for something, or registered."""
    parent = parents[use]
    if not isinstance(use.ctx, ast.Load):
        return False
    match parent:
        case ast.Return() | ast.Compare() | ast.FormattedValue():
            return True
        case ast.Assign(targets=[ast.Subscript()]):
            return parent.value is use
        case ast.Attribute(ctx=ast.Load()):
            above = parents[parent]
            return not (isinstance(above, ast.Call) and above.func is parent)
        case ast.Call() if _is_super_call(parent):
            return True
        case ast.keyword(arg=str(given)):
            call = parents[parent]
            return isinstance(call, ast.Call) and _callee_only_asks(project, module, call, given, depth)
        case ast.Call(func=function) if function is not use:
            name = dotted_name(function.func if isinstance(function, ast.Call) else function)
            if name is None:
                return False
            found = project.resolve(module, name)
            if isinstance(found, FunctionRef) and not isinstance(function, ast.Call):
                return _callee_only_asks(project, module, parent, parent.args.index(use), depth)
            return name in _ASKING or (isinstance(found, KnownName) and found.name.startswith(_REGISTERING))
        case _:
            return False


def _callee_only_asks(project: Project, module: ModuleIndex, call: ast.Call, given: str | int, depth: int) -> bool:
    """Whether a function of the project changes nothing of an argument, by its name or position."""
    name = dotted_name(call.func)
    found = None if name is None else project.resolve(module, name)
    if not isinstance(found, FunctionRef) or depth == _MOST_CALLS or any(isinstance(a, ast.Starred) for a in call.args):
        return False
    arguments = found.entry.node.args
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    if isinstance(given, int):
        if given >= len(names):
            return False
        given = names[given]
    elif given not in names:
        return False
    return _is_only_asked(project, found.module, found.entry.node, given, depth=depth + 1)


def _own(function: FunctionNode) -> Iterator[ast.AST]:
    """The nodes of a function, without those of functions in it."""
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            stack.extend(children(node))
