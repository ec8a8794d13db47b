"""All that klint does on a GPU, in one call of under eight minutes: `python -m benchmarks.gpu --wheels DIR --out DIR`.

`--prepare DIR`, on a machine with a network, collects the wheels that a bare one with JAX for CUDA lacks. There the
call makes an environment of them beside JAX, and runs: the examples of the rule pages for JAX and the sample layers
that import only Keras, in confirm mode; layers that do harm, in the sandbox; `check_layer` on 30 layers of Keras; and
compile and step times, on the processor and on the device. It writes `gpu.json` and `gpu.md`. `--device cpu` is the
rehearsal.
This process imports nothing but the standard library; each part has a process and a time limit.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.gpu.table import table
from benchmarks.gpu.wheels import ROOT, WheelsError, environment, prepare

BACKEND = "jax"
_ALL_SECONDS = 460.0
_PARTS = {"steps": 90.0, "pages": 150.0, "hostile": 90.0, "checks": 150.0, "fixtures": 90.0, "steps_cpu": 90.0}
"""The parts in their order, and the seconds that each may take."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--device", choices=["gpu", "cpu"], default="gpu")
    parser.add_argument("--out", type=Path, default=Path("gpu-results"), help="folder for gpu.json and gpu.md")
    parser.add_argument("--wheels", type=Path, help="folder that --prepare filled")
    parser.add_argument("--short", action="store_true", help="one or two of each")
    parser.add_argument("--prepare", type=Path, metavar="DIR", help="download the wheels, and stop")
    parser.add_argument("--python", default="3.12", help="with --prepare: the Python of the other machine")
    parser.add_argument("--platform", default="manylinux_2_28_x86_64", help="with --prepare: its platform")
    given = parser.parse_args(arguments)
    try:
        if given.prepare:
            size = prepare(given.prepare, given.python, given.platform)
            print(f"{given.prepare}: {size / (1 << 20):.1f} MiB")
            return 0
        return measure(given.device, given.out, given.wheels, given.short)
    except WheelsError as error:
        print(error, file=sys.stderr)
        return 2


def measure(device: str, out: Path, wheels: Path | None, short: bool) -> int:
    """Run the parts, write what is known after each; 1 where a part did not finish."""
    started = time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    report: dict[str, Any] = {"asked": device, "part_seconds": {}, "unfinished": {}}
    with tempfile.TemporaryDirectory(prefix="klint-gpu-") as folder:
        python = environment(Path(folder, "venv"), wheels.resolve()) if wheels else Path(sys.executable)
        for part, most in _PARTS.items():
            if part == "steps_cpu" and device == "cpu":
                continue
            began = time.monotonic()
            seconds = min(most, _ALL_SECONDS - (began - started))
            run = Part(python, part, "cpu" if part == "steps_cpu" else device, short, Path(folder))
            if why := run.run(seconds) if seconds > 5 else "no time was left":
                report["unfinished"][part] = why
            report[part] = run.entries()
            if run.machine and part != "steps_cpu":
                report["machine"] = run.machine
            report["part_seconds"][part] = round(time.monotonic() - began, 1)
            report["seconds"] = round(time.monotonic() - started, 1)
            (out / "gpu.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
            (out / "gpu.md").write_text(table(report), encoding="utf-8")
    print(table(report), end="")
    return int(bool(report["unfinished"]))


@dataclass
class Part:
    """One part, in processes of its own."""

    python: Path
    name: str
    device: str
    short: bool
    folder: Path
    machine: dict[str, Any] = field(default_factory=dict)

    def run(self, seconds: float) -> str:
        """Run it; why it did not finish, else empty."""
        deadline = time.monotonic() + seconds
        started = [self._start(number) for number in range(self._processes)]
        said = [self._ended(process, number, deadline) for number, process in enumerate(started)]
        return "; ".join(dict.fromkeys(filter(None, said)))

    def _ended(self, process: subprocess.Popen[bytes], number: int, deadline: float) -> str:
        try:
            code = process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return "its time was up"
        return f"exit code {code}: {self._log(number).read_text(errors='replace').strip()[-800:]}" if code else ""

    def entries(self) -> list[dict[str, Any]]:
        """What was found, as far as it came."""
        found: list[dict[str, Any]] = []
        for number in range(self._processes):
            if self._file(number).exists():
                told = json.loads(self._file(number).read_text(encoding="utf-8"))
                found += told[self.name]
                self.machine = told.get("machine", self.machine)
        return found

    @property
    def _processes(self) -> int:
        """Checks take their time on the processor; times are taken alone."""
        return max(1, min(6, (os.cpu_count() or 1) // 2)) if self.name == "checks" else 1

    def _file(self, number: int) -> Path:
        return self.folder / f"{self.name}-{number}.json"

    def _log(self, number: int) -> Path:
        return self.folder / f"{self.name}-{number}.log"

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        module = "running" if self.name in ("pages", "hostile", "fixtures") else "timing"
        command = [str(self.python), "-m", f"benchmarks.gpu.{module}", self.name, str(self._file(number))]
        command += ["--device", self.device, *(["--short"] if self.short else [])]
        if module == "timing":
            command += ["--every", str(number), str(self._processes)]
        variables = os.environ | {"KERAS_BACKEND": BACKEND, "XLA_PYTHON_CLIENT_PREALLOCATE": "false"}
        if self.device == "cpu":
            variables |= {"JAX_PLATFORMS": "cpu", "CUDA_VISIBLE_DEVICES": ""}
        with self._log(number).open("wb") as log:
            return subprocess.Popen(command, cwd=ROOT, env=variables, stdout=log, stderr=log, start_new_session=True)


if __name__ == "__main__":
    sys.exit(main())
