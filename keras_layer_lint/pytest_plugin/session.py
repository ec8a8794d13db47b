"""The hooks of a run with `--klint-confirm`: layers are found once, and each is run once for all of its items."""

from __future__ import annotations

import os
from collections.abc import Generator
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from keras_layer_lint.confirm.keeping.kept import Kept
from keras_layer_lint.confirm.pool import Pool
from keras_layer_lint.confirm.probe import Probe, ProbeResult
from keras_layer_lint.confirm.zygotes import Zygotes
from keras_layer_lint.errors import KlintError
from keras_layer_lint.pytest_plugin.items import LayerFile, LayerItem
from keras_layer_lint.pytest_plugin.layers import FoundLayers, LayerCase, find_layers, options_for
from keras_layer_lint.pytest_plugin.outcomes import Outcome, Outcomes

_LACKING = "klint_lacking"


class LayerSession:
    """Collects layers and runs them."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        here = config.invocation_params.dir
        given = [Path(here, argument.partition("::")[0]) for argument in config.args]
        self._paths = [path for path in given if path.exists()]
        try:
            self._options = options_for(self._paths)
        except KlintError as error:
            raise pytest.UsageError(f"klint: {error}") from error
        self._told: dict[str, Any] | None = getattr(config, "workeroutput", None)
        """What a worker of xdist tells the process that hands out; None in any other process."""
        self._upcoming: list[LayerCase] = []
        self._outcomes: dict[LayerCase, Outcomes] = {}
        self._zygotes: Zygotes | None = None
        self._lacking: dict[str, None] = {}

    @cached_property
    def _found(self) -> FoundLayers:
        cache = None if self._config.getoption("klint_no_cache") else self._options.cache_folder.absolute()
        return find_layers(self._paths, self._options, self._config.getoption("klint_timeout"), cache)

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
        """A file with layers, beside whatever else others collect of it."""
        collected = yield
        cases, unread = self._found.by_file.get(file_path, ()), self._found.unread.get(file_path, ())
        if not (cases or unread):
            return collected
        if not self._is_test_file(file_path):  # pytest would import a file of layers for no more than being named
            collected = [each for each in collected if type(each) is not pytest.Module]
        return [*collected, LayerFile.of(parent.session, file_path, cases, unread, self._outcome)]

    def _is_test_file(self, path: Path) -> bool:
        patterns = self._config.getini("python_files")
        return any(fnmatch(path.name if "/" not in each else str(path), f"*{each}") for each in patterns)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """What is to be run, now that items were left out."""
        self._upcoming = list(dict.fromkeys(item.case for item in session.items if isinstance(item, LayerItem)))

    def _outcome(self, case: LayerCase, oracle: str) -> Outcome:
        if case not in self._outcomes:
            self._run(self._next(case))
        return self._outcomes[case].of(oracle)

    def _next(self, case: LayerCase) -> list[LayerCase]:
        """The layer and as many of those behind it as there are processors; a worker of xdist is one of several."""
        if self._told is not None or case not in self._upcoming:
            return [case]
        start = self._upcoming.index(case)
        waiting = [each for each in self._upcoming[start:] if each not in self._outcomes]
        return waiting[: os.cpu_count() or 1]

    def _run(self, cases: list[LayerCase]) -> None:
        request = self._found.request
        kept = Kept(request.cache, [probe for case in cases for probe in case.probes], request.timeout)
        results = iter(kept.with_known(self._results(kept.unknown, request.timeout) if kept.unknown else []))
        for case in cases:
            own = [next(results) for _ in case.probes]
            self._lacking |= dict.fromkeys(what for result in own for what in result.lacking)
            self._outcomes[case] = Outcomes(case, own, request, self._found.fail_on)

    def _results(self, probes: list[Probe], timeout: float) -> list[ProbeResult]:
        self._zygotes = self._zygotes or Zygotes()
        jobs = 1 if self._told is not None else os.cpu_count() or 1
        pool = Pool(probes, jobs=jobs, timeout=timeout, progress=lambda *_: None, zygotes=self._zygotes)
        results = pool.run()
        if pool.interrupted:
            raise KeyboardInterrupt
        return results

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """What is skipped is shown at the class, not at klint's own line."""
        report = yield
        if isinstance(item, LayerItem) and report.skipped and isinstance(report.longrepr, tuple):
            path, line, _ = item.reportinfo()
            report.longrepr = (str(path), line + 1, report.longrepr[2])
        return report

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Keep the items of a layer together where xdist would spread them."""
        if config.getoption("dist") not in ("load", "worksteal"):
            return None
        from keras_layer_lint.pytest_plugin.scheduling import LayersTogether

        return LayersTogether(config, log)

    def pytest_sessionfinish(self) -> None:
        """A worker of xdist hands on what the controller is to say."""
        if self._told is not None:
            self._told[_LACKING] = list(self._lacking)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what a worker hands on."""
        self._lacking |= dict.fromkeys(getattr(node, "workeroutput", {}).get(_LACKING, ()))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say once what layers were not kept from."""
        if self._lacking:
            what = ", ".join(self._lacking)
            terminalreporter.write_line(f"klint: this system does not let klint stop layers from {what}")

    def pytest_unconfigure(self) -> None:
        """End the processes that ran the layers."""
        if self._zygotes is not None:
            self._zygotes.close()
