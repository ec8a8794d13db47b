"""Another name for a parameter, wherever its function uses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit
from keras_layer_lint.fixes.expressions import variables_in
from keras_layer_lint.fixes.place import Place, walked

_BOUND_ELSEWHERE = m.Global() | m.Nonlocal() | m.Call(func=m.Name("locals") | m.Name("vars") | m.Name("eval"))


def renamed(place: Place, function: cst.FunctionDef, names: Mapping[str, str]) -> tuple[Edit, ...] | None:
    """The edits that rename parameters, by what they are called; None where a name may mean something else there."""
    nodes = list(_names_in(function))
    new = set(names.values())
    if any(node.value in new for node in nodes) or m.findall(function.body, _BOUND_ELSEWHERE):
        return None
    inner = [node for node in walked(function.body) if isinstance(node, (cst.FunctionDef, cst.Lambda))]
    if any(each.name.value in {*names, *new} for node in inner for each in _parameters(node)):
        return None
    return tuple(Edit(place.tree.span(node), names[node.value]) for node in nodes if node.value in names)


def _names_in(function: cst.FunctionDef) -> Iterator[cst.Name]:
    """The names of variables: parameters, and what the body reads and binds; attributes and keywords are none."""
    yield from (each.name for each in _parameters(function))
    yield from variables_in([function.body])


def _parameters(function: cst.FunctionDef | cst.Lambda) -> list[cst.Param]:
    given = function.params
    stars = [each for each in (given.star_arg, given.star_kwarg) if isinstance(each, cst.Param)]
    return [*given.posonly_params, *given.params, *given.kwonly_params, *stars]
