"""How the project's own code makes objects of a class and calls them: seen while that code runs."""

from __future__ import annotations

import functools
import importlib
import inspect
import sys
import time
import unittest
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from keras_layer_lint.confirm.planning.search import Search
from keras_layer_lint.confirm.planning.spelling import CannotSpell, Spelling, inputs_of
from keras_layer_lint.confirm.planning.values import Framework
from keras_layer_lint.confirm.probe import FoundCall, User
from keras_layer_lint.confirm.time_limit import TimeLimit, with_an_end

_MOST = 6
_SECONDS, _SECONDS_EACH, _TRIES = 8.0, 5.0, 12
_UNSPELLABLE = (CannotSpell, AttributeError, TypeError, ValueError, RuntimeError)


@dataclass(slots=True)
class _Made:
    """An object of the class: what it was made with, and first called on."""

    arguments: str
    place: str
    is_made_up: bool
    inputs: str = ""
    works: bool = False


@dataclass(slots=True)
class _Watch:
    """Takes down what a class is given, while it is watched."""

    framework: Any
    cls: Any
    place: str = ""
    is_made_up: bool = True
    _made: dict[int, _Made] = field(default_factory=dict)
    _kept: list[Any] = field(default_factory=list)
    """Objects that were seen, so that no other gets the same number."""

    @property
    def has_seen_it_work(self) -> bool:
        """Whether an object that can be made again was called, without an error."""
        return any(made.works and made.inputs for made in self._made.values())

    def calls(self) -> tuple[FoundCall, ...]:
        """What was seen, each once: what tests did first, what worked before what did not."""
        ordered = sorted(self._made.values(), key=lambda made: (made.is_made_up, not made.works, not made.inputs))
        found = [
            FoundCall(arguments=made.arguments, place=made.place, inputs=made.inputs, is_made_up=made.is_made_up)
            for made in ordered
        ]
        unlike = {(call.arguments, call.inputs): call for call in reversed(found)}
        return tuple(call for call in found if unlike[call.arguments, call.inputs] is call)[:_MOST]

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch the class: its constructor, and where its objects are called."""
        own = {name: vars(self.cls)[name] for name in ("__init__", "__call__") if name in vars(self.cls)}
        self.cls.__init__ = self._constructor(self.cls.__init__)
        if any("__call__" in vars(each) for each in self.cls.__mro__):
            self.cls.__call__ = self._called(self.cls.__call__)
        try:
            yield
        finally:
            for name in ("__init__", "__call__"):
                if name in own:
                    setattr(self.cls, name, own[name])
                elif name in vars(self.cls):
                    delattr(self.cls, name)

    def _constructor(self, original: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(original)
        def construct(layer: Any, *args: Any, **kwargs: Any) -> None:
            arguments = self._spelled(original, layer, args, kwargs)
            original(layer, *args, **kwargs)
            if arguments is not None and type(layer) is self.cls and id(layer) not in self._made:
                self._kept.append(layer)
                self._made[id(layer)] = _Made(arguments, self.place, self.is_made_up)

        construct.__signature__ = inspect.signature(original)  # type: ignore[attr-defined]  # Keras reads it
        return construct

    def _spelled(self, original: Any, layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
        spelling = Spelling(self.framework, sys.modules[self.cls.__module__])
        with suppress(*_UNSPELLABLE):
            bound = inspect.signature(original).bind(layer, *args, **kwargs)
            named: dict[str, Any] = {}
            for parameter in list(bound.signature.parameters.values())[1:]:
                if parameter.kind is parameter.VAR_KEYWORD:
                    named |= bound.arguments.get(parameter.name, {})
                elif parameter.name in bound.arguments:
                    if parameter.kind is parameter.VAR_POSITIONAL:
                        return None
                    named[parameter.name] = bound.arguments[parameter.name]
            named.pop("name", None)
            return spelling.arguments(named)
        return None

    def _called(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def call(layer: Any, *args: Any, **kwargs: Any) -> Any:
            made = self._made.get(id(layer))
            is_first = made is not None and not made.inputs
            if made is not None and is_first:
                with suppress(*_UNSPELLABLE):
                    made.inputs = str(inputs_of(self.framework, args, kwargs))
            outputs = original(layer, *args, **kwargs)
            if made is not None and is_first:
                made.works = True
            return outputs

        return call


def seen(cls: Any, users: Sequence[User], framework: Framework, tell: Callable[[tuple[FoundCall, ...]], None]) -> None:
    """Run what uses the class, and tell how that makes and calls it, until it was seen to work."""
    watch = _Watch(framework, cls)
    until = time.process_time() + _SECONDS
    for user in users:
        watch.place, watch.is_made_up = f"{user.module}.{user.name}", user.kind != "test"
        try:
            with watch.watching(), with_an_end(TimeLimit(_SECONDS_EACH)):
                _run(user, framework)
        except (KeyboardInterrupt, MemoryError):
            raise
        except BaseException as error:  # a test is skipped by one that is no Exception
            if isinstance(error, GeneratorExit):
                raise
        tell(watch.calls())
        if watch.has_seen_it_work or time.process_time() > until:
            return


def _run(user: User, framework: Framework) -> None:
    if user.root not in sys.path:
        sys.path.append(user.root)
    module: Any = importlib.import_module(user.module)
    if user.kind == "test":
        _run_test(module, user.name)
        return
    made = getattr(module, user.name)
    cls = made if user.kind == "class" else _caller_of(made)
    Search(cls, _Known(calls=user.calls), framework, _SECONDS_EACH, _TRIES).run()


def _run_test(module: Any, name: str) -> None:
    """A test with what sets it up, and with the first values that decorators give it."""
    owner, _, method = name.rpartition(".")
    if not owner:
        test = getattr(module, method)
        test(**_parametrized(test))
        return
    cls = getattr(module, owner)
    if issubclass(cls, unittest.TestCase):  # what decorators make of one method has longer names
        cls(next(each for each in dir(cls) if each.startswith(method))).debug()
        return
    tests = cls()
    test = getattr(tests, method)
    if hasattr(tests, "setup_method"):
        tests.setup_method(*[test][: len(inspect.signature(tests.setup_method).parameters)])
    test(**_parametrized(test))


def _parametrized(test: Any) -> dict[str, Any]:
    """The first values of each `pytest.mark.parametrize`."""
    given: dict[str, Any] = {}
    for mark in getattr(test, "pytestmark", ()):
        if mark.name == "parametrize":
            names, values, *_ = mark.args
            names = [each.strip() for each in names.split(",")] if isinstance(names, str) else list(names)
            first = next(iter(values))
            if type(first).__name__ == "ParameterSet":  # of `pytest.param`
                first = first.values
            elif len(names) == 1:
                first = (first,)
            given |= dict(zip(names, first, strict=False))
    return given


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a user beforehand."""

    calls: tuple[FoundCall, ...]
    recipe: None = None


def _caller_of(function: Any) -> type:
    """A class that calls the function when it is constructed: it is planned like any other."""
    signature = inspect.signature(function)

    def construct(self: Any, *args: Any, **kwargs: Any) -> None:
        function(*args, **kwargs)

    first = inspect.Parameter("_", inspect.Parameter.POSITIONAL_ONLY)
    parameters = [first, *signature.parameters.values()]
    construct.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    made = type(function.__name__, (), {"__init__": construct, "__module__": function.__module__})
    made.__wrapped__ = function  # type: ignore[attr-defined]
    return made
