"""What the parts of the interpreter ask of each other: to record events, and to go from path to path."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence as Items
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.autograph import Unconvertible
from keras_layer_lint.values.containers import MAX_CONTAINER_DEPTH, MAX_CONTAINER_ITEMS, Dict, Sequence
from keras_layer_lint.values.environment import Environment
from keras_layer_lint.values.events import Event, IntegerMeetsFloat, MissingMaskUsed, MixedDtypes, Site
from keras_layer_lint.values.frames import Context, Frame, Path, Place, function_name, merge
from keras_layer_lint.values.provenance import INTEGERS
from keras_layer_lint.values.run import OUT_OF_STEPS, Run
from keras_layer_lint.values.value import Function, InputMask, InputMasks, Nest, PythonValue, Tensor, Value

CUT_CONTAINER = (
    f"the items of a container with more than {MAX_CONTAINER_ITEMS}, or nested more than {MAX_CONTAINER_DEPTH} deep"
)


class State:
    """What expressions, calls and statements need of each other. `Interpreter` puts them together."""

    run: Run

    def evaluate(self, node: cst.CSTNode, frame: Frame) -> Value:
        """The value of an expression."""
        raise NotImplementedError

    def condition(self, test: cst.BaseExpression, frame: Frame) -> Value:
        """The value of an expression whose truth is asked for by the statement around it."""
        raise NotImplementedError

    def narrowed(self, test: cst.BaseExpression, frame: Frame, truth: bool) -> Environment | None:
        """The environment where `test` came out as `truth`; None where it cannot."""
        raise NotImplementedError

    def assign(self, target: cst.CSTNode, value: Value, frame: Frame, node: cst.CSTNode) -> None:
        """Bind a target."""
        raise NotImplementedError

    def call(self, node: cst.Call, frame: Frame) -> Value:
        """The value of a call expression."""
        raise NotImplementedError

    def apply(
        self, function: Function, arguments: CallArguments, frame: Frame | None, node: cst.CSTNode | None
    ) -> Value:
        """Run a function of the project and give what it returns."""
        raise NotImplementedError

    def block(self, body: Items[cst.CSTNode], frame: Frame) -> bool:
        """Run statements; False where control cannot get past them."""
        raise NotImplementedError

    def suite(self, body: cst.BaseSuite, frame: Frame) -> bool:
        """Run an indented block; False where control cannot get past it."""
        raise NotImplementedError

    def note_item_read(self, holder: cst.BaseExpression, value: Value, key: cst.CSTNode | None, frame: Frame) -> None:
        """Record that an item of a container on self is read."""
        raise NotImplementedError

    def iterate(
        self, node: cst.CSTNode, value: Value, form: str, frame: Frame, fault: Unconvertible | None = None
    ) -> Value:
        """Record that Python iterates `value`; the element."""
        raise NotImplementedError

    def self_attribute(self, name: str, node: cst.CSTNode, frame: Frame) -> Value:
        """The value of `self.name`."""
        raise NotImplementedError

    def store_attribute(self, name: str, value: Value, node: cst.CSTNode, frame: Frame) -> None:
        """Bind `self.name`."""
        raise NotImplementedError

    def combined(self, left: Value, right: Value, *, is_add: bool, is_or: bool = False) -> Value:
        """The value of an arithmetic operation."""
        raise NotImplementedError

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
        raise NotImplementedError

    def site(self, node: cst.CSTNode, frame: Frame, *, of_base: bool = False) -> Site | None:
        """Where to report what happens at `node`; None where that is another class's business.

        `of_base`: what a base in another file does is where this class calls it.
        """
        run, context = self.run, frame.context
        if frame.quiet or (context.silent and not (of_base and context.place is not None)):
            return None
        conditional = bool(frame.conditions)
        optional = conditional or context.optional
        place = context.place
        if place is None and context.is_foreign:
            return None
        return Site(
            unit=frame.unit if place is None else place.unit,
            node=node if place is None else place.node,
            phase=run.phase,
            function=frame.name if place is None else place.function,
            autograph=frame.autograph,
            left_alone=frame.left_alone,
            code=frame.unit,
            code_node=node,
            through=None if place is None else place.through,
            gives_up=frame.gives_up,
            in_tensor_loop=any(loop.origin for loop in frame.loops),
            in_loop=bool(frame.loops),
            conditional=conditional or context.conditional,
            owner=frame.function.owner if place is None else place.owner,
            guarded=frame.guards > 0,
            optional=optional,
        )

    def note_limit(self, what: str, node: cst.CSTNode | None, frame: Frame | None) -> None:
        """Record that a limit was reached at `node`: `what` was not analysed."""
        if what == OUT_OF_STEPS:
            if self.run.is_out_of_steps:
                return  # said where it began
            self.run.is_out_of_steps = True
        place = None if frame is None else frame.context.place
        if place is not None:
            line = place.unit.span(place.node).line
        elif frame is not None and node is not None and not frame.context.is_foreign:
            line = frame.unit.span(node).line
        else:
            line = self.run.layer.ref.entry.line
        self.run.limits.add((line, what))

    def note_cut(self, value: Value, node: cst.CSTNode, frame: Frame) -> None:
        """Record that a container is too large or too deep to be kept as it is."""
        if isinstance(value, Sequence | Dict) and value.is_cut:
            self.note_limit(CUT_CONTAINER, node, frame)

    def context_of_call(self, function: Function, caller: Frame | None, node: cst.CSTNode | None) -> Context:
        """The context of a call of `function` at `node`; without a caller it is Keras that calls."""
        run = self.run
        is_foreign = function.unit.module is not run.home
        owner = function.owner
        silent = is_foreign and owner is not None and owner is not run.layer.ref and self._is_run_for(owner)
        if caller is None:
            return Context(is_foreign=is_foreign, silent=silent)
        above = caller.context
        place, conditional = None, False
        if is_foreign:
            place, conditional = above.place, bool(caller.conditions) or above.conditional
            silent = silent or above.silent
            if not above.is_foreign and node is not None:
                name = function_name(function)
                place = Place(caller.unit, node, caller.name, caller.function.owner, name)
        return Context(
            autograph=caller.autograph,
            left_alone=caller.left_alone,
            quiet=bool(caller.quiet),
            guarded=bool(caller.guards),
            optional=bool(caller.conditions) or above.optional,
            name_scope=bool(caller.name_scopes) or above.name_scope,
            place=place,
            is_foreign=is_foreign,
            conditional=conditional,
            silent=silent,
        )

    def _is_run_for(self, owner: ClassRef) -> bool:
        """Whether linting that class runs its methods: a base that leaves `call` to others is not run by itself."""
        layer = self.run.layer
        return layer.is_keras_object(owner) and layer.has_method(owner, self.run.phase)

    def emit(self, node: cst.CSTNode, frame: Frame, kind: type[Event], **data: Any) -> None:
        """Record an event, once per place and kind: what is certain on one of several runs is certain."""
        site = self.site(node, frame, of_base=kind.is_of_base)
        if site is None:
            return
        run = self.run
        words = tuple(value for value in data.values() if isinstance(value, str))
        key = (kind, id(node), id(site.node), run.phase, words)
        position = run.seen.get(key)
        if position is None:
            run.seen[key] = len(run.events)
            run.events.append(kind(site, **data))
        elif run.events[position].site.is_less_certain_than(site):
            event = run.events[position]
            run.events[position] = replace(event, site=event.site.with_certainty_of(site))

    def emit_missing_mask(self, value: Value, node: cst.CSTNode, frame: Frame) -> None:
        """Record that a value is used as a tensor, where it stands for masks that need not be there."""
        whole = isinstance(value, InputMasks) and not value.optional
        if whole or (isinstance(value, InputMask) and value.optional):
            self.emit(node, frame, MissingMaskUsed, whole=whole)

    def note_one_tensor(self, value: Value, frame: Frame) -> None:
        """Record that a value is used as one tensor, where a list or dict of tensors fails."""
        if type(value) is Nest and value.argument and value.argument not in self.run.one_tensor:
            self.run.memory.note_change()  # the next call may be certain to be made
            if all(each.is_certain and not each.quiet for each in frame.callers()):
                self.run.one_tensor.add(value.argument)

    def emit_mixed_dtypes(self, left: Value, right: Value, node: cst.CSTNode, frame: Frame) -> None:
        """Record arithmetic of a tensor in the layer's compute dtype with one that is float32 in any case."""
        if not (isinstance(left, Tensor | Nest) and isinstance(right, Tensor | Nest)):
            return
        if {left.dtype, right.dtype} == {"compute", "float32"}:
            computed, fixed = (left, right) if left.dtype == "compute" else (right, left)
            weight = isinstance(computed, Tensor) and computed.variable
            self.emit(node, frame, MixedDtypes, origin=fixed.origin, with_weight=weight)

    def emit_integers(
        self, one: Value, other: Value, written: cst.BaseExpression, node: cst.CSTNode, frame: Frame
    ) -> None:
        """Record arithmetic of a tensor of integers with a float; `written`: how the other one is written."""
        if not isinstance(one, Tensor) or one.dtype not in INTEGERS:
            return
        is_float = isinstance(other, PythonValue) and (other.is_float or syntax.is_written_as_float(written))
        if is_float or (isinstance(other, Tensor) and other.dtype == "float32"):
            self.emit(node, frame, IntegerMeetsFloat, origin=one.origin, is_step=one.dtype == "step")

    @contextmanager
    def under_condition(self, frame: Frame) -> Iterator[None]:
        """Run what is only possible: it stands under a condition."""
        frame.conditions += 1
        try:
            yield
        finally:
            frame.conditions -= 1

    @contextmanager
    def quietly(self, frame: Frame) -> Iterator[None]:
        """Run code whose failures are handled, or which never runs in a graph."""
        frame.quiet += 1
        try:
            yield
        finally:
            frame.quiet -= 1

    def here(self, frame: Frame) -> Path:
        """What holds now."""
        return Path(frame.env, self.run.attributes.fork())

    def branch_end(self, start: Path, narrowed: Environment, frame: Frame) -> Path:
        """What holds where a branch of an expression ends that began with the environment `narrowed`.

        What a condition says of a variable ends there, what `:=` binds does not.
        """
        changed = frame.env.changed(narrowed)
        before = {name: narrowed.get(name) for name in changed}
        after = {name: frame.env.get(name) for name in changed}
        bound = {name: value for name, value in after.items() if value is not None and value is not before[name]}
        env = start.env
        if bound:
            env = env.fork()
            env.update(bound)
        return Path(env, self.run.attributes.fork())

    def go_to(self, path: Path, frame: Frame) -> None:
        """Go on from another point."""
        frame.env = path.env.fork()
        self.run.attributes.resume(path.attributes)

    def meet(self, paths: Items[Path], frame: Frame) -> None:
        """Go on from where paths meet."""
        env = paths[0].env
        for path in paths[1:]:
            if path.env is not env:
                env = merge(env, path.env, frame)
        frame.env = env.fork()
        self.run.attributes.meet([path.attributes for path in paths])
