"""How many layers can be constructed and called without a recipe: `python -m benchmarks.planning keras.layers ...`.

Each PACKAGE (`NAME`, or `NAME@2` for Keras 2, `NAME@3` for Keras 3, `NAME@jax` for Keras 3 on JAX) must be installed.
Of a package called `layers` (`keras.layers`, `keras_hub.layers`) the layers in its namespace count, of any other the
layer classes that its modules define under public names; models left out. A process imports the framework and the
package and executes nothing; each class is planned in a child of it, with a time limit, `--jobs` at once. The seed of
arguments, weights and values is fixed (`SEED` in `planning/values.py`): the same plans are found each time. CI runs
`keras.layers` with `--floor 93`.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import os
import pkgutil
import re
import resource
import select
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from keras_layer_lint.confirm.framework import load
from keras_layer_lint.confirm.planning import Failure, first_working
from keras_layer_lint.confirm.zygotes import environment
from keras_layer_lint.target import Generation

LIMIT = 40
NO_TESTS = re.compile(r"(^|\.)(tests?|testing|\w+_test|test_\w+|benchmarks?|examples?|conftest)(\.|$)")


@dataclass(frozen=True)
class Nothing:
    """What is known of a class beforehand."""

    recipe: None = None
    calls: tuple[()] = ()


@dataclass(frozen=True)
class Target:
    package: str
    generation: Generation
    backend: str

    @classmethod
    def read(cls, word: str) -> Target:
        package, _, flavour = word.partition("@")
        if flavour == "jax":
            return cls(package, Generation.KERAS3, "jax")
        return cls(package, Generation(flavour or ("2" if package == "tf_keras.layers" else "3")), "tensorflow")

    def __str__(self) -> str:
        return f"{self.package} (Keras {self.generation.value}, {self.backend})"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("packages", nargs="+")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="classes whose name matches this pattern")
    parser.add_argument("--verbose", action="store_true", help="the plans that worked, too")
    parser.add_argument("--floor", type=float, default=0.0, metavar="PERCENT", help="exit code 1 below this share")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    targets = [Target.read(word) for word in options.packages]
    if options.serve:
        serve(targets[0], options.only, options.jobs)
        return 0
    shares = [measure(target, options) for target in targets]
    below = min(shares) < options.floor / 100
    if below:
        print(f"below the floor of {options.floor:g} %", file=sys.stderr)
    return int(below)


def measure(target: Target, options: argparse.Namespace) -> float:
    command = [sys.executable, "-m", "benchmarks.planning", "--serve", "--only", options.only]
    word = f"{target.package}@{'jax' if target.backend == 'jax' else target.generation.value}"
    with tempfile.TemporaryFile("w+") as errors:
        done = subprocess.run(
            [*command, "--jobs", str(options.jobs), word],
            env=environment(target.generation, target.backend, "cpu"),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            check=False,
        )
        if done.returncode:
            errors.seek(0)
            sys.exit(f"{target}: {errors.read()[-2000:]}")
    results = [json.loads(line) for line in done.stdout.splitlines()]
    for result in results:
        if result["status"] == "works" and options.verbose:
            print(f"  {result['class']}({result['arguments']})({result['inputs']})  [{result['source']}]")
    for result in results:
        if result["status"] != "works":
            print(f"  {result['status']}: {result['class']}: {result['reason']}")
    classes = [result for result in results if result["status"] != "not imported"]
    worked = [result for result in classes if result["status"] == "works"]
    seconds = [result["seconds"] for result in classes] or [0.0]
    share = len(worked) / len(classes) if classes else 0.0
    print(
        f"{target}: {len(worked)} of {len(classes)} = {share:.1%}; "
        f"seconds a class: median {statistics.median(seconds):.2f}, longest {max(seconds):.1f}",
        flush=True,
    )
    return share


def serve(target: Target, only: str, jobs: int) -> None:
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    framework = load(target.generation, target.backend)
    named, failed, quiet = in_child(lambda: found(target.package, framework), 300)
    for module, reason in failed:
        print(json.dumps({"status": "not imported", "class": module, "reason": reason}), file=answers)
    if quiet:
        for module, _ in named:
            importlib.import_module(module)
    wanted = [(module, name) for module, name in named if re.search(only, name)]
    for result in children(wanted, framework, jobs):
        print(json.dumps(result), file=answers)


def found(package: str, framework: Any) -> tuple[list[tuple[str, str]], list[tuple[str, str]], bool]:
    """The classes, the modules that cannot be imported, and whether importing executed nothing."""
    failed: list[tuple[str, str]] = []
    layers: dict[Any, tuple[str, str]] = {}
    root = importlib.import_module(package)
    if package.endswith(".layers"):
        modules = [root]
    else:
        modules = []
        for info in pkgutil.walk_packages(root.__path__, f"{package}."):
            if NO_TESTS.search(info.name):
                continue
            try:
                modules.append(importlib.import_module(info.name))
            except (Exception, SystemExit) as error:
                failed.append((info.name, f"{type(error).__name__}: {error}"[:200]))
    for module in modules:
        for name, value in sorted(vars(module).items()):
            home = getattr(value, "__module__", "")
            inside = home == module.__name__ or (module is root and home.split(".")[0] == package.split(".")[0])
            if (
                inside
                and is_public_layer(name, value, framework)
                and value.__module__.split(".")[0] == package.split(".")[0]
            ):
                layers.setdefault(value, (value.__module__, value.__qualname__))
    return sorted(layers.values()), failed, executed_nothing(framework)


def is_public_layer(name: str, value: Any, framework: Any) -> bool:
    keras = framework.keras
    return (
        isinstance(value, type)
        and issubclass(value, keras.layers.Layer)
        and not issubclass(value, (keras.Model, keras.metrics.Metric))
        and value is not keras.layers.Layer
        and not name.startswith("_")
        and not inspect.isabstract(value)
    )


def executed_nothing(framework: Any) -> bool:
    if framework.tf is None:
        return True
    context = importlib.import_module("tensorflow.python.eager.context")._context
    return context is None or context._context_handle is None


def in_child(work: Any, limit: float) -> Any:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(int(limit))
        with os.fdopen(writer, "w") as pipe:
            json.dump(work(), pipe)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return json.loads(text)


def children(named: list[tuple[str, str]], framework: Any, jobs: int) -> Iterator[dict[str, Any]]:
    waiting = list(reversed(named))
    running: dict[int, tuple[int, str, float]] = {}
    while waiting or running:
        while waiting and len(running) < jobs:
            module, name = waiting.pop()
            reader, writer = os.pipe()
            child = os.fork()
            if child == 0:
                os.close(reader)
                resource.setrlimit(resource.RLIMIT_CPU, (LIMIT, LIMIT))  # a busy machine is no reason to fail
                signal.alarm(10 * LIMIT)
                os.chdir(tempfile.mkdtemp())
                with os.fdopen(writer, "w") as pipe:
                    json.dump(planned(module, name, framework), pipe)
                os._exit(0)
            os.close(writer)
            running[reader] = (child, f"{module}.{name}", time.monotonic())
        ready, _, _ = select.select(list(running), [], [])
        for reader in ready:
            child, label, start = running.pop(reader)
            with os.fdopen(reader) as pipe:
                text = pipe.read()
            _, status = os.waitpid(child, 0)
            seconds = time.monotonic() - start
            result = json.loads(text) if text else {"status": "died", "reason": f"wait status {status}"}
            yield {"class": label, "seconds": round(seconds, 3), **result}


def planned(module: str, name: str, framework: Any) -> dict[str, Any]:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    cls = importlib.import_module(module)
    for part in name.split("."):
        cls = getattr(cls, part)
    result = first_working(cls, Nothing(), framework)
    if isinstance(result, Failure):
        return {"status": "failed", "reason": result.reason, "recipe": result.recipe}
    return {"status": "works", "source": result.source, "arguments": result.arguments, "inputs": result.inputs}


if __name__ == "__main__":
    sys.exit(main())
