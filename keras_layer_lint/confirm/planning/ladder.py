"""In which order values are tried for a parameter: by type and use first, then by name. `LADDER` is that order."""

from __future__ import annotations

import ast
import enum
import inspect
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from keras_layer_lint.confirm.planning.asked import Asked
from keras_layer_lint.confirm.planning.feature_columns import feature_columns
from keras_layer_lint.confirm.planning.forms import spelled as spelled_form
from keras_layer_lint.confirm.planning.made import TOKENIZER_METHODS
from keras_layer_lint.confirm.planning.named_in_code import object_named
from keras_layer_lint.confirm.planning.names import by_kind, by_name, kind_of, otherwise
from keras_layer_lint.confirm.planning.own_columns import lists_of, of_elements
from keras_layer_lint.confirm.planning.settings import sensible, settings_with
from keras_layer_lint.confirm.planning.usual import OF_A_LIST, OF_A_LIST_AND_WORDS, OF_SEVERAL, OF_WORDS, TWO_OUTPUTS

_CALLED = ("model", "layer")
"""Kinds whose values can be called: where something else tells that a layer is wanted, any callable does not do."""
_ALIKE = {
    "callable": {"callable", "layer"},
    "list": {"list", "pair", "layers"},
    "int": {"int"},
    "float": {"float"},
    "model": {"layer"},
}
ANNOTATED = (
    (r"Callable", "callable"),
    (r"\b(Layer|Model|Module|Sequential)\b", "layer"),
    (r"(List|Sequence|Iterable|list|Set)\[[^\n]{0,80}(Layer|Model)", "layers"),
    (r"[Tt]uple", "pair"),
    (r"^(np\.|numpy\.|tf\.|keras\.\w{0,20})?(ndarray|Tensor|EagerTensor|NDArray|ArrayLike|KerasTensor)\b", "array"),
    (r"List|list|Sequence|Iterable|ndarray", "list"),
    (r"[Dd]ict|Mapping", "dict"),
    (r"\bbool\b", "bool"),
    (r"\bint\b", "int"),
    (r"\bfloat\b|Number", "float"),
    (r"\bstr\b|Text", "str"),
)

_TAKEN_BY_LAYERS = frozenset({
    "training", "mask", "query", "key", "value", "attention_mask", "query_mask", "key_mask", "value_mask",
    "return_attention_scores", "use_causal_mask", "initial_state", "states", "constants", "sequence", "inputs", "name",
})  # fmt: skip
"""Arguments of the call of layers of Keras, by name."""
_CONFIGURATION = re.compile(r"param|config|setting|options|hyper")


Rung = Callable[[Asked], Iterator[str]]


def written_in_annotation(asked: Asked) -> Iterator[str]:
    """Values that the annotation writes out: `Literal["a", "b"]`."""
    for literal in re.findall(r"Literal\[([^\[\]]*)\]", asked.annotated):
        yield from (part.strip() for part in literal.split(","))


def of_annotated_class(asked: Asked) -> Iterator[str]:
    """A member of the enumeration, or an instance of the class of the project, that the annotation names."""
    annotation = asked.annotation
    if not isinstance(annotation, type) or annotation.__module__ == "builtins":
        return
    module = inspect.getmodule(asked.cls)
    name = next((name for name, value in vars(module).items() if value is annotation), "")
    if asked.depth or not name or inspect.isabstract(annotation) or annotation in asked.base.__mro__:
        return
    if issubclass(annotation, enum.Enum):
        yield from (f"{name}.{member.name}" for member in list(annotation)[:3])
    elif issubclass(annotation, asked.base) or annotation.__module__.split(".")[0] not in ("keras", "tensorflow"):
        yield f"{name}({spelled(asked.others.within(annotation))})"


def default_of_class(asked: Asked) -> Iterator[str]:
    """What a method of the class gives that makes its default configuration."""
    wants_dict = "dict" in asked.use.kinds or re.search(r"[Dd]ict|Mapping", asked.annotated)
    if asked.depth or not wants_dict or not _CONFIGURATION.search(asked.name):
        return
    for each in (each for each in asked.cls.__mro__ if each not in asked.base.__mro__):
        for name, value in vars(each).items():
            if isinstance(value, (classmethod, staticmethod)) and _makes_defaults(name) and _takes_nothing(value):
                yield f"{asked.cls.__name__}.{name}()"


def compared_with(asked: Asked) -> Iterator[str]:
    """Words that the code compares it with."""
    if "list" not in asked.use.kinds:
        yield from (repr(text) for text in asked.use.strings if "\n" not in text)
    if len(asked.use.numbers) > 1:  # one number is a special case of many
        yield from (str(number) for number in asked.use.numbers)


def of_tested_class(asked: Asked) -> Iterator[str]:
    """An object of a class that the code tests it for."""
    scope = vars(inspect.getmodule(asked.cls))
    for text in asked.use.classes if not asked.depth else ():
        cls = object_named(ast.parse(text, mode="eval").body, scope)
        if isinstance(cls, type):
            yield f"{text}({spelled(asked.others.within(cls))})"


def of_own_elements(asked: Asked) -> Iterator[str]:
    """Lists of objects of the classes of the project that elements are annotated with, or tested for."""
    scope = vars(inspect.getmodule(asked.cls))
    element = asked.form.element if asked.form else None
    classes = [*of_elements(asked.annotation, scope), *(element.classes if element else ())]
    if classes and not asked.depth:
        layers = [each for each in classes if issubclass(each, asked.base)]
        yield from lists_of([each for each in classes if each not in layers], scope, asked.others.within)


def of_its_form(asked: Asked) -> Iterator[str]:
    """Lists of dicts, pairs of lists and the like, as the code takes them apart."""
    form = asked.form
    if form is not None and (form.is_nested or form.taken_as or (form.element and form.element.given_as)):
        yield spelled_form(form, asked.name)


def made_for_its_uses(asked: Asked) -> Iterator[str]:
    """A tokenizer, a configuration with the attributes, or a dict with the keys, that the code reads; a class."""
    use = asked.use
    if use.methods.keys() & TOKENIZER_METHODS:
        yield "klint.Tokenizer()"
    read = [name for name in use.attributes if name not in use.methods]
    if read and not use.kinds.keys() & {"layer", "model", "callable"}:
        yield settings_with(use.attributes, use.methods, use.words)
    if "mapping" in use.kinds:
        yield "{}"
    if "layer class" in use.kinds:
        yield from by_kind("layer class")
    if use.keys and "dict" in use.kinds:
        yield "{" + ", ".join(f"{key!r}: {sensible(key)}" for key in dict.fromkeys(use.keys)) + "}"


def of_feature_columns(asked: Asked) -> Iterator[str]:
    """Columns of `tf.feature_column` of the kind that is used, each parameter's under keys of their own."""
    yield from feature_columns(asked.name, embedded="category" in asked.use.kinds)


def giving_two(asked: Asked) -> Iterator[str]:
    """A model of which a call gives a sequence and one vector for all of it, as encoders of text do."""
    if asked.use.gives == 2 and asked.use.kinds.keys() & {"callable", "layer", "model"}:
        yield TWO_OUTPUTS


def taking_several(asked: Asked) -> Iterator[str]:
    """A function of several arguments, where it is called with so many, and its name speaks of no layer or word."""
    kinds = asked.use.kinds.keys()
    is_a_function = asked.use.takes > 1 and "callable" in kinds and not kinds & {"layer", "model", "layer class"}
    spoken = next((kind_of(value) for value in by_name(asked.name)), "callable")
    if is_a_function and spoken not in ("layer", "model", "str") and not re.search("Layer|Model", asked.annotated):
        yield OF_SEVERAL


def taking_words(asked: Asked) -> Iterator[str]:
    """A function of any arguments, where it is called with some by names that no layer of Keras has for them."""
    own = asked.use.keywords.keys() - _TAKEN_BY_LAYERS
    if own and "callable" in asked.use.kinds and asked.use.gives < 2 and not re.search("Layer|Model", asked.annotated):
        yield OF_A_LIST_AND_WORDS if asked.use.takes_list else OF_WORDS


def taking_a_list(asked: Asked) -> Iterator[str]:
    """A function of a list of tensors, as a graph network is: all of the first of them, or a part of its features."""
    if asked.use.takes_list and asked.use.takes == 1 and "callable" in asked.use.kinds:
        yield from OF_A_LIST


def given_to_layers(asked: Asked) -> Iterator[str]:
    """What layers of Keras take for the argument that it is given as, where its own name speaks of nothing like it."""
    given_as = asked.form.given_as if asked.form is not None else ""
    values = by_name(given_as) if given_as else ()
    own = next(iter(by_name(asked.name)), "")
    if values and (not own or kind_of(own) != kind_of(values[0])):
        yield values[0]


def used_as_array(asked: Asked) -> Iterator[str]:
    """A matrix that tensors are multiplied by, or of which both sizes are read; a table that is looked up."""
    if asked.use.kinds.keys() & {"callable", "layer"}:
        return
    for kind in ("sparse matrix", "matrix", "table of numbers", "table"):
        if kind in asked.use.kinds:
            yield from by_kind(kind)
    if asked.use.rank == 2:
        yield from by_kind("matrix")


def divisible(asked: Asked) -> Iterator[str]:
    """A number that is divided by what the code divides it by, where the usual number is not."""
    divisors = [number for divisor in asked.use.divisors if (number := _number(divisor, asked)) > 1]
    common = math.lcm(*divisors) if divisors else 1
    usual = next((int(value) for value in by_name(asked.name) if value.isdecimal()), 8)
    if 1 < common <= 256 and usual % common:
        yield str(common * max(1, round(usual / common)))


def of_annotated_kind(asked: Asked) -> Iterator[str]:
    """Values of the kinds that the annotation names: those that the name speaks for first."""
    yield from _of_kinds(asked, [kind for pattern, kind in ANNOTATED if re.search(pattern, asked.annotated)])


def of_default_kind(asked: Asked) -> Iterator[str]:
    """Values of the kind that the default is of."""
    if asked.default is not None and isinstance(asked.default, (bool, int, float, str, list, tuple, dict)):
        kind = {"tuple": "pair"}.get(name := type(asked.default).__name__, name)
        yield from _of_kinds(asked, [kind])


def of_used_kinds(asked: Asked) -> Iterator[str]:
    """Values of the kinds that its uses take: those that the name speaks for first."""
    kinds = asked.use.kinds
    yield from _of_kinds(asked, [*(kind for kind in _CALLED if kind in kinds), *kinds])


def by_its_name(asked: Asked) -> Iterator[str]:
    """Values that its name speaks for."""
    yield from by_name(asked.name)


def of_any_kind(asked: Asked) -> Iterator[str]:
    """One value of each kind."""
    yield from otherwise()


LADDER: tuple[Rung, ...] = (
    # what is declared
    written_in_annotation,
    of_annotated_class,
    default_of_class,
    # what the code does with it
    compared_with,
    of_tested_class,
    of_own_elements,
    of_its_form,
    of_feature_columns,
    made_for_its_uses,
    giving_two,
    taking_words,
    taking_several,
    taking_a_list,
    divisible,
    given_to_layers,
    used_as_array,
    # the kind of value, and among those of one kind the name
    of_annotated_kind,
    of_default_kind,
    of_used_kinds,
    # the name alone
    by_its_name,
    # anything
    of_any_kind,
)


def _of_kinds(asked: Asked, kinds: list[str]) -> Iterator[str]:
    for kind in kinds:
        yield from _spoken(asked, kind)
    for kind in kinds:
        one = next(iter(by_name(asked.name)), "")
        if kind == "list" and one and kind_of(one) in ("str", "bool", "float"):
            yield f"[{one}, {one}]"
        yield from by_kind(kind)


def _spoken(asked: Asked, kind: str) -> Iterator[str]:
    yield from (value for value in by_name(asked.name) if kind_of(value) in _ALIKE.get(kind, {kind}))


def _number(divisor: int | str, asked: Asked) -> int:
    """The divisor: a number, or what a parameter of that name has by default or is given first."""
    if isinstance(divisor, int):
        return divisor
    parameter = asked.others.parameters.get(divisor)
    if parameter is None or divisor == asked.name:
        return 0
    if parameter.default is not inspect.Parameter.empty:
        return parameter.default if isinstance(parameter.default, int) else 0
    value = next(iter(by_name(divisor)), "")
    return int(value) if value.isdecimal() else 0


def _makes_defaults(name: str) -> bool:
    return "default" in name and _CONFIGURATION.search(name) is not None


def _takes_nothing(method: classmethod[Any, Any, Any] | staticmethod[Any, Any]) -> bool:
    taken = list(inspect.signature(method.__func__).parameters.values())[isinstance(method, classmethod) :]
    return all(each.default is not each.empty or each.kind in (each.VAR_POSITIONAL, each.VAR_KEYWORD) for each in taken)


def spelled(arguments: dict[str, str]) -> str:
    """Arguments as they stand between parentheses."""
    return ", ".join(f"{name}={value}" for name, value in arguments.items())
