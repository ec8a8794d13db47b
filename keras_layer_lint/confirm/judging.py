"""From a class to verdicts: load it, find a plan, run the oracles that its findings name."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from keras_layer_lint.confirm.device import device_of
from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.messages import (
    CannotRun,
    ChildMessage,
    ClaimDecided,
    ClassLoaded,
    DeviceChosen,
    FailureSeen,
    OracleStarted,
    PlanChosen,
    PlanFailed,
    Send,
    UsesSeen,
)
from keras_layer_lint.confirm.not_installed import not_installed
from keras_layer_lint.confirm.oracles import ORDER, everything, oracle
from keras_layer_lint.confirm.oracles.blame import blamed, explains
from keras_layer_lint.confirm.oracles.fault import is_meant_as_base
from keras_layer_lint.confirm.oracles.own_call import NEEDS_KERAS, bypasses_keras
from keras_layer_lint.confirm.oracles.own_fault import OwnFaults, own_fault
from keras_layer_lint.confirm.oracles.trial import NotRun, NotSeen, Trial
from keras_layer_lint.confirm.planning import SECONDS, Attempt, Failure, Plan, first_working
from keras_layer_lint.confirm.planning.inputs import Tensor
from keras_layer_lint.confirm.planning.reading import read
from keras_layer_lint.confirm.planning.watching import seen
from keras_layer_lint.confirm.probe import Claim, Derived, Probe, UnseenFailure, no_gpu
from keras_layer_lint.confirm.subject import Subject, Unloadable, brief
from keras_layer_lint.confirm.time_limit import LIMIT
from keras_layer_lint.rule import Oracle

_OF_LINES = frozenset({"build", "graph", "train", "xla"})
"""Oracles by which a line is at fault, whatever the class is that runs it."""
_SECONDS_BEFORE_USERS = 4.0
"""How long a plan is looked for by itself, where the project has code that uses the class."""
_MAY_BREAK = frozenset({"build", "graph"})
"""Oracles whose errors may keep the layer from being constructed or called at all."""


def loaded(framework: Framework, probe: Probe, send: Send) -> tuple[Subject, Any] | None:
    """The class of a probe and its module, on the device asked for; None where it was said why there is none."""
    device = device_of(framework, probe.device)
    if device is None:
        help_ = "run it with `--device auto`, or where the framework sees a GPU"
        send(CannotRun(reason=no_gpu(framework.backend), help=help_, whole_module=True))
        return None
    send(DeviceChosen(device=device.name, platform=device.platform))
    try:
        subject = Subject(framework, probe)
        cls = subject.load_first()
    except Unloadable as error:
        send(CannotRun(reason=str(error), help=error.help, whole_module=error.whole_module))
        return None
    send(ClassLoaded())
    return subject, cls


def judge(framework: Framework, probe: Probe, send: Send) -> None:
    """Decide on the findings of one class, reporting as it goes."""
    found_class = loaded(framework, probe, send)
    if found_class is None:
        return
    subject, cls = found_class
    files = read(cls, framework.keras.layers.Layer).files
    of_finding, of_layer = explains(framework, subject, probe.claims), OwnFaults(cls, files)

    def explained(error: BaseException) -> bool:
        return of_finding(error) or of_layer.explains(error) or bool(not_installed(error))

    seconds = _SECONDS_BEFORE_USERS if probe.users else SECONDS
    found = first_working(cls, probe, framework, seconds=seconds, explained=explained)
    if (
        isinstance(found, Failure)
        and probe.users
        and not any(explained(each.trouble.error) for each in found.attempts[:1])
    ):
        send(UsesSeen(calls=()))
        seen(cls, probe.users, framework, lambda calls: send(UsesSeen(calls=calls)))
        return
    if isinstance(found, Failure) and (package := not_installed(found.attempts[0].trouble.error)):
        help_ = f"install what provides `{package}` in the Python that runs klint"
        found = replace(found, reason=f"it uses `{package}`, which is not installed", recipe=help_)
    if isinstance(found, Failure) and found.attempts:
        found = _said_of_base(cls, found, probe)
    decided = _through_derived(framework, probe, subject, send, is_broken=isinstance(found, Failure))
    plan, is_explained = (
        (found, False) if isinstance(found, Plan) else _plan_that_fails(found, framework, probe, subject)
    )
    broken, only_constructed, fault = "", False, None
    if isinstance(found, Failure):
        broken = found.reason
        send(PlanFailed(reason=broken, help=found.recipe))
        fault = own_fault(cls, files, found, probe.recipe) if probe.everything else None
        if plan is None:
            plan = _constructed(found, probe)
            only_constructed = plan is not None
        if plan is None and fault is not None:
            _report_fault(fault, of_finding, subject, send)
        if plan is None:
            send(CannotRun(reason=found.reason, help=found.recipe))
            return
    assert plan is not None
    inputs = "" if only_constructed else plan.inputs
    chosen = PlanChosen(arguments=plan.arguments, inputs=inputs, source=plan.source)
    send(chosen)
    trial = Trial(framework, subject, probe, plan, send, broken=broken, is_explained=is_explained)
    trial.decided |= {probe.claims[number] for number in {*probe.skip, *decided}}
    for claim in trial.undecided(probe.claims):
        if claim.expects.in_classes:
            trial.leave_open(claim, f"it was not seen in {', '.join(claim.expects.in_classes)}, which derive from it")
    for claim in trial.undecided(probe.claims) if only_constructed else ():
        if claim.confirm.needs_call:
            trial.leave_open(claim, broken)
    trial.is_explained |= only_constructed  # the others do not wait for a call
    if not broken and (reason := bypasses_keras(trial)):
        for claim in trial.undecided(probe.claims):
            if claim.oracle in NEEDS_KERAS and "__call__" not in subject.source.functions(claim.line):
                trial.leave_open(claim, reason)  # the `__call__` itself is traced with the layer that calls it
        trial.bypasses_keras = reason
    for name in ORDER:
        claims = [claim for claim in trial.undecided(probe.claims) if claim.oracle == name]
        if claims:
            _run(name, trial, claims)
    if fault is not None and brief(fault.trouble.error) not in trial.confirmed_by:
        _report_fault(fault, of_finding, subject, send)
        send(chosen)
    if probe.everything:
        everything.run_all(trial)


def _said_of_base(cls: Any, failure: Failure, probe: Probe) -> Failure:
    """Of a class that is meant to be derived from, where others are, that is what there is to say."""
    derived = [derived.class_name for derived in probe.derived] or [each.__name__ for each in cls.__subclasses__()]
    if not derived or not is_meant_as_base(cls, failure.attempts[0].trouble.error):
        return failure
    reason = f"it leaves a part of its work to classes that derive from it, such as `{derived[0]}`: {failure.reason}"
    return replace(failure, reason=reason, recipe=f"look at what is said of `{derived[0]}`")


def _through_derived(framework: Framework, probe: Probe, subject: Subject, send: Send, *, is_broken: bool) -> set[int]:
    """The claims, by number, that come true in a class that derives from one which cannot be run by itself.

    That is a claim about a line of its methods, or about such classes. What does not happen there may happen in
    another class.
    """
    still_open = {
        number
        for number, claim in enumerate(probe.claims)
        if number not in probe.skip and (claim.expects.in_classes or (is_broken and _is_of_line(claim, subject)))
    }
    decided: set[int] = set()
    for derived in probe.derived:
        if still_open <= decided:
            break
        skip = tuple(sorted({*range(len(probe.claims))} - (still_open - decided)))
        through = "" if derived.module == probe.module else derived.module
        other = replace(
            probe, class_name=derived.class_name, through=through, calls=derived.calls, recipe=derived.recipe,
            derived=(), users=(), everything=False, skip=skip,
            claims=tuple(replace(claim, expects=replace(claim.expects, in_classes=())) for claim in probe.claims),
        )  # fmt: skip
        judge(framework, other, _only_confirmed(derived, decided, send))
    return decided


def _is_of_line(claim: Claim, subject: Subject) -> bool:
    """Whether a claim is about a line of a method, which is at fault whatever the class is that runs it."""
    statement = subject.source.statement(claim.line)
    return claim.oracle in _OF_LINES and not isinstance(statement, ast.ClassDef | ast.FunctionDef)


def _only_confirmed(derived: Derived, decided: set[int], send: Send) -> Send:
    """Passes on what comes true in a class that derives from the one of the probe, and takes down which claims do."""
    plan = PlanChosen(arguments="", inputs="", source="")

    def take(message: ChildMessage) -> None:
        nonlocal plan
        match message:
            case PlanChosen():
                plan = message
            case OracleStarted():
                send(message)  # the process may die of it
            case ClaimDecided(status="confirmed"):
                decided.add(message.claim)
                made = plan.arguments if message.arguments is None else message.arguments
                inputs = plan.inputs if message.inputs is None else message.inputs
                evidence = f"run as `{derived.class_name}`, which derives from it: {message.evidence}"
                send(replace(message, evidence=evidence, arguments=made, inputs=inputs))
            case _:
                pass

    return take


def _report_fault(attempt: Attempt, of_finding: Callable[[BaseException], bool], subject: Subject, send: Send) -> None:
    """Report that the layer fails by itself, where no finding says so."""
    error, plan = attempt.trouble.error, attempt.plan
    if of_finding(error) or subject.script.explains(error):
        return
    is_called = attempt.trouble.stage == "call"
    send(PlanChosen(arguments=plan.arguments, inputs=plan.inputs if is_called else "", source=plan.source))
    evidence = f"{'eager' if is_called else 'constructing'}: {brief(error)}"
    failure = UnseenFailure(oracle="graph", evidence=evidence, line=subject.line_of(error))
    send(FailureSeen(failure=failure))


def _run(name: Oracle, trial: Trial, claims: Sequence[Claim]) -> None:
    trial.begin(name, claims)
    try:
        oracle(name)(trial, claims)
    except Unloadable as error:
        reason = str(error)
    except (NotRun, NotSeen) as error:
        reason = str(error)
    except MemoryError:
        LIMIT.was_hit = True
        reason = "it ran out of the memory it may use"
    except Exception as error:
        reason = f"it could not be run for `{name}`: {brief(error)}"
    else:
        reason = trial.broken or "not decided"
    for claim in trial.undecided(claims):
        trial.leave_open(claim, reason)


def _plan_that_fails(
    failure: Failure, framework: Framework, probe: Probe, subject: Subject
) -> tuple[Plan | None, bool]:
    """A plan to go on with though none works, where a finding may be the reason; and whether one is.

    That is the best one, or the first, where it fails at the line of a finding. Others that do may have inputs of a
    wrong kind.
    """
    claims = [claim for claim in probe.claims if claim.confirm.needs_call]
    for attempt in failure.attempts[:2]:
        if blamed(framework, subject, claims, attempt.trouble.error, traced=False):
            return attempt.plan, True
    simple = [attempt for attempt in failure.attempts[:2] if _takes_one_tensor(attempt.plan)]
    best = next(iter([*simple, *failure.attempts]), None)
    raises = any(claim.gravity == "error" and claim.oracle in _MAY_BREAK for claim in probe.claims)
    return (best.plan if best is not None and raises else None), False


def _constructed(failure: Failure, probe: Probe) -> Plan | None:
    """A plan that gets as far as a layer, where a finding is about no more than that."""
    if all(claim.confirm.needs_call for claim in probe.claims):
        return None
    return next((attempt.plan for attempt in failure.attempts if attempt.trouble.stage == "call"), None)


def _takes_one_tensor(plan: Plan) -> bool:
    return len(plan.given.positional) == 1 and isinstance(plan.given.positional[0], Tensor)
