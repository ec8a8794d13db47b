"""What pytest collects: a file, in it its layers, in each layer an item for each way of running it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from keras_layer_lint.pytest_plugin.layers import LayerCase
from keras_layer_lint.pytest_plugin.outcomes import Outcome, shown

Run = Callable[[LayerCase, str], Outcome]
"""Runs a layer, unless it was run, and says what came of one oracle."""


class LayerFails(Exception):
    """What klint reports of the layer."""


class LayerFile(pytest.File):
    """A file with layers. It is not imported, nor is a package that it is in: its parent is the session."""

    cases: Sequence[LayerCase]
    unread: Sequence[str]
    run: Run

    @classmethod
    def of(
        cls, session: pytest.Session, path: Path, cases: Sequence[LayerCase], unread: Sequence[str], run: Run
    ) -> LayerFile:
        """The node of a file: what it defines, and what of it could not be read."""
        node: LayerFile = cls.from_parent(session, path=path)
        node.cases, node.unread, node.run = cases, unread, run
        return node

    def collect(self) -> Iterator[pytest.Collector | pytest.Item]:
        if self.unread:
            item: UnreadItem = UnreadItem.from_parent(self, name="unread")
            item.told = self.unread
            yield item
        for case in self.cases:
            node: LayerNode = LayerNode.from_parent(self, name=case.name)
            node.case, node.run = case, self.run
            yield node


_NO_FIXTURES: Mapping[str, Any] = MappingProxyType({})
"""What an item gives to plugins that look for their fixtures in each: pytest-lsp 1.0 fails where it gives nothing."""


class UnreadItem(pytest.Item):
    """Fails for a file that klint could not read."""

    funcargs = _NO_FIXTURES
    told: Sequence[str]

    def runtest(self) -> None:
        raise LayerFails("\n".join(self.told))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Any, int, str]:
        return self.path, 0, f"{self.path.name}: {self.name}"


class LayerNode(pytest.Collector):
    """A class."""

    case: LayerCase
    run: Run

    def collect(self) -> Iterator[pytest.Item]:
        for oracle in self.case.oracles:
            item: LayerItem = LayerItem.from_parent(self, name=oracle.replace(" ", "_"))
            item.case, item.oracle, item.run = self.case, oracle, self.run
            if self.config.pluginmanager.hasplugin("xdist"):
                item.add_marker(pytest.mark.xdist_group(self.nodeid))  # for `--dist loadgroup`
            yield item


class LayerItem(pytest.Item):
    """A class and an oracle."""

    funcargs = _NO_FIXTURES
    case: LayerCase
    oracle: str
    run: Run

    def runtest(self) -> None:
        outcome = self.run(self.case, self.oracle)
        if outcome.told:
            self.add_report_section("call", "klint", shown(outcome.told))
        if outcome.failures:
            raise LayerFails(shown(outcome.failures))
        if outcome.reasons:
            pytest.skip(" | ".join(outcome.reasons))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, LayerFails):
            return str(excinfo.value).rstrip("\n")
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int, str]:
        return self.path, self.case.line - 1, f"{self.case.name}: {self.name}"
