"""What an oracle gets: a layer that can be made, called, traced and trained, and the findings to decide on."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from keras_layer_lint.confirm.edits import Edit
from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.messages import ClaimDecided, FailureSeen, OracleStarted, Send, WayEnded
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.blame import explains
from keras_layer_lint.confirm.oracles.own_fault import OwnFaults
from keras_layer_lint.confirm.planning import Failure, Plan, first_working
from keras_layer_lint.confirm.planning.reading import read
from keras_layer_lint.confirm.probe import Claim, OracleRun, Probe, UnseenFailure
from keras_layer_lint.confirm.steps import Steps
from keras_layer_lint.confirm.subject import Subject
from keras_layer_lint.diagnostic import Status
from keras_layer_lint.rule import ErrorPlace


class NotSeen(Exception):
    """What the finding says was not seen."""


class NotRun(Exception):
    """The oracle could not run over the line: why."""


@dataclass(frozen=True, slots=True)
class Failed:
    """What fails when everything is run: the kind of run, what was seen, and the error if there was one."""

    oracle: str
    evidence: str
    error: Exception | None = None
    severity: str = "error"
    line: int | None = None
    """Where, if there is no error that says it."""


@dataclass
class Trial:
    """One class with a plan that works, and a channel for what is decided."""

    framework: Framework
    subject: Subject
    probe: Probe
    plan: Plan
    send: Send
    decided: set[Claim] = field(default_factory=set)
    repairs: dict[Claim, Edit] = field(default_factory=dict)
    """What has to be put out of the way for the layer to be traced."""
    has_failed: bool = False
    """Something failed that no finding speaks of."""
    not_traced: str = ""
    """What kept it from being traced, where no finding speaks of that."""
    is_compiled_later: bool = False
    """A step of training is compiled later, which traces it first."""
    bypasses_keras: str = ""
    """Why Keras never gets to trace it."""
    broken: str = ""
    """Why no plan works, where one is to be tried all the same: the finding may be the reason."""
    is_explained: bool = False
    """A finding was confirmed: that may be why no plan works."""
    confirmed_by: set[str] = field(default_factory=set)
    """What findings were confirmed with: no other finding says it again."""
    steps: Any = None
    """What stands in for lines, in the module as it is loaded now."""

    shown: Plan | None = None
    """What an oracle constructs the layer with and calls it on, where that is not what the plan says."""
    folder: Path = field(default_factory=Path)
    """Where it saves what it loads again; a child works in a folder that is for it alone."""

    def __post_init__(self) -> None:
        self._started = time.perf_counter()
        self._told: set[tuple[int, str] | None] = set()
        self._called: Any = None

    @property
    def cls(self) -> Any:
        """The class as it stands."""
        return self.plan.cls

    def edited(self, edits: Mapping[Claim, Edit], steps: Any = None) -> tuple[Plan, Any] | None:
        """The plan for the class with edits made, and what they call; None where one cannot be made."""
        if steps is None:
            kept = {number for number, claim in enumerate(edits) if claim.may_fail_at(ErrorPlace.READ)}
            steps = Steps(self.framework, kept)
        cls = self.subject.load(edits, steps)
        if cls is None:
            return None
        if self.broken:
            explained = explains(self.framework, self.subject, self.probe.claims)
            found = first_working(cls, self.probe, self.framework, explained=explained)  # it may get farther now
            if not isinstance(found, Failure):
                return found, steps
            if found.attempts:
                return found.attempts[0].plan, steps
        return replace(self.plan, cls=cls), steps

    def fresh(self, *, repaired: bool = False) -> Plan:
        """The plan for a module executed anew: as it stands, or with what cannot be traced stood in for."""
        made = self._called = None
        repairs = dict(self.repairs) if repaired else {}
        while repairs and made is None:
            made = self.edited(repairs)
            if made is None:
                repairs.popitem()
        if made is not None:
            self.plan = made[0]
            with suppress(Exception):
                running.eager(self.plan)  # what stands in records
        else:
            self.plan = replace(self.plan, cls=self.subject.load())
        return self.plan

    @property
    def is_made_up(self) -> bool:
        """Whether an argument is klint's own idea, and of a kind that may not suit: no number, text or the like."""
        if not self.plan.source.startswith(("synthesis", "repair", "seen in")):
            return False
        call = ast.parse(f"_({self.plan.arguments}\n)", mode="eval").body
        assert isinstance(call, ast.Call)
        try:
            for value in [*call.args, *(keyword.value for keyword in call.keywords)]:
                ast.literal_eval(value)
        except ValueError:
            return True
        return False

    @property
    def is_told(self) -> bool:
        """Whether the user's recipe gives the inputs: then klint has made up none."""
        return self.probe.recipe is not None and bool(self.probe.recipe.inputs)

    @cached_property
    def own_faults(self) -> OwnFaults:
        """Tells what the class raises whatever it is given."""
        return OwnFaults(self.cls, read(self.cls, self.framework.keras.layers.Layer).files)

    def called(self) -> Any:
        """A layer that was constructed as planned and called once; the same until somebody takes it."""
        if self._called is None:
            self._called = self.plan.make()
            running.eager(self.plan, self._called)
        return self._called

    def take_called(self) -> Any:
        """That layer, to change it; one that was not called yet where nobody has had it called."""
        layer, self._called = self._called, None
        return self.plan.make() if layer is None else layer

    def undecided(self, claims: Iterable[Claim]) -> list[Claim]:
        """Those of the claims that are open."""
        return [claim for claim in claims if claim not in self.decided]

    def begin(self, oracle: str, claims: Iterable[Claim], dying_means: str = "", severity: str = "error") -> None:
        """Say what is being decided, for the case that the process dies of it; without claims that is a failure."""
        numbers = [self.probe.claims.index(claim) for claim in claims]
        self._started = time.perf_counter()
        self.shown = None
        self.send(OracleStarted(oracle=oracle, claims=tuple(numbers), dying_means=dying_means, severity=severity))

    def end(self, *oracles: str, reason: str = "") -> None:
        """Say that the layer was run in these ways, or why it is not."""
        for oracle in oracles:
            self.send(WayEnded(way=OracleRun(oracle=oracle, reason=reason)))

    def show(self, plan: Plan) -> None:
        """Verdicts from here on are about this plan."""
        self.shown = plan

    def confirm(self, claim: Claim, evidence: str, line: int | None = None) -> None:
        """What the finding says came true."""
        self.is_explained = True
        self.confirmed_by.add(evidence)
        self._decide(claim, "confirmed", evidence, line)

    def refute(self, claim: Claim, evidence: str) -> None:
        """The oracle ran over the line, and nothing of the kind happened."""
        self._decide(claim, "refuted", evidence, None)

    def leave_open(self, claim: Claim, reason: str) -> None:
        """It could not be decided."""
        self._decide(claim, "inconclusive", reason if self.is_explained else self.broken or reason, None)

    def fail(
        self, oracle: str, evidence: str, line: int | None, severity: str = "error", error: Exception | None = None
    ) -> None:
        """Something failed that no finding speaks of; an error that another run has met, too, is told once."""
        self.has_failed = True
        if error is not None and self.subject.script.explains(error):
            return
        key = (line, type(error).__name__) if error is not None and line is not None else None
        if key is not None and key in self._told:
            return
        self._told.add(key)
        failure = UnseenFailure(oracle=oracle, evidence=evidence, line=line, severity=severity)
        self.send(FailureSeen(failure=failure))

    def _decide(self, claim: Claim, status: Status, evidence: str, line: int | None) -> None:
        if claim in self.decided:
            return
        self.decided.add(claim)
        now = time.perf_counter()
        self.send(
            ClaimDecided(
                claim=self.probe.claims.index(claim),
                status=status,
                evidence=evidence,
                line=line,
                seconds=now - self._started,
                arguments=None if self.shown is None else self.shown.arguments,
                inputs=None if self.shown is None else self.shown.inputs,
            )
        )
        self._started = now
