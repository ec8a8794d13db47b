"""The flags that XLA gets, by the releases that know them: one that it does not know ends the process."""

from __future__ import annotations

import os
import sys
from importlib.metadata import PackageNotFoundError
from types import SimpleNamespace

import pytest

from keras_layer_lint.confirm import compiling

FLAG = "--xla_cpu_use_fusion_emitters=false"


@pytest.mark.parametrize(
    ("imported", "others", "is_set"),
    [
        ({"tensorflow": "2.21.0"}, {}, True),
        ({"tensorflow": "2.21.0-rc1"}, {"jaxlib": "0.10.2"}, True),
        ({"tensorflow": "2.21.0"}, {"jaxlib": "0.4.30"}, False),
        ({"tensorflow": "2.16.2"}, {}, False),
        ({"tensorflow": "unknown"}, {}, False),
        ({"jaxlib": "0.6.2"}, {}, True),
        ({"jaxlib": "0.6.2"}, {"tensorflow": "2.16.2"}, False),
        ({"jaxlib": "0.6.2"}, {"tensorflow": ""}, False),  # of a distribution of another name
    ],
)
def test_flags(imported: dict[str, str], others: dict[str, str], is_set: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if others[name]:
            return others[name]
        raise PackageNotFoundError(name)

    for name in ("tensorflow", "jaxlib"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    for name, number in imported.items():
        monkeypatch.setitem(sys.modules, name, SimpleNamespace(__version__=number))
    monkeypatch.setattr(compiling, "find_spec", lambda name: name if name in others else None)
    monkeypatch.setattr(compiling, "version", version)
    monkeypatch.setenv("XLA_FLAGS", "--xla_dump_to=x")
    compiling.quicken_xla()
    assert os.environ["XLA_FLAGS"] == (f"{FLAG} --xla_dump_to=x" if is_set else "--xla_dump_to=x")
