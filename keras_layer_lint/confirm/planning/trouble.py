"""Why an attempt failed: the error, its text, and the lines of the class that it passed through."""

from __future__ import annotations

import linecache
import re
import traceback
from collections.abc import Container
from dataclasses import dataclass
from typing import Any, Literal

from keras_layer_lint.confirm.planning.inputs import Inputs

Stage = Literal["construct", "call"]
_LONGEST = 4000
_NO_ATTRIBUTE = re.compile(r"(module )?'([\w.]{1,200})' (?:object )?has no attribute ")
_UNLIKE_CALL = re.compile(r"For a `build\(\)` method with more than one argument, all arguments should have a `_shape`")
"""What Keras 3 (3.0 to 3.15) says where it finds no argument of `call` of the name that `build` asks for."""
_NUMBER_FOR_AN_ITEM = re.compile(r"\]\s{0,4}=\s{0,4}-?[\d.]{1,40}\s{0,80}(?:#|\Z)")
_RAISED = re.compile(r"\A\s*(raise|assert)\b")


@dataclass(frozen=True, slots=True)
class Trouble:
    """A failed attempt to construct or to call."""

    stage: Stage
    error: BaseException
    text: str
    lines: tuple[str, ...]
    """Source lines in the files of the class, the innermost first."""
    at: tuple[str, int] | None
    """File and line of the innermost of them."""
    trail: tuple[tuple[str, int], ...] = ()
    """File and line of each, the outermost first."""

    @property
    def summary(self) -> str:
        """The error on one line; what raised it where it says nothing."""
        said = self.text if self.text.strip() else self.lines[0] if self.is_raised_by_the_layer else ""
        first = next((line.strip() for line in said.splitlines() if line.strip()), "")
        return f"{type(self.error).__name__}: {first}"[:300] if first else type(self.error).__name__

    @property
    def said(self) -> str:
        """The type of the error and its text: what the rows of the repairs are looked for in."""
        return f"{type(self.error).__name__}: {self.text}"

    @property
    def is_raised_by_the_layer(self) -> bool:
        """Whether code of the layer raised it: what its author says may be of the shape or of the values.

        Python says that there is no such attribute where the text of an error is put together, too.
        """
        return bool(self.lines and _RAISED.match(self.lines[0])) and _NO_ATTRIBUTE.match(self.text) is None

    @property
    def gives_an_item_a_number(self) -> bool:
        """Whether `x[0] = 0.0` failed. A list takes that, and is a list of tensors no longer."""
        is_refused = isinstance(self.error, TypeError) and "does not support item assignment" in self.text
        return is_refused and bool(self.lines) and _NUMBER_FOR_AN_ITEM.search(self.lines[0]) is not None

    def lacks_a_name(self, classes: Container[str]) -> bool:
        """Whether the code names what is not there: no input brings it. `classes`: those whose objects are its own."""
        if isinstance(self.error, AttributeError):
            found = _NO_ATTRIBUTE.match(self.text)
            return found is not None and (found[1] is not None or found[2] in classes)
        if isinstance(self.error, NameError):
            return not isinstance(self.error, UnboundLocalError)
        return isinstance(self.error, ValueError) and _UNLIKE_CALL.match(self.text) is not None

    def is_past(self, other: tuple[tuple[str, int], ...]) -> bool:
        """Whether a call with another trail failed earlier: on a line further up, where both went the same way."""
        for (file, line), (other_file, other_line) in zip(self.trail, other, strict=False):
            if (file, line) != (other_file, other_line):
                return file == other_file and line > other_line
        return False

    @property
    def signature(self) -> tuple[str, str, object]:
        """What makes two errors the same: sizes and counters do not."""
        return type(self.error).__name__, re.sub(r"0x[0-9a-f]+|\d+", "", self.text)[:200], self.at


@dataclass(frozen=True, slots=True)
class Case:
    """A call that failed: what the repairs of inputs are made from."""

    trouble: Trouble
    inputs: Inputs
    layer: Any
    taken: frozenset[int] = frozenset()
    """The tensors that the call failed with, by their number among those of the inputs; empty if unknown."""


def of(stage: Stage, error: BaseException, files: frozenset[str]) -> Trouble:
    """Read an error."""
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    if len(text) > 2 * _LONGEST:  # whole tensors, printed
        text = text[:_LONGEST] + text[-_LONGEST:]
    said = cleaned(text)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in files]
    found = [(frame.filename, frame.lineno or 0) for frame in frames]
    # AutoGraph names the lines in the text of the error.
    found += [(file, int(line)) for file, line in re.findall(r'File "([^"]+)", line (\d+)', text) if file in files]
    lines = tuple(_statement(file, line) for file, line in reversed(found))
    return Trouble(stage, error, said, lines, found[-1] if found else None, tuple(found))


def cleaned(text: str) -> str:
    """The text of an error without what Keras and TensorFlow add about where it happened and what was passed."""
    text = re.sub(r"\x1b\[\d{1,4}m", "", text)
    text = re.sub(r"\{\{function_node [^{}\n]*\}\}|\[Op:\w+\]( name:\s?\S*)?", "", text)
    text = re.split(r"\n[ \t]*(?:Call a|A)rguments received by", text)[0]
    text = re.sub(r"Exception encountered when calling (?:layer )?\S+( \(type \w+\))?\.?", "", text)
    if "in user code:" in text:
        text = re.sub(r'(?<! ) *File "[^"]*", line \d+, in .*\n(?: {6}.*\n)?', "", text.replace("in user code:", ""))
    return text.strip()


def _statement(file: str, line: int) -> str:
    """The line, with those that follow while a bracket is open."""
    text = linecache.getline(file, line)
    for after in range(line + 1, line + 8):
        if text.count("(") + text.count("[") <= text.count(")") + text.count("]"):
            break
        text += linecache.getline(file, after)
    return text
