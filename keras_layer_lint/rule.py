"""What a rule is called. What it promises stands in its page under `rules/`, what keeps the promise in `checks/`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal

DOCUMENTATION_URL = "https://github.com/keras-layer-lint/klint/blob/main/rules"


Oracle = Literal["graph", "purity", "build", "reload", "train", "mask", "mixed precision", "xla"]
"""What `--confirm` runs to decide on a finding; `docs/confirm.md` says what each does."""


class ErrorPlace(Enum):
    """Where the error that a finding speaks of may be raised, other than at its own lines."""

    BODY = "body"
    """Anywhere in the statement."""
    CONVERTED_BODY = "converted body"
    """Anywhere in the statement, where AutoGraph converts it."""
    CONVERTED_FUNCTION = "converted function"
    """Anywhere in the function, where AutoGraph converts it."""
    ENDLESS_BODY = "endless body"
    """Anywhere in the statement, where that goes on without end."""
    CALLED = "called"
    """In what the line calls."""
    MADE = "made"
    """In the `__init__` of what the line makes."""
    USE = "use"
    """In the same function, where what the line made is used: an error about the scope of a tensor or variable."""
    READ = "read"
    """Where the attribute is read that the line assigns to, in another trace: an error about the scope of a tensor."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """How `--confirm` decides on the findings of a rule.

    What only one rule needs stands in a module of its name under `confirm/rules/`.
    """

    oracle: Oracle
    needs_call: bool = True
    """False where a layer that is constructed is enough: the finding is about its weights or its configuration."""
    errors_at: tuple[ErrorPlace, ...] = ()
    at_first_trace: bool = False
    """What does not fail in the first trace does not fail in a later one, nor in training."""
    raises_eagerly: bool = False
    """In eager mode, too, the line may raise an exception of any class."""
    replaceable: bool = True
    """Whether something can stand in for the line, to see that the line alone is what gives other values."""


@dataclass(frozen=True, slots=True)
class RuleName:
    """Code (`KLL101`) and name (`tensor-if`) of a rule; both are fixed once released."""

    code: str
    name: str

    @property
    def slug(self) -> str:
        """File name of the rule's page, without its suffix."""
        return f"{self.code}-{self.name}"

    @property
    def url(self) -> str:
        """Address of the rule's page."""
        return f"{DOCUMENTATION_URL}/{self.slug}.md"


@dataclass(frozen=True, slots=True)
class Rule(RuleName):
    """A rule, as its check declares it."""

    confirm: Confirmation | None = None
    """How `--confirm` decides on a finding; None where there is nothing to run."""
    is_default: bool = True
    """Off by default: selected only by its code, or by a prefix of it that has two digits at least."""
    only_traced: bool = False
    """It holds only while `call` is traced, not in a layer with `dynamic=True`, whose `call` Keras 2 runs eagerly."""
    only_repeated: bool = False
    """It holds only where `call` is run again, not where it runs once, to put a functional model together."""


UNREADABLE_FILE = Rule("KLL001", "unreadable-file")
"""Reported by the pipeline, which has no layer to give to a check."""

UNUSED_SUPPRESSION = Rule("KLL002", "unused-suppression")
"""Reported by the pipeline, which alone knows what the other rules found."""

FAILS_WHEN_RUN = Rule("KLL900", "fails-when-run")
"""Reported by `--confirm=all`, for what no other rule saw."""
