"""`graph`: tracing the layer raises at the line; or, traced, it computes something else than in eager mode."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from contextlib import nullcontext
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.edits import Edit
from keras_layer_lint.confirm.hooks import hooks_of, own_observation
from keras_layer_lint.confirm.oracles import fitting, running
from keras_layer_lint.confirm.oracles.blame import blamed
from keras_layer_lint.confirm.oracles.deciding import decide
from keras_layer_lint.confirm.oracles.fault import (
    is_fault,
    is_for_lack_of_a_package,
    is_left_to_subclasses,
    is_of_small_sizes,
    works,
)
from keras_layer_lint.confirm.oracles.trial import Trial
from keras_layer_lint.confirm.oracles.two_values import two_values
from keras_layer_lint.confirm.oracles.variants import lines_of, variants, with_other_arguments
from keras_layer_lint.confirm.oracles.ways import SYMBOLIC, Ways
from keras_layer_lint.confirm.probe import Claim
from keras_layer_lint.confirm.subject import LinesRun, brief
from keras_layer_lint.confirm.time_limit import LIMIT, DoesNotEnd, with_an_end

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

NAME = "graph"


def run(trial: Trial, claims: Sequence[Claim]) -> None:
    """Trace; where a line fails, confirm its finding, put what it computed in eager mode in its place, and go on."""
    own = {claim: observe for claim in claims if (observe := own_observation(trial, claim)) is not None}
    groups: dict[Any, list[Claim]] = {None: []}
    for claim in claims:
        if claim not in own:
            groups.setdefault(hooks_of(claim).inputs, []).append(claim)
    for group in groups.values():
        if group:
            trace(trial, group)
    for claim, observe in own.items():
        decide(trial, claim, observe)


def trace(trial: Trial, claims: Sequence[Claim]) -> None:
    """Decide on findings by tracing, with other inputs where those of the plan do not show it."""
    edits: dict[Claim, Edit] = {}
    said: dict[Claim, str] = {}
    refuted: dict[Claim, str] = {}
    trial.fresh()

    def open_still() -> list[Claim]:
        return [claim for claim in trial.undecided(claims) if claim not in said]

    plans = chain(variants(trial, claims), with_other_arguments(trial, open_still))
    is_wanted = trial.probe.everything  # the plan itself, though no finding is open
    while (is_wanted or trial.undecided(claims)) and (plan := next(plans, None)) is not None:
        is_wanted = False
        trial.show(plan)
        tracing = Tracing(trial, plan, claims, edits, frozenset(refuted))
        tracing.run()
        tracing.settle(said, refuted)
    trial.show(trial.plan)
    trial.repairs |= edits
    for claim in trial.undecided(claims):
        if (after_tracing := hooks_of(claim).after_tracing) is not None:
            after_tracing(trial, claim)
    for claim in trial.undecided(claims):
        if claim in refuted:
            trial.refute(claim, refuted[claim])
        else:
            trial.leave_open(claim, said.get(claim, "the line was not reached"))


class Tracing:
    """One plan traced again and again, with more and more findings out of the way."""

    def __init__(
        self, trial: Trial, plan: Plan, claims: Sequence[Claim], edits: dict[Claim, Edit], ran: Container[Claim]
    ) -> None:
        self.trial = trial
        self.claims = claims
        self.edits = edits
        """Shared by all plans: what is decided stays out of the way."""
        self.ran = ran
        """Findings whose lines have run as planned: with what klint makes up instead, other things fail there."""
        self.plan = plan
        self.seen: list[str] = []
        self.reached: set[int] = set()

    def run(self) -> None:
        """Until nothing fails any more, what fails cannot be put out of the way, or nothing is left to decide."""
        trial = self.trial
        if self.edits and not self._reload():
            self.seen.append("not all faults can be put out of the way at once")
            return
        while not self._is_settled() and (fault := self._first_fault()) is not None:
            mode, error = fault
            line = trial.subject.line_of(error)
            claim = blamed(trial.framework, trial.subject, self._order(), error, traced=mode != "eager")
            if claim is not None and (dropped := self._without(error)) is not None:
                self.seen.append(f"line {line} does not run without {dropped.code} on line {dropped.line}")
                return
            if claim is None:
                where = "" if line is None else f"line {line}, "
                self.seen.append(f"{where}{mode}: {brief(error)}")
                if mode != fitting.FIT:
                    trial.not_traced = self.seen[-1]
                is_odd = is_left_to_subclasses(trial.cls, error) or is_for_lack_of_a_package(error)
                trial.has_failed |= is_odd or mode not in (fitting.FIT, "eager")
                if not is_odd and self._is_of_the_layer(mode, error):
                    trial.fail(NAME, f"{mode}: {brief(error)}", line, error=error)
                    if trial.probe.everything:
                        self.seen[-1] = f"{where}{mode}: it fails there, which is reported by itself"
                return
            if mode == "eager" and claim in self.ran and self.plan.arguments != trial.plan.arguments:
                self.seen.append(f"line {line} fails in eager mode with other arguments: {brief(error)}")
                return
            if claim in self.claims and works(claim):
                trial.refute(claim, f"{mode}: {brief(error)}")
            elif claim in self.claims and (mode != "eager" or is_fault(trial.framework, claim, error)):
                trial.confirm(claim, brief(error), line)
            elif claim in self.claims and (traced_error := self._when_traced(claim)):
                trial.confirm(claim, f"{traced_error}; in eager mode {brief(error)}", line)
            elif claim in self.claims:
                self.seen.append(f"line {line} fails in eager mode: {brief(error)}")
            if not self._neutralise(claim):
                self.seen.append(f"masked by {claim.code} on line {claim.line}, for which nothing can stand in")
                trial.not_traced = self.seen[-1]
                return

    def _is_of_the_layer(self, mode: str, error: Exception) -> bool:
        """Whether an error is one of the layer as it stands, in which nothing that klint made up has a part."""
        trial = self.trial
        if self.edits or mode == fitting.FIT or (is_of_small_sizes(error) and not trial.is_told):
            return False
        if mode == SYMBOLIC and not trial.is_told and self._takes_an_axis_for_a_weight(error):
            return False
        if mode == SYMBOLIC and trial.subject.line_of(error) is None and self._returns_none_beside_tensors():
            return False
        return mode != "eager" or trial.is_told or trial.own_faults.explains(error)

    def _takes_an_axis_for_a_weight(self, error: Exception) -> bool:
        """Whether `build` asks for the first axis of an input that is no batch: of a table, or of weights."""
        line = self.trial.subject.line_of(error)
        is_in_build = line is not None and "build" in self.trial.subject.source.functions(line)
        return is_in_build and running.works_with_one_batch(self.plan)

    def _returns_none_beside_tensors(self) -> bool:
        """Whether None stands beside tensors in what a call returns, which no functional model can hold."""
        framework = self.trial.framework
        try:
            returned = running.eager(self.plan)
        except Exception:
            return False
        if not isinstance(returned, (list, tuple, dict)):
            return False
        parts = list(returned.values() if isinstance(returned, dict) else returned)
        return any(map(framework.is_tensor, parts)) and any(part is None for part in parts)

    def _is_settled(self) -> bool:
        """Whether no open finding, of this oracle or another, needs to know what else fails."""
        trial = self.trial
        return bool(self.claims) and not trial.probe.everything and not trial.undecided(trial.probe.claims)

    def _without(self, error: Exception) -> Claim | None:
        """The finding whose statement was dropped and would have made what is missing now."""
        missing = set(re.findall(r"'(\w+)'", str(error))) if isinstance(error, (AttributeError, NameError)) else set()
        dropped = [claim for claim, edit in self.edits.items() if edit == "dropped"]
        return next((claim for claim in dropped if missing & self.trial.subject.source.assigned(claim)), None)

    def _when_traced(self, claim: Claim) -> str:
        """The error of tracing at a line that fails in eager mode in its own way, and not for other arguments."""
        if self.plan.arguments != self.trial.plan.arguments:
            return ""
        try:
            with with_an_end():
                running.symbolic(self.plan)
        except DoesNotEnd:
            return ""
        except Exception as error:
            if blamed(self.trial.framework, self.trial.subject, [claim], error) == claim:
                return brief(error)
        return ""

    def settle(self, said: dict[Claim, str], refuted: dict[Claim, str]) -> None:
        """Decide on what did not fail: other values when traced, nothing of the kind, or not seen."""
        for claim in self.trial.undecided(self.claims):
            differs = "" if self.seen else self._differs(claim)
            if differs:
                self.trial.confirm(claim, differs, claim.line)
            elif self.seen:
                said.setdefault(claim, "; ".join(self.seen))
            elif self.reached.isdisjoint(lines_of(self.trial, claim)):
                continue
            elif works(claim):
                self.trial.confirm(claim, "it works here: traced without an error, with the values of eager mode")
            elif (other := self._out_of_the_way_around(claim)) is not None:
                said.setdefault(claim, f"not seen with {other.code} on line {other.line} out of the way")
            else:
                refuted.setdefault(claim, "traced without an error, with the values of eager mode")

    def _out_of_the_way_around(self, claim: Claim) -> Claim | None:
        """A finding that was put out of the way and stands in the same statement, as its header or in its body."""
        source = self.trial.subject.source
        return next(
            (
                other
                for other in self.edits
                if other != claim and (claim.line in source.body(other.line) or other.line in source.body(claim.line))
            ),
            None,
        )

    def _order(self) -> list[Claim]:
        """Open findings of this oracle first, then the others, last what is stood in for already."""
        trial = self.trial
        return sorted(
            (claim for claim in trial.probe.claims if self.edits.get(claim) != "dropped"),
            key=lambda claim: (claim in self.edits, claim not in self.claims, claim in trial.decided),
        )

    def _neutralise(self, claim: Claim) -> bool:
        """Put one more finding out of the way: something stands in for it, or its statement is dropped."""
        ways: tuple[Edit, ...] = ("stand-in", "statement", "past Keras", "dropped")
        before = self.edits.get(claim)
        for way in ways[ways.index(before) + 1 :] if before is not None else ways:
            self.edits[claim] = way
            if self._reload():
                return True
        self.edits.pop(claim, None)
        return False

    def _reload(self) -> bool:
        made = self.trial.edited(self.edits)
        if made is None:
            return False
        self.plan = self._as_here(made[0])
        self.trial.steps = made[1]
        return True

    def _as_here(self, plan: Plan) -> Plan:
        """Another class's plan with the arguments and inputs of this one."""
        arguments = plan.arguments if self.trial.broken else self.plan.arguments
        return replace(plan, given=self.plan.given, arguments=arguments)

    def _first_fault(self) -> tuple[str, Exception] | None:
        endless: tuple[str, Exception] | None = None
        for mode, stage in Ways(self.trial, self.plan, self.claims).stages():
            if endless is not None and mode != SYMBOLIC:
                continue  # traced, too, it may run for ever
            try:
                self._run_stage(stage)
            except DoesNotEnd as error:
                endless = endless or (mode, error)
            except Exception as error:
                return mode, error
        return endless

    def _run_stage(self, stage: Callable[[], object]) -> None:
        """Raise DoesNotEnd where the stage seems not to end; what no finding speaks of gets more time before."""
        # Watching lines makes tracing half as slow again: not where they were reached in eager mode.
        with LinesRun(self.trial.subject.path) if self._unreached() else nullcontext(set()) as lines:
            try:
                with with_an_end():
                    stage()
            except DoesNotEnd as error:
                claims = self.trial.probe.claims
                if not self.trial.probe.everything or blamed(self.trial.framework, self.trial.subject, claims, error):
                    raise
                LIMIT.be_patient()
                with with_an_end():
                    stage()
            finally:
                self.reached |= lines

    def _unreached(self) -> bool:
        """Whether an open finding stands at a line that has not run yet."""
        return any(self.reached.isdisjoint(lines_of(self.trial, claim)) for claim in self.trial.undecided(self.claims))

    def _differs(self, claim: Claim) -> str:
        """The two values where tracing changes what is computed, and not once something stands in for the line."""
        found = two_values(self.trial, self.plan)
        if not found or not claim.confirm.replaceable:
            return found
        made = self.trial.edited({**self.edits, claim: "stand-in"})
        if made is not None:
            self.trial.steps = made[1]
            try:
                if two_values(self.trial, self._as_here(made[0])):
                    return ""
            except Exception:
                return ""
        return found
