"""One probe while it is run: the reports of its children, put together to a result."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import replace

from keras_layer_lint.confirm.messages import (
    Aborted,
    CannotRun,
    ChildMessage,
    ClaimDecided,
    ClassLoaded,
    Compared,
    DeviceChosen,
    FailureSeen,
    Finished,
    Noted,
    OracleStarted,
    PlanChosen,
    PlanFailed,
    SandboxSet,
    UsesSeen,
    WayEnded,
    ZygoteReady,
)
from keras_layer_lint.confirm.probe import (
    Comparison,
    FoundCall,
    OracleRun,
    Probe,
    ProbeResult,
    Unrun,
    UnseenFailure,
    recipe_line,
)
from keras_layer_lint.confirm.time_allowed import TimeAllowed
from keras_layer_lint.diagnostic import Status, Verdict
from keras_layer_lint.errors import assert_never

_DEATHS = {-6: "SIGABRT", -11: "SIGSEGV", -9: "SIGKILL", -24: "SIGXCPU", -25: "SIGXFSZ", -7: "SIGBUS", -4: "SIGILL"}
_TIME_IS_UP = {
    "processor": "it took more than {0.processor:g} s of processor time",
    "waiting": "it waited for {0.waiting:g} s and did nothing",
    "clock": "it ran longer than {0.clock:g} s",
}
_FATAL = re.compile(r"Fatal Python error: (.+)")
_CHECK = re.compile(r"\bCheck failed: (.+)")


class ProbeRun:
    """Collects what is known of one probe; a child that dies is followed by another for what is left."""

    def __init__(self, probe: Probe, timeout: float) -> None:
        self.probe = probe
        self.children = 0
        """How many were started."""
        self.is_done = False
        self.unimportable = ""
        """Why the module cannot be imported in the time there is; empty where it can, or nobody knows."""
        self._time = TimeAllowed.of(timeout)
        self._verdicts: dict[int, Verdict] = {}
        self._failures: list[UnseenFailure] = []
        self._ways: dict[str, OracleRun] = {}
        self._comparison: Comparison | None = None
        self._note = ""
        self._at: OracleStarted | None = None
        self._plan: PlanChosen | None = None
        self.lacking: tuple[str, ...] = ()
        """What the system does not let klint keep the layer from."""
        self._help = ""
        self._no_plan = ""
        """Why nothing could be planned, though something may have been run."""
        self._reason = ""
        self._unrun: Unrun = "class"
        """What the reason is about."""
        self._failed = ""
        self._finished: Finished | None = None
        self._is_repeatable = True
        self._ended = 0
        """How many children came to their end."""
        self._files: dict[str, None] = {}
        self._seen: tuple[FoundCall, ...] | None = None
        """How the project makes and calls the class; None where it was not looked at."""
        self._watched = 0
        """How many children did nothing but look at that."""
        self._loaded = False
        self._device = probe.device if probe.device == "cpu" else ""
        self._platform = ""
        self._keras = ""
        self._backend = probe.backend
        self._started = 0.0
        self._seconds = self._processor = 0.0

    def begin(self, ready: ZygoteReady) -> None:
        """A child is about to be started by a process that is `ready`."""
        self._keras, self._backend = ready.keras, ready.backend
        self._add_lacking(ready.lacking)
        self._started = time.monotonic()
        self._at = None
        self._failed = ""
        self._finished = None
        self.children += 1

    def time_left(self) -> TimeAllowed:
        """How long the next child may take."""
        return self._time.without(self._processor, self._seconds)

    def next_probe(self) -> Probe:
        """The probe without what is decided, and with what was seen."""
        probe = replace(self.probe, skip=tuple(sorted(self._verdicts)))
        return probe if self._seen is None else replace(probe, calls=(*self._seen, *probe.calls), users=())

    def take(self, message: ChildMessage) -> None:
        """One report of a child."""
        match message:
            case SandboxSet(lacking=lacking):
                self._add_lacking(lacking)
            case DeviceChosen():
                self._device, self._platform = message.device, message.platform
            case ClassLoaded():
                self._loaded = True
            case PlanChosen():
                self._plan = message
            case OracleStarted():
                self._at = message
            case ClaimDecided():
                self._decide(message)
            case FailureSeen(failure=failure):
                self._fail(failure)
            case WayEnded(way=way):
                self._ways.setdefault(way.oracle, way)
            case Compared(comparison=comparison):
                self._comparison = comparison
            case Noted(note=note):
                self._note = note
            case PlanFailed():
                self._no_plan, self._help = message.reason, message.help
            case UsesSeen(calls=calls):
                self._seen = calls
            case CannotRun():
                self._reason, self._help = message.reason, message.help
                self._unrun = "module" if message.whole_module else "class"
            case Finished():
                self._finished = message
            case Aborted(reason=reason):
                self._failed = reason
            case _:
                assert_never(message)

    def _add_lacking(self, lacking: Iterable[str]) -> None:
        self.lacking = tuple(dict.fromkeys([*self.lacking, *lacking]))

    def _decide(self, message: ClaimDecided) -> None:
        """The first verdict on a claim counts."""
        number = message.claim
        if number not in range(len(self.probe.claims)):
            self._failed = f"it reported a verdict on claim {number}, of {len(self.probe.claims)}"
            return
        if number in self._verdicts:
            return
        verdict = self._verdict(number, message.status, message.evidence, message.line, message.seconds)
        if message.arguments is not None:
            verdict = replace(verdict, arguments=message.arguments)
        if message.inputs is not None:
            verdict = replace(verdict, inputs=message.inputs)
        self._verdicts[number] = verdict

    def end(self, code: int, killed: str, stderr: str, processor: float = 0.0) -> bool:
        """A child ended that used so many seconds of a processor; whether another is to go on with what it left."""
        self._seconds += time.monotonic() - self._started
        self._processor += processor
        self._ended += 1
        if self._finished is not None:
            self._files |= dict.fromkeys(self._finished.files)
        finished = self._finished is not None and self._finished.is_repeatable
        is_whole = finished and self.children == self._watched + 1 and code == 0 and not (killed or self._failed)
        self._is_repeatable &= is_whole
        if self._seen is not None and not self._watched:
            self._watched = 1
            if not self._time.is_used_up(self._processor, self._seconds):
                return True
        how = self._reason or self._failed or self._cause(code, killed, stderr)
        if not how:
            self.give_up("not decided")
            return False
        if killed in _TIME_IS_UP and not self._loaded and not self._reason:
            self.unimportable, self._unrun = how, "module"
        at = self._at or OracleStarted(oracle="", claims=())
        known = range(len(self.probe.claims))
        numbers = [number for number in at.claims if number in known and number not in self._verdicts]
        dying_means = at.dying_means if not (killed or self._reason or self._failed) else ""
        for number in numbers:
            if dying_means:
                self._verdicts[number] = self._verdict(number, "confirmed", f"{dying_means}: {how}", None, 0.0)
            else:
                self._verdicts[number] = self._verdict(number, "inconclusive", how, None, 0.0)
        left = len(self._verdicts) < len(self.probe.claims) and numbers
        if left and not self._reason and not self._time.is_used_up(self._processor, self._seconds):
            return True
        if dying_means and not numbers:
            self._fail(UnseenFailure(oracle=at.oracle, evidence=f"{dying_means}: {how}", severity=at.severity))
        elif not numbers and not self._reason:
            self._reason = f"not all of it was run: {how}" if self._plan else how
            self._unrun = "rest" if self._plan else self._unrun
        self.give_up(how)
        return False

    def _fail(self, failure: UnseenFailure) -> None:
        if failure not in self._failures:
            self._failures.append(failure)

    def give_up(self, reason: str, what_helps: str = "", *, unrun: Unrun | None = None) -> None:
        """Leave what is undecided open."""
        if self.is_done:
            return
        self._unrun = unrun or self._unrun
        self._help = what_helps or self._help
        self.is_done = True
        if not self._plan and not self._reason:
            self._reason = reason
        for number in range(len(self.probe.claims)):
            if number not in self._verdicts:
                self._verdicts[number] = self._verdict(number, "inconclusive", reason, None, 0.0)

    def result(self) -> ProbeResult:
        """All of it."""
        self.give_up("not run")
        plan = self._plan or PlanChosen()
        return ProbeResult(
            probe=self.probe,
            verdicts=tuple(self._verdicts[number] for number in range(len(self.probe.claims))),
            failures=tuple(self._failures),
            ways=tuple(self._ways.values()),
            comparison=self._comparison,
            note=self._note,
            keras=self._keras,
            backend=self._backend,
            device=self._device,
            platform=self._platform,
            reason=self._reason or self._no_plan,
            not_run=self._what_was_not_run(),
            help=self._help or (self._what_helps() if self._reason else ""),
            seconds=self._seconds,
            lacking=self.lacking,
            arguments=plan.arguments,
            inputs=plan.inputs,
            source=plan.source,
            files=tuple(self._files),
            is_repeatable=self._is_repeatable and 0 < self.children == self._ended,
        )

    def _what_was_not_run(self) -> Unrun:
        """A fault that keeps the layer from being run, and is reported, leaves nothing to say."""
        if self._reason and self._unrun != "class":
            return self._unrun
        decided = ((self.probe.claims[number], verdict) for number, verdict in self._verdicts.items())
        is_told = any(claim.confirm.needs_call and verdict.status == "confirmed" for claim, verdict in decided)
        return "class" if (self._reason or self._no_plan) and not (self._failures or is_told) else ""

    def _verdict(self, number: int, status: Status, evidence: str, line: int | None, seconds: float) -> Verdict:
        plan = self._plan or PlanChosen()
        return Verdict(
            status=status,
            oracle=self.probe.claims[number].oracle,
            keras=self._keras,
            backend=self._backend,
            device=self._device,
            platform=self._platform,
            evidence=evidence,
            line=line,
            inputs=plan.inputs,
            arguments=plan.arguments,
            seconds=seconds,
            help=self._what_helps() if status == "inconclusive" else "",
        )

    def _what_helps(self) -> str:
        """What was said to help, else a recipe: with other arguments or inputs it may be decided."""
        if self._help:
            return self._help
        name = f"{self.probe.module}.{self.probe.class_name}"
        if not self._loaded:
            return f"make `import {self.probe.module}` work within the limits of a run, or raise `--timeout`"
        plan = self._plan or PlanChosen(inputs="float32[5,8]")
        return recipe_line(name, plan.arguments, plan.inputs)

    def _cause(self, code: int, killed: str, stderr: str) -> str:
        """Why a child ended before it was done; empty where it was done."""
        if killed in _TIME_IS_UP:
            taken = f"{_TIME_IS_UP[killed].format(self._time)}{self._place(stderr)}"
            if not self._loaded:
                return f"importing `{self.probe.module}`: {taken}"
            return taken if self._at else f"{taken}, before any oracle could run"
        if killed:
            return killed
        if code == 0 and self._finished:
            return ""
        fatal = _FATAL.search(stderr)
        check = _CHECK.search(stderr)
        if code < 0 or fatal:
            what = fatal[1].strip() if fatal else _DEATHS.get(code, f"signal {-code}")
            place = self._place(stderr)
            return f"the process died: {what}{place}" + (f" ({check[1].strip()[:160]})" if check else "")
        return f"the layer ended the process with exit code {code}{self._place(stderr)}"

    def _place(self, stderr: str) -> str:
        """The innermost line of the file in the traceback of a dying process, which shows the innermost first."""
        found = re.search(rf'File "{re.escape(self.probe.path)}", line (\d+)', stderr)
        return f", line {found[1]}" if found else ""
