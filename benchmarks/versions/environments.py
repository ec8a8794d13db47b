"""The versions of Keras that rules are tried in, each in a virtual environment of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from keras_layer_lint.target import Generation

_LIMIT = 1800
"""Seconds for an installation."""


class NotMade(Exception):
    """An environment cannot be made here; the text says why."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A version of Keras, and what has to be installed to run it."""

    name: str
    """As columns of tables show it: `Keras 3.6`, `TensorFlow 2.12`."""
    generation: Generation
    packages: tuple[str, ...]
    """Requirements, which bring their own."""
    alone: tuple[str, ...] = ()
    """Requirements whose own are left out: `tf_keras` asks for a TensorFlow that has code for GPUs."""
    pythons: tuple[str, ...] = ("3.11", "3.12", "3.10")
    """Versions of Python that have all these packages, the one to prefer first."""

    @property
    def slug(self) -> str:
        """The name as files have it."""
        return self.name.lower().replace(" ", "-")


def _keras_3(version: str, tensorflow: str, jax: str) -> Environment:
    minor = version.rpartition(".")[0]
    packages = (f"keras=={version}", f"tensorflow-cpu=={tensorflow}", f"jax[cpu]=={jax}", "scipy")
    return Environment(f"Keras {minor}", Generation.KERAS3, packages)


def _keras_2(tensorflow: str, tf_keras: str = "") -> Environment:
    minor = tensorflow.rpartition(".")[0]
    alone = (f"tf_keras=={tf_keras}",) if tf_keras else ()
    return Environment(f"TensorFlow {minor}", Generation.KERAS2, (f"tensorflow-cpu=={tensorflow}", "scipy"), alone)


ENVIRONMENTS = (
    _keras_2("2.12.1"),
    _keras_2("2.15.1"),
    _keras_2("2.16.2", "2.16.0"),
    _keras_2("2.18.1", "2.18.0"),
    _keras_2("2.21.0", "2.21.0"),
    _keras_3("3.0.5", "2.16.2", "0.4.26"),
    _keras_3("3.3.3", "2.16.2", "0.4.26"),
    _keras_3("3.6.0", "2.18.1", "0.4.38"),
    _keras_3("3.9.2", "2.19.1", "0.5.3"),
    _keras_3("3.12.4", "2.20.0", "0.7.2"),
    _keras_3("3.15.1", "2.21.0", "0.10.2"),
)
"""The last patch release of each version, with a TensorFlow and a JAX of its time."""


def made(environment: Environment, cache: Path) -> Path:
    """Return the interpreter of an environment, which is made where it is not there yet. Raises NotMade."""
    folder = cache / environment.slug
    python = folder / "bin" / "python"
    complete = folder / "complete"
    if complete.exists():
        return python
    shutil.rmtree(folder, ignore_errors=True)
    base = interpreter(environment.pythons)
    try:
        if base == sys.executable:
            venv.create(folder, with_pip=True)
        else:
            _run([base, "-m", "venv", str(folder)])
        _install(python, environment.packages)
        if environment.alone:
            _install(python, ("--no-deps", *environment.alone))
    except NotMade:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    complete.touch()
    return python


def python_of(environment: Environment, cache: Path) -> str:
    """The version of Python that an environment was made with."""
    lines = (cache / environment.slug / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    return next((line.partition("=")[2].strip() for line in lines if line.startswith("version")), "")


def removed(environment: Environment, cache: Path) -> None:
    """Free the disk of an environment."""
    shutil.rmtree(cache / environment.slug, ignore_errors=True)


def interpreter(versions: tuple[str, ...]) -> str:
    """An interpreter of one of these versions: the one that runs this, or one on the path. Raises NotMade."""
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    for version in versions:
        if version == own:
            return sys.executable
        found = shutil.which(f"python{version}")
        # Version managers put commands on the path that only say that this version is not chosen.
        if found is not None and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            return found
    raise NotMade(f"no Python {' or '.join(versions)} on the path")


def _install(python: Path, packages: tuple[str, ...]) -> None:
    _run([str(python), "-m", "pip", "install", "--quiet", "--only-binary", ":all:", *packages])


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_LIMIT)
    except subprocess.TimeoutExpired:
        raise NotMade(f"installing took more than {_LIMIT} s") from None
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or done.stderr.splitlines()
        raise NotMade(errors[-1].removeprefix("ERROR: ")[:300] if errors else f"{command[0]} failed")
