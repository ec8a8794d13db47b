"""Edits of text, and the bytes that they leave alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from keras_layer_lint import Settings
from keras_layer_lint.diagnostic import Edit, Fix, Span
from keras_layer_lint.findings import FileError, Report
from keras_layer_lint.fixes.editing import disjoint, edited, least
from keras_layer_lint.fixes.engine import Fixer, fix_source
from keras_layer_lint.lint import Linter
from keras_layer_lint.source.decode import split_lines

BEFORE = '''\
import keras


class Gate(keras.layers.Layer):
    """Größe, naïve."""

    def __init__(self, units=4, **kwargs):
        self.units = units  # bleibt

    def call(self, inputs):
        return inputs
'''
AFTER = BEFORE.replace("        self.units", "        super().__init__(**kwargs)\n        self.units")


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("indent", ["    ", "  ", "\t"])
@pytest.mark.parametrize(
    ("codec", "head"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("latin-1", "# -*- coding: latin-1 -*-\n"),
        ("cp1252", "#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :\n"),
    ],
)
def test_bytes_stay_as_they_are(codec: str, head: str, indent: str, ends: str) -> None:
    before, after = (
        (head + text).replace("    ", indent).replace("\n", ends).encode(codec) for text in (BEFORE, AFTER)
    )
    assert fix_source(before, "layers.py") == after


def test_a_file_without_a_line_end_at_its_end() -> None:
    before = BEFORE[: BEFORE.index("    def call")].rstrip("\n").replace("self.units = units  # bleibt", "pass")
    fixed = fix_source(before + "\n\n    def build(self, shape):\n        self.w = self.add_weight(name='w')", "a.py")
    assert isinstance(fixed, str)
    assert "super().__init__(**kwargs)\n        pass\n" in fixed
    assert not fixed.endswith("\n")


def test_text_is_given_as_text() -> None:
    assert fix_source(BEFORE, "layers.py") == AFTER


@pytest.mark.parametrize(
    "head", ["# -*- coding: cp1252 -*-\n", "\n# vim: set fileencoding=ascii :\n", "# coding: latin-1"]
)
def test_text_that_declares_an_encoding(head: str) -> None:
    """Text is decoded already, whatever it declares."""
    before, after = (f"{head}{text.replace('Größe', 'ÁÍÝ')}" for text in (f"\n{BEFORE}", f"\n{AFTER}"))
    assert fix_source(before, "layers.py") == after


def test_what_klint_cannot_lint_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    original = Linter.report

    def failing(self: Linter, source: bytes, path: Path) -> Report:
        report = original(self, source, path)
        return replace(report, errors=(FileError("a.py", "oh"),)) if b"super()" in source else report

    monkeypatch.setattr(Linter, "report", failing)
    done = Fixer(Settings()).fixed(BEFORE.encode(), Path("layers.py"))
    assert (done.after, done.made) == (BEFORE.encode(), ())
    assert [why for _, why in done.refused] == ["klint fails on what it would write: oh"]


@pytest.mark.parametrize("name", ["kwargs", "options"])
def test_a_call_is_not_moved_past_what_changes_its_arguments(name: str) -> None:
    source = f"""\
import keras


class Gain(keras.layers.Layer):
    def __init__(self, **{name}):
        self.gain = self.add_weight(name="gain", shape={name}.pop("shape", ()), initializer="ones")
        super().__init__(**{name})

    def call(self, inputs):
        return inputs * self.gain
"""
    assert fix_source(source, "layers.py") == source
    moved = fix_source(
        source.replace(f"{name}.pop('shape', ())", "()").replace(f'{name}.pop("shape", ())', "()"), "a.py"
    )
    assert str(moved).index("super()") < str(moved).index("self.gain")


def test_suppressed_and_deselected_findings_are_not_fixed() -> None:
    silenced = BEFORE.replace("**kwargs):", "**kwargs):  # noqa: KLL204")
    assert fix_source(silenced, "layers.py") == silenced
    assert fix_source(BEFORE, "layers.py", Settings(ignore=("KLL204",))) == BEFORE


@pytest.mark.slow
def test_what_makes_it_worse_is_refused() -> None:
    """The config of the base holds the name, which would then be given twice."""
    source = b"""\
import keras


class Policy(keras.Model):
    def __init__(self, actions=2, **kwargs):
        super().__init__("policy", **kwargs)
        self.actions = actions

    def call(self, inputs):
        return inputs * self.actions

    def get_config(self):
        return {**super().get_config(), "actions": self.actions}
"""
    done = Fixer(Settings(keras=("3",)), unsafe=True, codes={"KLL204"}).fixed(source, Path("layers.py"))
    assert (done.after, done.made) == (source, ())
    ((diagnostic, why),) = done.refused
    assert (diagnostic.code, why) == ("KLL204", "klint would then report KLL303 in Policy")
    others = [BEFORE.partition("\n\n\n")[2].replace("Gate", f"Gate{number}") for number in range(3)]
    both = "\n\n".join([source.decode(), *others]).encode()
    done = Fixer(Settings(keras=("3",)), unsafe=True, codes={"KLL204"}).fixed(both, Path("layers.py"))
    assert [each.class_name for each in done.made] == ["Gate0", "Gate1", "Gate2"]
    assert [each.class_name for each, _ in done.refused] == ["Policy"]


def test_what_a_fix_lays_bare_is_fixed_with_it() -> None:
    """What was an array goes into functions of NumPy, which go, too, if all can."""
    source = b"""\
import keras
import numpy as np
import tensorflow as tf


class Policy(keras.layers.Layer):
    def call(self, inputs):
        limited = np.clip(inputs, -1.0, 1.0)
        return np.concatenate([limited, {}(limited)], axis=-1)
"""
    settings = Settings(keras=("3",))
    done = Fixer(settings, unsafe=True).fixed(source.replace(b"{}", b"np.abs"), Path("layers.py"))
    assert {each.code for each in done.made} == {"KLL111"}
    assert b"np" not in done.after.replace(b"inputs", b"")
    half = source.replace(b"{}", b"np.angle")
    done = Fixer(settings, unsafe=True).fixed(half, Path("layers.py"))
    assert (done.after, done.made) == (half, ())
    assert {why for _, why in done.refused} == {"klint would then say the same"}


@pytest.mark.slow
@example(old="\r\n", new="\n", around="")
@given(st.text("ab_ \r\n", max_size=12), st.text("ab_ \r\n", max_size=12), st.text("ab\n", max_size=6))
def test_the_least_edit_makes_the_whole_change(old: str, new: str, around: str) -> None:
    around = around.replace("\r", "")
    text = f"{around}x{old}y{around}"
    lines = f"{around}x".split("\n")
    start = (len(lines), len(lines[-1]) + 1)
    inner = split_lines(old)
    if inner and inner[-1].endswith(("\n", "\r")):
        inner = (*inner, "")
    end = (start[0] + len(inner) - 1, len(inner[-1]) + 1) if len(inner) > 1 else (start[0], start[1] + len(old))
    edit = least(Span(*start, *end), old, new)
    assert edited(text, [edit]) == f"{around}x{new}y{around}"


def fix(*edits: tuple[int, int, str]) -> Fix:
    return Fix("safe", "m", tuple(Edit(Span(1, begin, 1, end), text) for begin, end, text in edits))


def test_what_meets_waits() -> None:
    one, two, three, same = (
        fix((1, 3, "a")),
        fix((3, 5, "b")),
        fix((6, 7, "c"), (9, 9, "d")),
        fix((9, 9, "d"), (12, 13, "e")),
    )
    assert disjoint([one, two, three, same]) == [one, three, same]
    assert (
        edited("0123456789012345", [edit for each in (one, three, same) for edit in each.edits]) == "a234c67d890e2345"
    )


def test_what_does_not_help_is_refused() -> None:
    """On JAX nothing differentiates a loop of unknown length, compiled or not."""
    source = b"""\
import keras
from keras import ops


class Settle(keras.layers.Layer):
    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=(input_shape[-1],), initializer="ones")
        super().build(input_shape)

    def call(self, inputs):
        return ops.fori_loop(0, ops.argmax(self.scale), lambda _, value: value * self.scale, inputs)
"""
    done = Fixer(Settings(backend="jax"), unsafe=True).fixed(source, Path("layers.py"))
    assert (done.after, done.made) == (source, ())
    assert [(each.code, why) for each, why in done.refused] == [("KLL152", "klint would then say the same")]
