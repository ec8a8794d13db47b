"""Outcomes of earlier runs in front of what runs layers: what is known is taken, what is new is kept."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from keras_layer_lint.cache.store import Store, key_of
from keras_layer_lint.confirm.encoding import MalformedMessage, decode, encode
from keras_layer_lint.confirm.keeping.module_text import Stretch
from keras_layer_lint.confirm.keeping.placed import moved, place_of
from keras_layer_lint.confirm.keeping.reach import Reach, Sources
from keras_layer_lint.confirm.keeping.surroundings import surroundings, variables_named
from keras_layer_lint.confirm.probe import Probe, ProbeResult, no_gpu

KIND = "verdicts-1"
"""The folder of the entries; the number changes with what stands in them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A probe, what its code reaches, and the key of its outcome."""

    probe: Probe
    reach: Reach
    key: str


class Kept:
    """The outcomes of some probes, as far as they are known, and room for those of the others."""

    def __init__(self, folder: Path | None, probes: Sequence[Probe], timeout: float, where: str = "") -> None:
        """Without a folder nothing is known, and nothing kept. `where` names a cluster that runs layers."""
        self._store = Store(folder, KIND) if folder is not None else None
        self._probes = probes
        self._began = time.time()
        self._asked: list[Asked | None] = [None] * len(probes)
        self._known: list[ProbeResult | None] = [None] * len(probes)
        if self._store is not None and probes:
            asking = Asking(timeout, where)
            self._asked = [asking.of(probe) for probe in probes]
            self._known = [_found(self._store, asked) if asked is not None else None for asked in self._asked]

    @property
    def unknown(self) -> list[Probe]:
        """The probes that must be run."""
        return [probe for probe, known in zip(self._probes, self._known, strict=True) if known is None]

    @property
    def known(self) -> list[ProbeResult]:
        """The outcomes that need no run."""
        return [known for known in self._known if known is not None]

    @property
    def trouble(self) -> str:
        """What went wrong with the disk first; then some are run again, or not kept."""
        return self._store.trouble if self._store is not None else ""

    def with_known(self, results: Sequence[ProbeResult]) -> list[ProbeResult]:
        """All outcomes, in the order of the probes. `results`, which are kept, are of the unknown ones, in order."""
        new = iter(results)
        every = [known or next(new) for known in self._known]
        if self._store is not None:
            for asked, known, result in zip(self._asked, self._known, every, strict=True):
                if asked is not None and known is None and (entry := _entry(asked, result, self._began)) is not None:
                    self._store.put(asked.key, entry)
            self._store.trim()
        return every


class Asking:
    """Makes keys of all that outcomes rest on; files are read once."""

    def __init__(self, timeout: float, where: str) -> None:
        self._run = [timeout, where]
        self._sources = Sources()
        self._around: dict[str, str] = {}

    def of(self, probe: Probe) -> Asked | None:
        """None where what the code reaches cannot be told."""
        recipe = probe.recipe
        texts = [text for call in probe.calls for text in (call.arguments, call.inputs)]
        texts += [derived.class_name for derived in probe.derived if derived.module == probe.module]
        texts += [recipe.arguments, recipe.inputs, recipe.call] if recipe is not None else []
        try:
            reach = self._sources.reach_of(probe.path, probe.class_name, [probe.root, *probe.search], texts)
        except RecursionError:
            return None
        if reach is None:
            return None
        if probe.device not in self._around:
            self._around[probe.device] = key_of(surroundings(probe.device))
        around = self._around[probe.device]
        key = key_of(_as_asked(probe, reach), reach.digest, variables_named(reach.words), self._run, around)
        return Asked(probe, reach, key)


def _as_asked(probe: Probe, reach: Reach) -> dict[str, Any]:
    """What is asked, wherever in its file the code stands."""
    asked = _plain(probe)
    del asked["shown"]
    for each in [asked, *asked["claims"]]:
        for name in each.keys() & {"line", "end_line"}:
            each[name] = place_of(each[name], reach.stretches)
    others = [*asked["derived"], *asked["users"]]
    for call in [*asked["calls"], *(call for each in others for call in each["calls"])]:
        call["place"] = call["place"].rpartition(":")[0]
    return asked


def _found(store: Store, asked: Asked) -> ProbeResult | None:
    """What was kept, where it still holds."""
    entry, probe = store.get(asked.key), asked.probe
    if entry is None:
        return None
    try:
        if any(_digest(path) != digest for path, digest in entry["files"]):
            return None
        before = [Stretch(first, last) for first, last in entry["stretches"]]
        outcome = moved(entry["outcome"], before, asked.reach.stretches)
        if outcome is None:
            return None
        places = zip(entry["places"], [call.place for call in probe.calls], strict=True)
        if any(old != new and old in outcome["source"] for old, new in places):
            return None
        data = json.dumps({**outcome, "kind": "ProbeResult", "probe": _plain(probe)}).encode()
        result = decode(data, [ProbeResult])
    except (KeyError, TypeError, ValueError, MalformedMessage):
        return None  # whoever wrote it, it was not this klint
    return replace(result, probe=probe) if len(result.verdicts) == len(probe.claims) else None


def _entry(asked: Asked, result: ProbeResult, began: float) -> dict[str, Any] | None:
    """What is kept of an outcome; None where another run may come to something else."""
    if not result.is_repeatable or result.reason == no_gpu(result.probe.backend):
        return None
    if any(_digest(path) != digest for path, digest in asked.reach.files.items()):
        return None  # changed while it was run
    others = [path for path in result.files if path not in asked.reach.files]
    if any(_changed_since(began, path) for path in others):
        return None
    return {
        "outcome": {name: value for name, value in _plain(result).items() if name != "probe"},
        "stretches": [[stretch.first, stretch.last] for stretch in asked.reach.stretches],
        "places": [call.place for call in result.probe.calls],
        "files": [[path, _digest(path)] for path in others],
    }


def _digest(path: str) -> str | None:
    """Of a file as it is now; None where there is none, or what has no end."""
    try:
        return sha256(Path(path).read_bytes()).hexdigest() if Path(path).is_file() else None
    except OSError:
        return None


def _changed_since(moment: float, path: str) -> bool:
    try:
        return Path(path).stat().st_mtime > moment
    except OSError:
        return False


def _plain(message: object) -> dict[str, Any]:
    """A dataclass as JSON, without its kind."""
    plain: dict[str, Any] = json.loads(encode(message))
    del plain["kind"]
    return plain
