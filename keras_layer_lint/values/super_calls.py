"""Calls of `super()`, and of methods of a base."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.keras.kinds import kind_of_known
from keras_layer_lint.keras.layers import LAYER
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.model import syntax
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.call_events import SuperCall
from keras_layer_lint.values.events import Site, WrongSuper
from keras_layer_lint.values.frames import Frame
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.state import State
from keras_layer_lint.values.value import ClassObject, ExternalName, Function, Self, SelfClass, Super, Value


class SuperCalls(State):
    """`super()`, and what is told of methods of a base that are called on self."""

    def _note_base_call(self, function: Function, arguments: CallArguments, node: cst.Call, frame: Frame) -> None:
        """`Base.build(self, shape)` does what `super().build(shape)` does."""
        method, owner = function.method, function.owner
        if method is None or owner is None or function.receiver is not None or not arguments.positional:
            return
        if isinstance(arguments.positional[0], Self) and owner is not frame.function.owner:
            self.emit_super_call(method, arguments.without_first(), node, frame, target=owner)

    def emit_super_call(
        self,
        method: str,
        arguments: CallArguments,
        node: cst.Call,
        frame: Frame,
        *,
        target: ClassRef | None = None,
        behind: str | None = None,
    ) -> None:
        """Record that a method of a base class is called on self."""
        given = arguments.only_explicit()
        self.emit(node, frame, SuperCall, method=method, arguments=given, target=target, behind=behind)
        if frame.context.is_foreign:
            site = Site(
                frame.unit,
                node,
                self.run.phase,
                frame.name,
                frame.autograph,
                frame.unit,
                node,
                conditional=bool(frame.conditions),
                owner=frame.function.owner,
            )
            self.run.base_calls.setdefault(id(node), SuperCall(site, arguments=given, method=method, target=target))

    def _super(self, node: cst.Call, frame: Frame) -> Value:
        owner = frame.function.owner
        if owner is None:
            return UNKNOWN
        if not node.args:
            return Super(owner)
        if len(node.args) == 1 and not node.args[0].star:
            return UNKNOWN  # bound to nothing: its `__init__` is that of `super` itself
        named_node = node.args[0].value
        named = self.evaluate(named_node, frame)
        layer = self.run.layer
        name = syntax.dotted(named_node)
        if name == "__class__":
            return Super(owner)
        if isinstance(named, SelfClass):
            return Super(layer.ref)
        if isinstance(named, ClassObject):
            if named.ref in layer.mro or not layer.is_complete:
                return Super(named.ref)
            self.emit(node, frame, WrongSuper, named=name, defined=True)
            return Super(owner)
        if isinstance(named, ExternalName) and layer.is_complete and not layer.has_base(named.name):
            # What is no layer, such as `tf.Module`, may be a base of Keras's own classes.
            # `Layer` is that of each layer.
            known = canonical(named.name)
            if kind_of_known(known) is not None and not (known == LAYER and layer.is_layer):
                self.emit(node, frame, WrongSuper, named=name, defined=True)
        elif (
            name is not None
            and "." not in name
            and frame.lookup(name) is None
            and not layer.may_define(frame.unit, name)
        ):
            self.emit(node, frame, WrongSuper, named=name, defined=False)
            return Super(owner)
        return Super(owner, named.name if isinstance(named, ExternalName) else None)
