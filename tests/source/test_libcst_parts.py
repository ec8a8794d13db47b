"""LibCST's private parts that klint uses are there, in the form in which it uses them."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import libcst as cst
import pytest
from libcst._nodes.internal import CodegenState

from keras_layer_lint import source
from tests.conftest import ROOT
from tests.own_source import MODULES, imported_names

for found in pkgutil.iter_modules(source.__path__, f"{source.__name__}."):
    importlib.import_module(found.name)
RECORDERS = [kind for kind in CodegenState.__subclasses__() if kind.__module__.startswith(f"{source.__name__}.")]
OVERRIDDEN = [
    (recorder, name)
    for recorder in RECORDERS
    for name, value in vars(recorder).items()
    if inspect.isfunction(value) and not name.startswith("_")
]


def test_the_newest_major_version_is_not_taken_unseen() -> None:
    assert '"libcst>=1.8.4,<2"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_what_is_imported_is_there() -> None:
    using = [name for name, path in MODULES.items() if "libcst._" in path.read_text(encoding="utf-8")]
    imported = {found for name in using for found in imported_names(name)}
    private = sorted((module, name) for module, name in imported if module.startswith("libcst._"))
    assert private
    assert [(module, name) for module, name in private if not hasattr(importlib.import_module(module), name)] == []


@pytest.mark.parametrize(("recorder", "name"), OVERRIDDEN, ids=lambda value: getattr(value, "__name__", value))
def test_what_is_overridden_is_called_with_these_arguments(recorder: type, name: str) -> None:
    theirs, ours = inspect.signature(getattr(CodegenState, name)), inspect.signature(getattr(recorder, name))
    assert [(item.name, item.kind) for item in ours.parameters.values()] == [
        (item.name, item.kind) for item in theirs.parameters.values()
    ]


def test_the_code_is_written_through_the_state() -> None:
    assert len(OVERRIDDEN) >= 5
    fields = list(inspect.signature(CodegenState).parameters)
    assert fields[:2] == ["default_indent", "default_newline"]
    module = cst.parse_module("x = 1\n")
    state = CodegenState(module.default_indent, module.default_newline)
    module._codegen(state)
    assert "".join(state.tokens) == "x = 1\n"


def test_nodes_are_validated_where_klint_thinks() -> None:
    """The constructor of each node calls `__post_init__`, and that is one function for all."""
    with pytest.raises(cst.CSTValidationError):
        cst.Name("")
    assert "__post_init__" in vars(cst.CSTNode)
    assert "__post_init__" not in vars(cst.Name)
