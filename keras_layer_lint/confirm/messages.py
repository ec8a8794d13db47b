"""What passes between klint, the zygotes and their children: one class for each kind of message.

klint asks a zygote for a run; a zygote says how it is and how its children end; a child reports as it goes, and the
zygote hands that on. Whoever takes messages matches all classes of a union: a kind that nobody takes is a type error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from keras_layer_lint.confirm.encoding import kinds_of
from keras_layer_lint.confirm.probe import Comparison, FoundCall, OracleRun, Package, Probe, UnseenFailure
from keras_layer_lint.confirm.time_allowed import TimeAllowed
from keras_layer_lint.diagnostic import Status

# From klint to a zygote.


@dataclass(frozen=True, slots=True, kw_only=True)
class RunProbe:
    """Run a class in a child, which may write to `folder` only."""

    number: int
    """By which what the child reports is told from what others do."""
    probe: Probe
    time: TimeAllowed
    folder: str
    packages: tuple[Package, ...] = ()
    """What importing its module imports from elsewhere, in order."""


# From a child.


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxSet:
    """The limits are in force, but for those that the system refused."""

    lacking: tuple[str, ...]
    """What the layer is not kept from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceChosen:
    """What the layer runs on."""

    device: str
    platform: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassLoaded:
    """The class was imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChosen:
    """How the layer is constructed and called."""

    arguments: str = ""
    inputs: str = ""
    source: str = ""
    """Where the plan came from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OracleStarted:
    """What is being decided, for the case that the process dies of it."""

    oracle: str
    claims: tuple[int, ...]
    dying_means: str = ""
    """What the death of the process is evidence of; empty where of nothing."""
    severity: str = "error"
    """Of a failure that no claim speaks of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDecided:
    """The verdict on a claim, by its number in the probe."""

    claim: int
    status: Status
    evidence: str
    line: int | None
    seconds: float
    arguments: str | None = None
    """What the layer was constructed with where that is not what the plan says."""
    inputs: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureSeen:
    """Something fails that no claim speaks of."""

    failure: UnseenFailure


@dataclass(frozen=True, slots=True, kw_only=True)
class WayEnded:
    """A layer that is run in every way was run in one of them, or is not."""

    way: OracleRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A class was run before and after its fixes."""

    comparison: Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What a class gives, to be compared with what it gives under another generation."""

    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFailed:
    """Nothing constructs the layer and calls it: why, and what would help. What needs no such plan is still run."""

    reason: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UsesSeen:
    """No plan works, and what uses the class was run: how that makes and calls it.

    Code of the project may have left anything behind in this process: another one goes on.
    """

    calls: tuple[FoundCall, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CannotRun:
    """The layer cannot be run: why, and what would help."""

    reason: str
    help: str
    whole_module: bool = False
    """Whether no class of the module can be, for this reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """All of it was run."""

    seconds: float
    files: tuple[str, ...] = ()
    """What was read, beside what is installed."""
    is_repeatable: bool = False
    """Whether all files are known, and no limit cut anything short: then another run comes to the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aborted:
    """An exception that nobody caught ended the run."""

    reason: str


ChildMessage: TypeAlias = (
    SandboxSet
    | DeviceChosen
    | ClassLoaded
    | PlanChosen
    | OracleStarted
    | ClaimDecided
    | FailureSeen
    | WayEnded
    | Compared
    | Noted
    | PlanFailed
    | UsesSeen
    | CannotRun
    | Finished
    | Aborted
)
CHILD_MESSAGES = kinds_of(ChildMessage)
Send = Callable[[ChildMessage], None]
"""How a child reports."""


# From a zygote to klint.


@dataclass(frozen=True, slots=True, kw_only=True)
class ZygoteReady:
    """The framework is imported: its versions, and the seconds that it took."""

    keras: str
    backend: str
    lacking: tuple[str, ...]
    """What layers are not kept from by the limits that all children share."""
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameworkMissing:
    """The framework cannot be imported: why."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildReported:
    """What a child says."""

    number: int
    report: ChildMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildEnded:
    """A child ended: its exit code, why it was killed if it was, and the end of its standard error.

    `killed` is `processor`, `waiting` or `clock` where its time was up. `seconds` is the processor time that it used.
    """

    number: int
    code: int
    killed: str
    stderr: str
    seconds: float = 0.0


ZygoteMessage: TypeAlias = ZygoteReady | FrameworkMissing | ChildReported | ChildEnded
ZYGOTE_MESSAGES = kinds_of(ZygoteMessage)


# From a branch to the zygote that forked it; then it says what a zygote says.


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStarted:
    """A package is being imported, for the case that the process dies of it."""

    package: Package


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchReady:
    """All packages are imported."""

    names: tuple[str, ...]
    """The modules at the top, without those that the zygote has: a module of a project may have such a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchUnfit:
    """The package that was imported last must be imported by each child: why."""

    reason: str


BranchMessage: TypeAlias = ImportStarted | BranchReady | BranchUnfit | ChildReported | ChildEnded
BRANCH_MESSAGES = kinds_of(BranchMessage)
