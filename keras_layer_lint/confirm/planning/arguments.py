"""Arguments of a constructor: what it takes, and candidates for each parameter as Python text."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from keras_layer_lint.confirm.planning.names import by_kind, by_name, kind_of, otherwise
from keras_layer_lint.confirm.planning.reading import Reading
from keras_layer_lint.keras.methods import BASE_ARGUMENTS, MORE_BASE_ARGUMENTS

OF_EVERY_LAYER = frozenset(BASE_ARGUMENTS + MORE_BASE_ARGUMENTS)
_MOST = 12
_ALIKE = {"callable": {"callable", "layer"}, "list": {"list", "pair", "layers"}, "int": {"int"}, "float": {"float"}}
_ANNOTATED = (
    (r"^(typing\.)?(Optional|Union)\[(?P<inner>.*)\]$", ""),
    (r"Callable", "callable"),
    (r"\b(Layer|Model|Module|Sequential)\b", "layer"),
    (r"(List|Sequence|Iterable|list|Set)\[.*(Layer|Model)", "layers"),
    (r"[Tt]uple", "pair"),
    (r"List|list|Sequence|Iterable|ndarray", "list"),
    (r"[Dd]ict|Mapping", "dict"),
    (r"\bbool\b", "bool"),
    (r"\bint\b", "int"),
    (r"\bfloat\b|Number", "float"),
    (r"\bstr\b|Text", "str"),
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a constructor."""

    name: str
    required: bool
    default: Any
    annotation: Any


def parameters(cls: Any, base: Any) -> dict[str, Parameter]:
    """What the constructor takes, in order; bases count as far as `**kwargs` reaches them."""
    found: dict[str, Parameter] = {}
    for number, each in enumerate(cls for cls in cls.__mro__ if "__init__" in vars(cls)):
        try:
            signature = inspect.signature(each.__init__)
        except (TypeError, ValueError):
            break
        taken = list(signature.parameters.values())[1:]
        for parameter in taken:
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                continue
            # What a base needs, the class may pass on by itself.
            required = parameter.default is parameter.empty and number == 0
            found.setdefault(
                parameter.name, Parameter(parameter.name, required, parameter.default, parameter.annotation)
            )
        if each is base or not any(parameter.kind is parameter.VAR_KEYWORD for parameter in taken):
            break
    return found


class Candidates:
    """Values to try for the parameters of one class."""

    def __init__(self, cls: Any, base: Any, reading: Reading, depth: int = 0) -> None:
        self.parameters = parameters(cls, base)
        self._cls = cls
        self._base = base
        self._reading = reading
        self._depth = depth
        self._known: dict[str, tuple[str, ...]] = {}

    def first(self) -> dict[str, str]:
        """The likeliest value for each parameter that has no default."""
        return {name: self.of(name)[0] for name, parameter in self.parameters.items() if parameter.required}

    def of(self, name: str) -> tuple[str, ...]:
        """Candidates for one parameter, the likeliest first."""
        if name not in self._known:
            self._known[name] = tuple(dict.fromkeys(self._ordered(name)))[:_MOST]
        return self._known[name]

    def _ordered(self, name: str) -> Iterator[str]:
        use = self._reading.of(name)
        parameter = self.parameters.get(name)
        spoken = by_name(name)
        annotation = parameter.annotation if parameter else inspect.Parameter.empty
        annotated = list(self._annotated(annotation))
        kinds = [kind for kind in annotated if by_kind(kind)]
        yield from (value for value in annotated if not by_kind(value))
        if use.strings and "list" not in use.kinds:
            yield from (repr(text) for text in use.strings if "\n" not in text)
        for kind in [*use.kinds, *kinds]:
            yield from (value for value in spoken if kind_of(value) in _ALIKE.get(kind, {kind}))
        for kind in kinds:
            yield from by_kind(kind)
        if spoken and not ("list" in use.kinds or "dict" in use.kinds):
            yield from spoken
        for kind in use.kinds:
            yield from by_kind(kind)
        yield from spoken
        yield from otherwise()

    def _annotated(self, annotation: Any) -> Iterator[str]:
        """Kinds, or texts of values, that an annotation names."""
        if annotation is inspect.Parameter.empty or annotation is None:
            return
        if isinstance(annotation, type) and annotation.__module__ != "builtins":
            yield from self._instances(annotation)
        text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "") or str(annotation)
        if not isinstance(annotation, (str, type)):
            text = str(annotation)
        for literal in re.findall(r"Literal\[(.*?)\]", text):
            yield from (part.strip() for part in literal.split(","))
        yield from (kind for pattern, kind in _ANNOTATED if kind and re.search(pattern, text))

    def _instances(self, annotation: type) -> Iterator[str]:
        """A value of a class of the project: its constructor with candidates of its own."""
        module = inspect.getmodule(self._cls)
        name = next((name for name, value in vars(module).items() if value is annotation), "")
        if self._depth or not name or inspect.isabstract(annotation) or annotation in self._base.__mro__:
            return
        if not issubclass(annotation, self._base) and annotation.__module__.split(".")[0] in ("keras", "tensorflow"):
            return
        inner = Candidates(annotation, self._base, Reading(), self._depth + 1)
        yield f"{name}({spelled(inner.first())})"


def spelled(arguments: dict[str, str]) -> str:
    """Arguments as they stand between parentheses."""
    return ", ".join(f"{name}={value}" for name, value in arguments.items())


def read_arguments(text: str, cls: Any) -> dict[str, str] | None:
    """Arguments by name from their text; None where it does not read or does not fit the constructor."""
    try:
        call = ast.parse(f"_({text}\n)", mode="eval").body
        names = [
            parameter.name
            for parameter in list(inspect.signature(cls.__init__).parameters.values())[1:]
            if parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        ]
    except (SyntaxError, ValueError, TypeError):
        return None
    if not isinstance(call, ast.Call) or len(call.args) > len(names):
        return None
    if any(isinstance(value, ast.Starred) for value in call.args) or any(word.arg is None for word in call.keywords):
        return None
    given = {name: ast.unparse(value) for name, value in zip(names, call.args, strict=False)}
    return given | {str(word.arg): ast.unparse(word.value) for word in call.keywords}
