"""Fixes that are only made where running what they touch, before and after, speaks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from keras_layer_lint.confirm.verifying import Candidate, Verification
from keras_layer_lint.diagnostic import Diagnostic
from keras_layer_lint.fixes.engine import Fixed, Fixer
from keras_layer_lint.fixes.files import FileFixes

Verify = Callable[[Sequence[Candidate]], list[dict[str, Verification]]]
"""What running the classes of each candidate came to, by their names."""


@dataclass(frozen=True, slots=True)
class VerifiedFixes:
    """A file with those of its fixes that are verified."""

    file: FileFixes
    seen: dict[str, Verification]
    """What was seen of each class with fixes that were tried, by its name."""


@dataclass
class _File:
    """One file: what was made of it at first, and what is known of its classes."""

    first: FileFixes
    seen: dict[str, Verification]
    chosen: dict[str, frozenset[str]] = field(default_factory=dict)
    """By the name of a class: the codes that may be fixed, where not all may."""

    @property
    def failing(self) -> Iterable[tuple[str, str]]:
        """What is left to try by itself: a class whose fixes are not verified together, and one kind of them."""
        for name, found in self.seen.items():
            made = (each.code for each in self.first.fixed.made if (each.class_name or "") == name)
            codes = list(dict.fromkeys(made))
            if not found.is_verified and len(codes) > 1:
                yield from ((name, code) for code in codes)

    def refuses(self, each: Diagnostic) -> str:
        """Why a fix is not made, by what is known."""
        found = self.seen.get(each.class_name or "")
        if found is None:
            return "it was not run"
        chosen = self.chosen.get(each.class_name or "")
        if chosen is not None:
            return "" if each.code in chosen else found.refused
        return "" if found.is_verified else found.text


class VerifiedFixer:
    """Tries all fixes of a class together; where they fail each kind by itself, and then what holds so together."""

    def __init__(self, fixer: Fixer, verify: Verify) -> None:
        self._fixer = fixer
        self._verify = verify

    def fixed(self, files: Sequence[FileFixes]) -> list[VerifiedFixes]:
        """The files with those fixes that are verified."""
        seen = self._verify([_candidate(file, file.fixed) for file in files])
        known = [_File(file, found) for file, found in zip(files, seen, strict=True)]
        tries = [(file, name, frozenset({code})) for file in known for name, code in file.failing]
        hold: dict[tuple[str, str], frozenset[str]] = {}
        alone = self._tried(tries)
        for (file, name, codes), found in zip(tries, alone, strict=True):
            if found.is_verified:
                hold[file.first.path, name] = hold.get((file.first.path, name), frozenset()) | codes
                if name not in file.chosen:
                    self._choose(file, name, codes, found)
        several = [
            (file, name, hold[file.first.path, name])
            for file in known
            for name in file.chosen
            if len(hold[file.first.path, name]) > 1
        ]
        for (file, name, codes), found in zip(several, self._tried(several), strict=True):
            if found.is_verified:
                self._choose(file, name, codes, found)
        return [VerifiedFixes(self._final(file), file.seen) for file in known]

    @staticmethod
    def _choose(file: _File, name: str, codes: frozenset[str], found: Verification) -> None:
        before = file.seen[name]
        file.seen[name] = replace(found, refused=before.refused or before.text)
        file.chosen[name] = codes

    def _tried(self, tries: Sequence[tuple[_File, str, frozenset[str]]]) -> list[Verification]:
        """What comes of fixes of some rules in one class, and none elsewhere."""
        if not tries:
            return []
        candidates = [_candidate(file.first, self._made(file.first, _only(name, codes))) for file, name, codes in tries]
        nothing = Verification(False, "nothing of it can be fixed alone")
        seen = self._verify(candidates)
        return [found.get(name, nothing) for found, (_, name, _) in zip(seen, tries, strict=True)]

    def _final(self, file: _File) -> FileFixes:
        """The file with what is verified."""
        if all(found.is_verified and not found.refused for found in file.seen.values()):
            return file.first
        return replace(file.first, fixed=self._made(file.first, file.refuses))

    def _made(self, file: FileFixes, refuses: Callable[[Diagnostic], str]) -> Fixed:
        return self._fixer.fixed(file.fixed.before, Path(file.path), refuses)


def _only(name: str, codes: frozenset[str]) -> Callable[[Diagnostic], str]:
    def refuses(each: Diagnostic) -> str:
        return "" if (each.class_name or "") == name and each.code in codes else "it is tried by itself"

    return refuses


def _candidate(file: FileFixes, fixed: Fixed) -> Candidate:
    return Candidate(file.path, fixed.before, fixed.after, fixed.made)
