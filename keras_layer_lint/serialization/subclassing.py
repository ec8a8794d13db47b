"""Whether a class is there to be derived from, and what code around it settles for it."""

from __future__ import annotations

import ast
import re
from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from keras_layer_lint.keras.kinds import ROOT_CLASSES
from keras_layer_lint.keras.methods import REQUIRED
from keras_layer_lint.model import syntax
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.decorators import leaves_class_alone
from keras_layer_lint.model.layer import layer_of
from keras_layer_lint.model.uses import names_read
from keras_layer_lint.serialization.signature import Parameter

if TYPE_CHECKING:
    from keras_layer_lint.source.module_index import FunctionNode

from keras_layer_lint.serialization.construction import Construction
from keras_layer_lint.values.analysis import analysis_of

_BASE_NAME = re.compile(r"^_*Base(?=[A-Z_\d]|$)|(?<=[a-z\d_])Base$")
_FOR_SUBCLASSES = re.compile(r"(?:Base|Mix[Ii]n|Abstract|Generic)(?=[A-Z_\d]|$)")


class Subclassing(Construction):
    """What subclasses, decorators and unknown bases may settle."""

    def is_fixed_by_subclasses(self, parameter: Parameter) -> bool:
        """Whether the module has subclasses, and none of them takes the argument: they decide it for their users."""
        found = False
        for ref in self._subclasses_in_module:
            init = self.layer.method_in(ref, "__init__")
            if init is None:
                continue
            if parameter.name in {param.name.value for param in syntax.parameters(init.node)}:
                return False
            found = True
        return found

    @cached_property
    def is_abstract(self) -> bool:
        """Whether `call` is left to subclasses or not yet written, or something that it, `build` or `__init__` runs."""
        names = {name for base in self.layer.mro if isinstance(base, ClassRef) for name in base.entry.methods}
        kind = self.layer.kind
        needed = REQUIRED.get(kind) if kind is not None and self.known_base_name in ROOT_CLASSES else None
        if needed is not None and needed not in names:
            return True
        methods = {name: found[1] for name in sorted(names) if (found := self.layer.definition(name)) is not None}
        left_open = {
            name
            for name, node in methods.items()
            if (_is_left_open(node) or (name == "call" and "__call__" not in methods and _does_nothing(node)))
            and not self._is_assigned(name)
        }
        trains = "train_step" in methods  # such a Model is trained, not called
        if (not left_open.isdisjoint({"call", "__call__", "update_step"}) and not trains) or any(
            _is_marked_abstract(methods[name]) for name in left_open
        ):
            return True
        overridden = {
            name for entry in self._subclasses_in_module for name in left_open if name in self.layer.body(entry).methods
        }
        for method in [method for name in ("__init__", "build", "call") if (method := self.layer.method(name))]:
            for statement in syntax.statements(method.node.body):
                always = not isinstance(statement, cst.BaseCompoundStatement)
                if any(f"self.{name}" in names_read(statement) for name in (left_open if always else overridden)):
                    return True
        return False

    def _is_assigned(self, name: str) -> bool:
        """Whether a class attribute stands in for a method or property that a base defines."""
        for base in self.layer.mro:
            if isinstance(base, ClassRef):
                body = self.layer.body(base)
                if name in body.assignments:
                    return True
                if name in body.methods:
                    return False
        return False

    @property
    def is_base_by_name(self) -> bool:
        """Whether the class is called a base: what its config leaves out is for its subclasses to settle."""
        return _BASE_NAME.search(self.layer.name) is not None

    @cached_property
    def completes_bases(self) -> bool:
        """Whether all bases of the project leave work to subclasses, and the class adds no more than that.

        It is made and saved by what it inherits, and none of the bases ever is: what is wrong with their `__init__` and
        `get_config` is told of the class.
        """
        if self.layer.own_method("__init__") is not None or self.layer.own_method("get_config") is not None:
            return False
        bases = [base for base in self.layer.mro if isinstance(base, ClassRef) and base != self.layer.ref]
        return bool(bases) and not self.is_abstract and all(self._of(base).is_unfinished for base in bases)

    @property
    def is_unfinished(self) -> bool:
        """Whether objects are only ever made of subclasses, by what the class lacks or by its name."""
        return self.is_abstract or self.is_base_by_name

    def _of(self, base: ClassRef) -> Subclassing:
        layer = layer_of(self.layer.project.class_info(base), self.layer.code, self.layer.generations)
        return Subclassing(layer, analysis_of(layer))

    @property
    def is_left_to_subclasses(self) -> bool:
        """Whether what the class lacks may be for those to supply that derive from it."""
        return self.is_abstract or self.is_derived_from

    @property
    def is_derived_from(self) -> bool:
        """Whether the class is there to be derived from, whatever it has: by its name, or by what its module does."""
        return (
            _FOR_SUBCLASSES.search(self.layer.name) is not None
            or bool(self._subclasses_in_module)
            or self._is_private_and_never_made
        )

    @property
    def is_for_users_to_derive_from(self) -> bool:
        """Whether its name says so, to everyone: others than those who derive from it in its project may do so, too."""
        return not self.layer.name.startswith("_") and _FOR_SUBCLASSES.search(self.layer.name) is not None

    @property
    def _is_private_and_never_made(self) -> bool:
        """Whether the name says that only its module uses the class, which makes none: it is a base all the same."""
        name = self.layer.name
        return name.startswith("_") and not re.search(rf"(?<!class ){name}\(", self.layer.ref.module.text)

    @property
    def _subclasses_in_module(self) -> tuple[ClassRef, ...]:
        return self.layer.project.subclasses_in_module(self.layer.ref)

    @cached_property
    def is_supplied_elsewhere(self) -> bool:
        """Whether a class decorator or an unknown base may add a `get_config`."""
        if not self.layer.is_complete:
            return True
        for base in self.layer.mro:
            if not isinstance(base, ClassRef):
                continue
            for decorator in base.entry.node.decorator_list:
                if not leaves_class_alone(self.layer.project, base, decorator):
                    return True
            if base.entry.keywords:
                return True
        return False

    @property
    def decorators(self) -> list[str]:
        """The decorators of the class itself, as written."""
        return _decorators(self.layer.ref)

    @property
    def decorators_of_subclasses(self) -> list[str]:
        """The decorators of the classes of the module that derive from it."""
        return [decorator for ref in self._subclasses_in_module for decorator in _decorators(ref)]


def _is_left_open(node: FunctionNode) -> bool:
    """Whether a method is there to be overridden: it only raises NotImplementedError, or is marked abstract."""
    if _is_marked_abstract(node):
        return True
    match [part for part in node.body if not isinstance(part, ast.Expr)]:
        case [ast.Raise(exc=ast.Name(id=name) | ast.Call(func=ast.Name(id=name)))]:
            return name == "NotImplementedError"
        case _:
            return False


def _does_nothing(node: FunctionNode) -> bool:
    """Whether a method is still to be written: it has no statement but `pass` or a `return` of nothing."""
    return all(
        isinstance(part, ast.Pass)
        or (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
        or (isinstance(part, ast.Return) and (part.value is None or ast.unparse(part.value) == "None"))
        for part in node.body
    )


def _is_marked_abstract(node: FunctionNode) -> bool:
    return any(name in ("abstractmethod", "abc.abstractmethod") for name in map(ast.unparse, node.decorator_list))


def _decorators(ref: ClassRef) -> list[str]:
    return [ast.unparse(decorator) for decorator in ref.entry.node.decorator_list]
