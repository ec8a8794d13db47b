"""Whether a layer that nothing gets to run is at fault itself, or may be given the wrong things.

A claim needs that nothing klint made up has a part in the error: the line fails whatever is given, or the recipe of
the user gave it all.
"""

from __future__ import annotations

import ast
import importlib.util
import linecache
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType, ModuleType
from typing import Any

from keras_layer_lint.confirm.oracles.fault import is_for_lack_of_a_package, is_left_to_subclasses
from keras_layer_lint.confirm.planning import Attempt, Failure
from keras_layer_lint.confirm.planning.inputs import Inputs
from keras_layer_lint.confirm.probe import Recipe
from keras_layer_lint.confirm.time_limit import DoesNotEnd

_OF_CODE = (AttributeError, NameError, TypeError, ValueError, RuntimeError)
"""Errors that say something of the code; of others the place may be the reason: a file, a device, memory."""
_FRAMEWORKS = frozenset({"keras", "tf_keras", "tensorflow", "jax", "numpy"})
_OF_ANOTHER_CLASS = "super(type, obj): obj must be an instance or subtype of type"
"""What Python says of `super(Other, self)`, the name of another class."""
_NO_ATTRIBUTE = re.compile(r"module '([\w.]{1,200})' has no attribute '(\w{1,200})'")
_NOT_TAKEN_APART = re.compile(r"'(\w{1,200})' object is not (?:subscriptable|callable|iterable)\Z")
_SETS_ANY = frozenset({"setattr", "__dict__", "vars"})


@dataclass(frozen=True, slots=True)
class OwnFaults:
    """Tells errors that a class raises whatever it is given. `files`: those of the class and its bases."""

    cls: Any
    files: frozenset[str]

    def explains(self, error: BaseException) -> bool:
        """Whether no argument and no input would keep the line from failing so."""
        error = origin(error)
        if not isinstance(error, _OF_CODE) or self.is_for_the_place(error):
            return False
        place = _Place.of(error, self.files)
        if place is None or place.raises:
            return False
        match error:
            case UnboundLocalError():
                return False  # another branch may set it
            case NameError():
                return True
            case AttributeError(obj=ModuleType() as module, name=str(name)):
                return not _is_submodule(module, name)
            case AttributeError() if (told := _NO_ATTRIBUTE.match(str(error))) and told[1] in sys.modules:
                return not _is_submodule(sys.modules[told[1]], told[2])  # a module that answers by itself, as NumPy
            case TypeError() if (told := _NOT_TAKEN_APART.match(str(error))) and self._makes(told[1], place.expression):
                return True
            case AttributeError(obj=layer, name=str(name)) if isinstance(layer, self.cls):
                return not hasattr(type(layer), name) and not self._is_set(name, place.expression)
            case TypeError() if str(error).startswith(_OF_ANOTHER_CLASS):
                return True
            case RuntimeError():
                return "you forgot to call `super()" in str(error) and place.is_of_frameworks
        return place.is_of_frameworks and place.is_constant

    def is_for_the_place(self, error: BaseException) -> bool:
        """Whether what a run lacks may be the reason: a package, a file, the network, a class that derives from it."""
        if isinstance(error, Exception) and is_left_to_subclasses(self.cls, error):
            return True
        if isinstance(error, NameError) and any(_imports(file, error.name or "") for file in self.files):
            return True  # what is imported may have failed
        return any(isinstance(each, OSError) or is_for_lack_of_a_package(each) for each in _with_causes(error))

    def _makes(self, type_name: str, expression: ast.AST) -> bool:
        """Whether what is taken apart is of a type that the class itself fills the attribute with.

        `self.tables[0][numbers]`, where `self.tables = [Embedding(8, 4)]`.
        """
        while isinstance(expression, (ast.Subscript, ast.Call)):
            expression = expression.value if isinstance(expression, ast.Subscript) else expression.func
        match expression:
            case ast.Attribute(value=ast.Name(id="self"), attr=attribute):
                assigned = (node for tree in map(_tree, self.files) for node in ast.walk(tree))
                values = [
                    node.value
                    for node in assigned
                    if isinstance(node, ast.Assign)
                    and any(isinstance(each, ast.Attribute) and each.attr == attribute for each in node.targets)
                ]
                return bool(values) and all(_is_made_of(value, type_name) for value in values)
        return False

    def _is_set(self, name: str, read: ast.AST) -> bool:
        """Whether code of the class sets the attribute: a method that is to be called first, such as `adapt`.

        What is set on the line that reads it, `self.part = Part(self.part)`, is not there in time.
        """
        for tree in map(_tree, self.files):
            for node in ast.walk(tree):
                is_set = isinstance(node, ast.Attribute) and node.attr == name and not isinstance(node.ctx, ast.Load)
                if is_set and getattr(node, "lineno", 0) != getattr(read, "lineno", 0):
                    return True
                if isinstance(node, ast.Name) and node.id in _SETS_ANY:
                    return True
                if isinstance(node, ast.Attribute) and node.attr in _SETS_ANY:
                    return True
        return False


def own_fault(cls: Any, files: frozenset[str], failure: Failure, recipe: Recipe | None) -> Attempt | None:
    """The attempt that shows a fault of the layer's own; None where what klint made up may be at fault."""
    faults = OwnFaults(cls, files)
    can_be_made = any(attempt.trouble.stage == "call" for attempt in failure.attempts)
    for attempt in failure.attempts:
        # An attribute is set before `super().__init__()`, which Keras 2 refuses for some values only.
        depends = (
            can_be_made and attempt.trouble.stage == "construct" and isinstance(attempt.trouble.error, RuntimeError)
        )
        if not depends and faults.explains(attempt.trouble.error):
            return attempt
    first = next(iter(failure.attempts), None)
    if recipe is None or first is None or not _is_all_told(first, recipe):
        return None
    error = origin(first.trouble.error)
    if isinstance(error, (MemoryError, SystemExit, DoesNotEnd)) or faults.is_for_the_place(error):
        return None
    return first if _Place.of(error, files) is not None else None


def _is_all_told(attempt: Attempt, recipe: Recipe) -> bool:
    """Whether the recipe gives all that the attempt used."""
    plan = attempt.plan
    if plan.arguments and not recipe.arguments:
        return False
    return attempt.trouble.stage == "construct" or bool(recipe.inputs) or plan.given == Inputs()


def origin(error: BaseException) -> BaseException:
    """The error as it was raised: Keras makes one anew with more text, which does not know what it is of."""
    made_for = error.__context__
    while made_for is not None and type(made_for) is type(error) and str(made_for) in str(error):
        error, made_for = made_for, made_for.__context__
    return error


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


@dataclass(frozen=True, slots=True)
class _Place:
    """The innermost line of the class that an error passed through, and what was being evaluated there."""

    frame: FrameType
    expression: ast.AST
    is_of_frameworks: bool
    """Whether the line itself raised it, or a framework that it called."""

    @classmethod
    def of(cls, error: BaseException, files: frozenset[str]) -> _Place | None:
        trace, found, innermost = error.__traceback__, None, None
        while trace is not None:
            innermost = trace.tb_frame
            if innermost.f_code.co_filename in files:
                found = trace
            trace = trace.tb_next
        if found is None or innermost is None:
            return None
        package = str(innermost.f_globals.get("__name__", "")).partition(".")[0]
        expression = _expression(found.tb_frame, found.tb_lasti, found.tb_lineno)
        if expression is None:
            return None
        return cls(found.tb_frame, expression, innermost is found.tb_frame or package in _FRAMEWORKS)

    @property
    def raises(self) -> bool:
        """Whether the layer raises the error itself: what its author says may be of what was given."""
        return isinstance(self.expression, (ast.Raise, ast.Assert))

    @property
    def is_constant(self) -> bool:
        """Whether it uses nothing but names of the module, and methods of the layer."""
        calls = [node for node in ast.walk(self.expression) if isinstance(node, ast.Call)]
        methods = {id(call.func.value) for call in calls if isinstance(call.func, ast.Attribute)}
        methods |= {id(each) for call in calls if _is_super(call) for each in call.args}
        for node in ast.walk(self.expression):
            if not isinstance(getattr(node, "ctx", None), (ast.Load, type(None))):
                return False  # what is unpacked or kept stands elsewhere
            if not isinstance(node, ast.Name):
                continue
            if node.id in self.frame.f_locals and self.frame.f_locals is not self.frame.f_globals:
                if id(node) not in methods or node.id != self.frame.f_code.co_varnames[0]:
                    return False
            elif self.frame.f_globals.get(node.id, ...) is None:
                return False  # set by whoever uses the module
        return isinstance(self.expression, ast.expr)


def _expression(frame: FrameType, instruction: int, line: int) -> ast.AST | None:
    """What was being evaluated; the whole statement where Python does not say (before 3.11)."""
    code = frame.f_code
    tree = _tree(code.co_filename)
    if hasattr(code, "co_positions"):
        positions = list(code.co_positions())[instruction // 2]
        nodes = (node for node in ast.walk(tree) if isinstance(node, (ast.expr, ast.stmt)))
        for node in nodes:
            if (node.lineno, node.end_lineno, node.col_offset, node.end_col_offset) == positions:
                return node.value if isinstance(node, ast.Expr) else node
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    around = [node for node in statements if node.lineno <= line <= (node.end_lineno or node.lineno)]
    return max(around, key=lambda node: node.lineno, default=None)


def _tree(file: str) -> ast.Module:
    try:
        return ast.parse("".join(linecache.getlines(file)))
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])


def _is_super(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "super"


def _is_made_of(value: ast.expr, type_name: str) -> bool:
    """Whether an expression makes an object of the type, or a list of such."""
    match value:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name == type_name
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return bool(elements) and all(_is_made_of(each, type_name) for each in elements)
        case ast.ListComp(elt=element):
            return _is_made_of(element, type_name)
    return False


def _imports(file: str, name: str) -> bool:
    """Whether the module imports the name somewhere."""
    imports = (node for node in ast.walk(_tree(file)) if isinstance(node, (ast.Import, ast.ImportFrom)))
    bound = {alias.asname or alias.name.partition(".")[0] for node in imports for alias in node.names}
    return not bound.isdisjoint({name, "*"})


def _is_submodule(module: ModuleType, name: str) -> bool:
    try:
        return importlib.util.find_spec(f"{module.__name__}.{name}") is not None
    except (ImportError, AttributeError, ValueError):
        return False
