"""In klint's own processes nodes are made in less time, and are the same."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT

CODE = """
import sys
from pathlib import Path
import libcst as cst
from keras_layer_lint.processes import own
from keras_layer_lint.source.quick_nodes import be_quick

texts = [path.read_text(encoding="utf-8") for path in Path(sys.argv[1]).rglob("*.py")]
before = [cst.parse_module(text) for text in texts]
be_quick()
try:
    cst.Name("")
except cst.CSTValidationError:
    be_quick.cache_clear()
else:
    raise AssertionError("this process is not klint's own yet")
own()
be_quick()
cst.Name("")  # not validated any more
assert cst.Call(func=cst.Name("f")).args == ()
assert cst.Call(cst.Name("f")).func.value == "f"
one, other = (cst.parse_module("f(x, y)").body[0].body[0].value.args[0] for _ in range(2))
assert one is not other and one.comma.whitespace_after is other.comma.whitespace_after
assert (cst.SimpleWhitespace(" ").value, cst.Newline().value, cst.Newline("\\r").value) == (" ", None, "\\r")
for text, old in zip(texts, before):
    new = cst.parse_module(text)
    assert new.deep_equals(old) and old.deep_equals(new)
    assert new.code == text
    assert new.deep_clone().with_changes(header=()).body is not None
print(len(texts))
"""


@pytest.mark.slow
def test_what_is_parsed_is_the_same() -> None:
    run = subprocess.run(
        [sys.executable, "-c", CODE, str(ROOT / "keras_layer_lint" / "values")],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, "")
    assert int(run.stdout) > 20
