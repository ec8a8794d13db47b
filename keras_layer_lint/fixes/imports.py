"""What a function of a library is called in a file, and the import that it takes where there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit
from keras_layer_lint.fixes.file_names import FileNames, names_of
from keras_layer_lint.fixes.place import Place
from keras_layer_lint.model.syntax import dotted

_KERAS = ("keras", "tensorflow.keras", "tf_keras")
"""Where Keras is imported from, `keras` for what this module is asked for."""
_SPELLED = {"tensorflow.compat.v2": "tensorflow", "tensorflow.python.keras": "tensorflow.keras"}
_AS = {"tensorflow": "tf", "numpy": "np"}
"""Modules that are imported under another name."""
_IMPORT = m.SimpleStatementLine(body=[m.Import() | m.ImportFrom(), m.ZeroOrMore()])
_TEXT = m.SimpleStatementLine(body=[m.Expr(value=m.SimpleString() | m.ConcatenatedString())])


@dataclass(frozen=True, slots=True)
class Written:
    """A name as it is written at one place of a file."""

    name: str
    edits: tuple[Edit, ...] = ()
    """The import that it takes."""

    @property
    def node(self) -> cst.BaseExpression:
        """It as an expression."""
        return cst.parse_expression(self.name)


def written(place: Place, full: str, at: cst.CSTNode | None = None) -> Written | None:
    """How a name such as `keras.ops.where` or `tensorflow.shape` is written in a place; None where it cannot be.

    `keras.` means the Keras that the file imports, be it `tensorflow.keras` or `tf_keras`. `at`: where it is to stand,
    if not where the diagnostic does. An import that is there is used under the name that it gives.
    """
    file = names_of(place.tree.text)
    if file is None:
        return None
    line = place.diagnostic.span.line if at is None else place.tree.span(at).line
    seen = {name: _spelled(target) for name, target in file.seen_from(line).items()}
    roots = _roots(place, seen)
    for wanted in _of_roots(full, roots):
        if (found := _of_names(wanted, seen)) is not None:
            return Written(found)
    return _imported(place, file, full, roots)


def imports(place: Place, package: str) -> bool:
    """Whether a name of a package, such as `tensorflow` or `keras.ops`, can be used in a place without a new import.

    A file that imports `tensorflow.keras` only does not use `tensorflow`.
    """
    file = names_of(place.tree.text)
    if file is None:
        return False
    seen = [_spelled(target) for target in file.seen_from(place.diagnostic.span.line).values()]
    if package == "tensorflow":
        return any(_is_in(target, package) and not _is_in(target, "tensorflow.keras") for target in seen)
    return any(_is_in(target, wanted) for wanted in _of_roots(package, _KERAS) for target in seen)


def meaning(place: Place, node: cst.BaseExpression) -> str | None:
    """The absolute dotted name that an expression such as `tf.shape` stands for, by the imports of the file.

    It is spelled as it is imported: `tensorflow.keras.backend.shape`.
    """
    file = names_of(place.tree.text)
    name = dotted(node)
    if file is None or name is None:
        return None
    first, _, rest = name.partition(".")
    target = file.seen_from(place.tree.span(node).line).get(first)
    if target is None or target.startswith("."):
        return None
    return _spelled(f"{target}.{rest}" if rest else target)


def _spelled(target: str) -> str:
    for start, other in _SPELLED.items():
        if _is_in(target, start):
            return other + target[len(start) :]
    return target


def _is_in(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def _roots(place: Place, seen: Mapping[str, str]) -> list[str]:
    """The packages that Keras is in this file: that of the base class alone, where that says it."""
    owner = place.owner
    bases = [] if owner is None else [dotted(each.value) or "" for each in owner.bases]
    parts = [base.partition(".") for base in bases]
    of_bases = [_root(f"{seen.get(first, '')}.{rest}") for first, _, rest in parts]
    by_tensorflow = [name for name, target in seen.items() if target == "tensorflow"]
    used = ["tensorflow.keras" for name in by_tensorflow if f"{name}.keras." in place.tree.text]
    known = [root for root in of_bases if root is not None]
    others = [root for target in seen.values() if (root := _root(target)) is not None]
    return list(dict.fromkeys(known or [*others, *used]))


def _root(target: str) -> str | None:
    return next((root for root in _KERAS if _is_in(target, root)), None)


def _of_roots(full: str, roots: Iterator[str] | list[str] | tuple[str, ...]) -> list[str]:
    """A name in each spelling that the file's own Keras may have."""
    if not _is_in(full, "keras"):
        return [full]
    return [root + full[len("keras") :] for root in roots]


def _of_names(full: str, seen: Mapping[str, str]) -> str | None:
    """A name by the longest import of what it is in."""
    best = max((target for target in seen.values() if _is_in(full, target)), key=len, default=None)
    if best is None:
        return None
    name = min((name for name, target in seen.items() if target == best), key=len)
    return name + full[len(best) :]


def _imported(place: Place, file: FileNames, full: str, roots: list[str]) -> Written | None:
    """A name with a new import, in the first form whose name is free."""
    module, _, _ = full.rpartition(".")
    for imported, name, statement in _forms(place, file, module, roots):
        shown = imported + full[len(module) :]
        if name in file.mentioned:
            continue
        edit = _behind_imports(place, cst.parse_statement(statement))
        return None if edit is None else Written(shown, (edit,))
    return None


def _forms(place: Place, file: FileNames, module: str, roots: list[str]) -> Iterator[tuple[str, str, str]]:
    """How a module is written, the name that this takes, and the import; in the style of the file first."""
    if not _is_in(module, "keras"):
        package = module.partition(".")[0]
        name = _AS.get(package, package)
        as_name = f" as {name}" if name != package else ""
        yield name + module[len(package) :], name, f"import {package}{as_name}"
        return
    root = next(iter(roots), "keras" if place.diagnostic.keras == ("3",) else None)
    if root is None:
        return
    section = module.partition(".")[2]
    whole = f"import {root}" if "." not in root else f"from {root.rpartition('.')[0]} import {root.rpartition('.')[2]}"
    last = root.rpartition(".")[2]
    forms = [(f"{last}.{section}" if section else last, last, whole)]
    if section and "." not in section and any(_is_in(_spelled(each), root) for each in file.imported.values()):
        forms.insert(0, (section, section, f"from {root} import {section}"))
    yield from forms


def _behind_imports(place: Place, new: cst.BaseStatement) -> Edit | None:
    """A statement behind the imports at the head of a file: before anything that may be run by its import."""
    last: cst.BaseStatement | None = None
    for statement in place.tree.module.body:
        if isinstance(statement, (cst.ClassDef, cst.FunctionDef)):
            break
        if m.matches(statement, _IMPORT) or (last is None and m.matches(statement, _TEXT)):
            last = statement
    if last is None:
        first = place.tree.module.body[0]
        is_decorated = isinstance(first, (cst.ClassDef, cst.FunctionDef)) and bool(first.decorators)
        return None if is_decorated else place.before(first, new)
    lines = [] if m.matches(last, _IMPORT) else [cst.EmptyLine()]
    return place.behind(last, new.with_changes(leading_lines=lines))
