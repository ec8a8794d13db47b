"""Arguments of `__init__` into the config: in the `get_config` that there is, or in a new one, and out of it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit, Fix
from keras_layer_lint.expectation import Holding, Lacking
from keras_layer_lint.fixes.config_keys import Key, given, key_at
from keras_layer_lint.fixes.config_methods import added_to_config, new_methods, turned_back
from keras_layer_lint.fixes.imports import meaning, written
from keras_layer_lint.fixes.init_arguments import Held, held, is_stored, settle
from keras_layer_lint.fixes.place import BASE_INIT, Place, own_nodes, parameters_of

_SERIALIZE = "keras.saving.serialize_keras_object"
_DESERIALIZE = "keras.saving.deserialize_keras_object"
_OPEN = frozenset({Holding.PLAIN, Holding.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Way:
    """How one argument gets into the config and back."""

    name: str
    attribute: str
    holding: Holding
    section: cst.BaseExpression | None = None
    """The module of Keras whose `serialize` makes what its `get` takes in `__init__`."""
    is_added: bool = False
    """`__init__` does not keep it yet."""
    is_array: bool = False
    is_certain: bool = False
    """JSON can hold it, and it comes back as it was."""

    @property
    def is_object(self) -> bool:
        """Whether it is serialized in the config and turned back in `from_config`."""
        return self.section is None and self.holding in (Holding.OBJECT, Holding.LAYER)


def keep(place: Place, arguments: Sequence[Lacking], *, merges: bool = True, more: Sequence[Edit] = ()) -> Fix | None:
    """Keep arguments in the config, from the attributes that hold them. `merges`: beside what a base holds.

    Unsafe where it is not known that JSON can hold an argument, where it has to be serialized, and where `__init__`
    has to keep it first. `more`: edits that belong to the fix.
    """
    ways = [_way(place, each) for each in arguments]
    found = [way for way in ways if way is not None]
    if not found or len(found) < len(ways):
        return None
    if any(way.is_object for way in found):
        # What is a number or a text stays so; what is a layer after all comes back as one.
        found = [replace(way, holding=Holding.OBJECT) if way.holding is Holding.UNKNOWN else way for way in found]
    edits = _edits(place, found, None, merges=merges)
    if edits is None:
        return None
    shown = ", ".join(f"`{way.name}`" for way in found)
    is_safe = all(way.is_certain and not way.is_added for way in found)
    return Fix("safe" if is_safe else "unsafe", f"keep {shown} in the config", (*more, *edits))


def give(place: Place, argument: Lacking) -> Fix | None:
    """Let the config hold an argument in another form than it does: as it came, or serialized. Unsafe."""
    key, is_foreign = key_at(place), argument.holding is Holding.FOREIGN
    way = _way(place, replace(argument, holding=Holding.LAYER) if is_foreign else argument)
    if way is None:
        return None
    if not (way.is_object or way.is_array or way.section or way.is_added) and _reads(place, key, way.attribute):
        way = replace(way, holding=Holding.LAYER)  # what it is does not come back as it came
    edits = _edits(place, [way], key if place.function is place.method("get_config") else None)
    what = "serialize" if way.is_object or way.section is not None else "keep"
    return None if edits is None else Fix("unsafe", f"{what} `{way.name}` in the config", edits)


def _reads(place: Place, key: Key | None, attribute: str) -> bool:
    """Whether the config reads an attribute of self for a key."""
    if key is None or isinstance(key.node, cst.StarredDictElement):
        return False
    return m.matches(key.node.value, m.Attribute(m.Name("self"), m.Name(attribute)))


def _edits(place: Place, ways: Sequence[Way], key: Key | None, *, merges: bool = True) -> tuple[Edit, ...] | None:
    """The edits by which arguments get into the config, in the place of what a key holds or as new keys."""
    objects = [way.name for way in ways if way.is_object]
    names = [_name_of(place, name) if objects else cst.Name("_") for name in (_SERIALIZE, _DESERIALIZE)]
    serialize, deserialize = names
    if serialize is None or deserialize is None:
        return None
    elements = [_element(way, serialize) for way in ways]
    added = [way for way in ways if way.is_added]
    wanted: list[Edit | None] = [*(_imports(place) if objects else []), *([_keeping(place, added)] if added else [])]
    method = place.method("get_config")
    if key is not None:
        wanted.append(given(place, key, elements[0].value))
    elif method is not None:
        wanted.append(added_to_config(place, method, elements))
    if method is not None:
        wanted += turned_back(place, method, objects, deserialize) if objects else []
    else:
        wanted += new_methods(place, elements, objects, deserialize, merges=merges)
    made = tuple(edit for edit in wanted if edit is not None)
    return made if len(made) == len(wanted) else None


def _name_of(place: Place, full: str) -> cst.BaseExpression | None:
    found = written(place, full)
    return None if found is None else found.node


def _imports(place: Place) -> list[Edit]:
    found = [written(place, full) for full in (_SERIALIZE, _DESERIALIZE)]
    return list(dict.fromkeys(edit for each in found if each is not None for edit in each.edits))


def _way(place: Place, argument: Lacking) -> Way | None:
    """By the attribute that holds it, in the class or a base of it; by a new one where nothing does."""
    init, owner, name = place.method("__init__"), place.owner, argument.name
    if argument.holding is Holding.FOREIGN or owner is None:
        return None
    is_own = init is not None and any(each.name.value == name for each in parameters_of(init))
    if init is None or not is_own:
        is_plain = argument.holding is Holding.PLAIN
        return Way(name, argument.kept_in, argument.holding, is_certain=is_plain) if argument.kept_in else None
    kept = held(owner, init, name)
    if kept is not None:
        return _kept(place, argument, kept)
    settled = settle(init, name)
    if argument.kept_in and settled is not None and settled.is_given and not is_stored(owner, argument.kept_in):
        return Way(name, argument.kept_in, argument.holding, is_certain=argument.holding is Holding.PLAIN)
    if settled is None or not argument.free or argument.holding is Holding.LAYER:
        return None
    return Way(name, argument.free, _or_object(argument.holding, settled.is_plain), is_added=True)


def _kept(place: Place, argument: Lacking, kept: Held) -> Way | None:
    if kept.section is not None:
        section = (meaning(place, kept.section) or "").rpartition(".")
        is_of_keras = section[0].rpartition(".")[2] in ("keras", "tf_keras")
        return Way(argument.name, kept.attribute, argument.holding, kept.section) if is_of_keras else None
    if kept.is_array:
        return Way(argument.name, kept.attribute, Holding.PLAIN, is_array=True)
    is_certain = kept.is_given and argument.holding is Holding.PLAIN
    return Way(argument.name, kept.attribute, _or_object(argument.holding, kept.is_plain), is_certain=is_certain)


def _or_object(holding: Holding, is_plain: bool) -> Holding:
    """What an object may stand in for is serialized as one, which changes no number and no text."""
    return Holding.OBJECT if holding is Holding.UNKNOWN and not is_plain else holding


def _element(way: Way, serialize: cst.BaseExpression) -> cst.DictElement:
    value: cst.BaseExpression = cst.Attribute(cst.Name("self"), cst.Name(way.attribute))
    if way.section is not None:
        value = cst.Call(cst.Attribute(way.section.deep_clone(), cst.Name("serialize")), [cst.Arg(value)])
    elif way.is_array:
        value = cst.Call(cst.Attribute(value, cst.Name("tolist")))
    elif way.is_object:
        value = cst.Call(serialize.deep_clone(), [cst.Arg(value)])
    return cst.DictElement(cst.SimpleString(f'"{way.name}"'), value)


def _keeping(place: Place, added: Sequence[Way]) -> Edit | None:
    """Arguments as attributes, behind the call of the base class; first where there is none, as in a regularizer."""
    init = place.method("__init__")
    if init is None or not isinstance(init.body, cst.IndentedBlock):
        return None
    statements = [cst.parse_statement(f"self.{way.attribute} = {way.name}") for way in added]
    calls = [node for node in init.body.body if m.matches(node, BASE_INIT)]
    if len(calls) == 1:
        edits = [place.behind(calls[0], statement) for statement in statements]
    elif not any(m.matches(node, BASE_INIT) for node in own_nodes(init)):
        edits = [place.first_in(init, statement) for statement in statements]
    else:
        return None
    first, *_ = edits
    text = "".join(edit.text for edit in edits if edit is not None)
    return None if first is None else Edit(first.span, text)
