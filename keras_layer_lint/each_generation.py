"""How a message says what happens in each generation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from keras_layer_lint.diagnostic import Severity


@dataclass(frozen=True, slots=True)
class Said:
    """A message, how severe that is, and where it is so: "2", "3", "3 on JAX"."""

    message: str
    severity: Severity
    keras: str


def of_each(said: Iterable[Said]) -> str:
    """The worst message, the first of these, and what the others say beyond it; each with where it is so.

    `if` on a tensor; AutoGraph does not convert it (Keras 2); Keras 3 traces it as plain Python (Keras 3).
    """
    groups: dict[tuple[str, Severity], list[str]] = {}
    for one in said:
        groups.setdefault((one.message, one.severity), []).append(one.keras)
    (message, worst), where = max(groups.items(), key=lambda group: group[0][1])
    told = f"{message} ({_keras(where)})"
    for (other, severity), elsewhere in groups.items():
        if (other, severity) != (message, worst):
            degree = "" if severity == worst else f", {severity.label}"
            told += f"; {_beyond(message, other)} ({_keras(elsewhere)}{degree})"
    return told


def _keras(where: Sequence[str]) -> str:
    return f"Keras {' and '.join(where)}"


def _beyond(first: str, other: str) -> str:
    """What a message says behind the last clause that it shares with a first one."""
    length = next((at for at, (one, two) in enumerate(zip(first, other, strict=False)) if one != two), len(first))
    alike = first[:length]
    end = max(alike.rfind(mark) + len(mark) if mark in alike else 0 for mark in ("; ", ": "))
    return other[end:]
