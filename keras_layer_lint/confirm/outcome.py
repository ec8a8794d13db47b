"""What comes of one probe: the reports of its children, put together."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import Any

from keras_layer_lint.confirm.probe import Failure, Probe, ProbeResult, recipe_line
from keras_layer_lint.diagnostic import Verdict

_DEATHS = {-6: "SIGABRT", -11: "SIGSEGV", -9: "SIGKILL", -24: "SIGXCPU", -25: "SIGXFSZ", -7: "SIGBUS", -4: "SIGILL"}
_FATAL = re.compile(r"Fatal Python error: (.+)")
_CHECK = re.compile(r"\bCheck failed: (.+)")


class Outcome:
    """Collects what is known of one probe; a child that dies is followed by another for what is left."""

    def __init__(self, probe: Probe, timeout: float) -> None:
        self.probe = probe
        self.runs = 0
        self.is_done = False
        self._timeout = timeout
        self._verdicts: dict[int, Verdict] = {}
        self._failures: list[Failure] = []
        self._at: dict[str, Any] = {}
        self._plan: dict[str, str] = {}
        self._help = ""
        self._reason = ""
        self._failed = ""
        self._finished = False
        self._loaded = False
        self._device = probe.device if probe.device == "cpu" else ""
        self._platform = ""
        self._keras = ""
        self._backend = probe.backend
        self._started = 0.0
        self._seconds = 0.0

    def begin(self, ready: dict[str, Any]) -> None:
        """A child is about to be started by a process that is `ready`."""
        self._keras, self._backend = ready["keras"], ready["backend"]
        self._started = time.monotonic()
        self._at = {}
        self._failed = ""
        self._finished = False
        self.runs += 1

    def seconds_left(self) -> float:
        """How long the next child may take."""
        return max(1.0, self._timeout - self._seconds)

    def next_probe(self) -> Probe:
        """The probe without what is decided."""
        return replace(self.probe, skip=tuple(sorted(self._verdicts)))

    def take(self, event: dict[str, Any]) -> None:
        """One report of a child."""
        match event["kind"]:
            case "device":
                self._device, self._platform = event["device"], event["platform"]
            case "loaded":
                self._loaded = True
            case "plan":
                self._plan = {name: event[name] for name in ("arguments", "inputs", "source")}
            case "at":
                self._at = event
            case "verdict" if event["claim"] not in self._verdicts:
                verdict = self._verdict(
                    event["claim"], event["status"], event["evidence"], event["line"], event["seconds"]
                )
                self._verdicts[event["claim"]] = replace(verdict, **event["shown"])
            case "failure":
                self._fail(Failure(**{name: value for name, value in event.items() if name != "kind"}))
            case "help":
                self._help = event["help"]
            case "unrun":
                self._reason, self._help = event["reason"], event["help"]
            case "done":
                self._finished = True
            case "failed":
                self._failed = event["reason"]

    def end(self, code: int, killed: str, stderr: str) -> bool:
        """A child ended; whether another is to go on with what it left."""
        self._seconds += time.monotonic() - self._started
        how = self._reason or self._failed or self._cause(code, killed, stderr)
        if not how:
            self.give_up("not decided")
            return False
        numbers = [number for number in self._at.get("claims", ()) if number not in self._verdicts]
        dying_means = self._at.get("dying_means") if not (killed or self._reason or self._failed) else ""
        for number in numbers:
            if dying_means:
                self._verdicts[number] = self._verdict(number, "confirmed", f"{dying_means}: {how}", None, 0.0)
            else:
                self._verdicts[number] = self._verdict(number, "inconclusive", how, None, 0.0)
        left = len(self._verdicts) < len(self.probe.claims) and numbers and self._seconds < self._timeout
        if left and not self._reason:
            return True
        if dying_means and not numbers:
            severity = self._at["severity"]
            self._fail(Failure(oracle=self._at["oracle"], evidence=f"{dying_means}: {how}", severity=severity))
        elif not numbers and not self._reason:
            self._reason = f"not all of it was run: {how}" if self._plan else how
        self.give_up(how)
        return False

    def _fail(self, failure: Failure) -> None:
        if failure not in self._failures:
            self._failures.append(failure)

    def give_up(self, reason: str, what_helps: str = "") -> None:
        """Leave what is undecided open."""
        if self.is_done:
            return
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
        return ProbeResult(
            probe=self.probe,
            verdicts=tuple(self._verdicts[number] for number in range(len(self.probe.claims))),
            failures=tuple(self._failures),
            keras=self._keras,
            backend=self._backend,
            device=self._device,
            platform=self._platform,
            reason=self._reason,
            help=self._help or (self._what_helps() if self._reason else ""),
            seconds=self._seconds,
            **self._plan,
        )

    def _verdict(self, number: int, status: Any, evidence: str, line: int | None, seconds: float) -> Verdict:
        return Verdict(
            status=status,
            oracle=self.probe.claims[number].oracle,
            keras=self._keras,
            backend=self._backend,
            device=self._device,
            platform=self._platform,
            evidence=evidence,
            line=line,
            inputs=self._plan.get("inputs", ""),
            arguments=self._plan.get("arguments", ""),
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
        return recipe_line(name, self._plan.get("arguments", ""), self._plan.get("inputs", "float32[5,8]"))

    def _cause(self, code: int, killed: str, stderr: str) -> str:
        """Why a child ended before it was done; empty where it was done."""
        if killed == "timeout":
            doing = "" if self._at else ", before any oracle could run"
            return f"it ran longer than {self._timeout:g} s{self._place(stderr)}{doing}"
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
