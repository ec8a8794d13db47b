"""KLL309: register the class under the name of the package that it stands in."""

from __future__ import annotations

from pathlib import Path

import libcst as cst

from keras_layer_lint.diagnostic import Edit, Fix, Span
from keras_layer_lint.fixes.expressions import called
from keras_layer_lint.fixes.imports import written
from keras_layer_lint.fixes.place import Place

_REGISTER = "register_keras_serializable"


def fix(place: Place) -> Fix | None:
    """Unsafe: files that are written from then on know the class by the name of the package as well."""
    owner = place.owner
    if owner is None:
        return None
    span = place.tree.span(owner)
    if owner.decorators or place.tree.lines[span.line - 1][: span.column - 1].strip():
        return None  # what a decorator returns may be no class
    line, edits = _as_others(place), tuple[Edit, ...]()
    if line is None:
        found = written(place, f"keras.saving.{_REGISTER}")
        if found is None:
            return None
        line, edits = f'{found.name}(package="{_package(place.diagnostic.path)}")', found.edits
    indent = place.tree.lines[span.line - 1][: span.column - 1]
    new = f"{indent}@{line}{place.tree.module.default_newline}"
    return Fix("unsafe", "register it", (*edits, Edit(Span(span.line, 1, span.line, 1), new)))


def _as_others(place: Place) -> str | None:
    """How other classes of the file are registered, where one package is named in all of them."""
    classes = [each for each in place.tree.module.body if isinstance(each, cst.ClassDef)]
    registering = [
        each.decorator
        for owner in classes
        for each in owner.decorators
        if (called(place, each.decorator) or "").endswith(f".{_REGISTER}")
    ]
    ways = {place.tree.module.code_for_node(each) for each in registering if _names_package_only(each)}
    return ways.pop() if len(ways) == 1 else None


def _names_package_only(node: cst.BaseExpression) -> bool:
    given = node.args if isinstance(node, cst.Call) else ()
    return len(given) == 1 and given[0].star == "" and isinstance(given[0].value, cst.SimpleString)


def _package(path: str) -> str:
    """The outermost package around a file; its own name where it is in none."""
    file = Path(path).absolute()
    name, folder = file.stem, file.parent
    while (folder / "__init__.py").is_file():
        name, folder = folder.name, folder.parent
    return name
