"""What a marked line of a page claims, and the word for not having shown it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(r"`'?([A-Za-z_]\w*)'?`|\b(name|trainable|dtype)\b")

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_FRAME = (
    "Exception encountered when calling",
    "Arguments received",
    "Call arguments received",
    "•",
    "in user code:",
    "File ",
)


class Unproved(Exception):
    """What the page claims was not seen."""


class WrongError(Unproved):
    """It raised, and something else than the page says."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A diagnostic of an example. `errors` are the exceptions that its message or the table of its page names."""

    code: str
    line: int
    severity: str
    message: str
    class_name: str
    errors: tuple[str, ...]

    def check_error(self, error: BaseException) -> None:
        if self.errors and not set(self.errors) & {cls.__name__ for cls in type(error).__mro__}:
            raise WrongError(f"raised {brief(error)}; the page says {' or '.join(self.errors)}")

    def names(self) -> list[str]:
        """The arguments the message speaks of."""
        found = _NAME.findall(self.message)
        return list(dict.fromkeys(quoted or plain for quoted, plain in found))


def brief(error: BaseException) -> str:
    lines = [line.strip() for line in _COLOUR.sub("", str(error)).splitlines()]
    told = " ".join(line for line in lines if line and not line.startswith(_FRAME))
    for opening in ("Error encountered: ", "Exception encountered: "):
        told = told.rpartition(opening)[2]
    return f"{type(error).__name__}: {told[:300]}"
