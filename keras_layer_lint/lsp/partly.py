"""What an edit says of the classes that it is in, and what is kept meanwhile of all the others.

An editor shows at once what is new where one types. What an edit does to other classes follows when all of the text is
linted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from keras_layer_lint.diagnostic import Diagnostic, Span
from keras_layer_lint.rule import UNUSED_SUPPRESSION
from keras_layer_lint.source.module_index import ModuleIndex


@dataclass(frozen=True, slots=True)
class Outline:
    """The lines of a module, and those of its classes by their names: some have the same."""

    classes: Mapping[str, tuple[str, ...]]
    """The text of each class that has a name."""
    lines: tuple[str, ...]


def outline_of(module: ModuleIndex) -> Outline:
    """The outline of a module."""
    classes: dict[str, tuple[str, ...]] = {}
    for entry in module.classes.values():
        text = "".join(module.lines[entry.line - 1 : entry.end_line])
        classes[entry.name] = (*classes.get(entry.name, ()), text)
    return Outline(classes, module.lines)


def edited(before: Outline, after: Outline) -> frozenset[str]:
    """The classes that an edit is in, and those that it adds."""
    return frozenset(name for name, texts in after.classes.items() if texts != before.classes.get(name))


def kept(diagnostics: Iterable[Diagnostic], before: Outline, after: Outline) -> list[Diagnostic]:
    """What was found in classes that an edit is not in, and of comments that silence nothing, where it stands now."""
    again, moved = edited(before, after), _moved(before.lines, after.lines)
    found = []
    for each in diagnostics:
        # Functions are linted again anyhow.
        is_kept = each.class_name in after.classes and each.class_name not in again
        span = moved(each.span) if is_kept or each.code == UNUSED_SUPPRESSION.code else None
        if span is not None:
            notes = ((moved(note.span), note) for note in each.notes)
            own = tuple(replace(note, span=place) for place, note in notes if place is not None)
            found.append(replace(each, span=span, notes=own))
    return found


def of_edited(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """What holds of what was found while the other classes were left out.

    Whether a comment silences nothing is known when all are linted.
    """
    return [each for each in diagnostics if each.code != UNUSED_SUPPRESSION.code]


def _moved(before: tuple[str, ...], after: tuple[str, ...]) -> Callable[[Span], Span | None]:
    """Where a place is after an edit; None where it is in what was edited."""
    most = min(len(before), len(after))
    first = next((at for at in range(most) if before[at] != after[at]), most)
    rest = next((at for at in range(most - first) if before[-1 - at] != after[-1 - at]), most - first)
    by = len(after) - len(before)

    def moved(span: Span) -> Span | None:
        if span.end_line <= first:
            return span
        if span.line <= len(before) - rest:
            return None
        return replace(span, line=span.line + by, end_line=span.end_line + by)

    return moved
