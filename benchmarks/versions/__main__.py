"""Which rules hold in which version of Keras: `python -m benchmarks.versions --cache FOLDER --write`.

Each version gets a virtual environment under `--cache`, made with pip. In each, one after another, the examples of the
rule pages go through confirm mode: in bad ones every marked line is to be confirmed, in good ones nothing is to fail.
What came of an environment is kept as JSON in `--cache`, and is not run again unless `--again` says so; `--write`
makes `docs/versions.md` of all that is kept. A version that cannot be installed has its reason there.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.versions.environments import ENVIRONMENTS, Environment, removed
from benchmarks.versions.page import PAGE, page
from benchmarks.versions.running import Trial, read, renewed, save, tried_in


def main(arguments: Sequence[str] | None = None) -> int:
    options = options_of(arguments)
    options.cache.mkdir(parents=True, exist_ok=True)
    for environment in chosen(options.only):
        path = kept(environment, options.cache)
        if options.offline or (path.exists() and not (options.again or options.rules)):
            continue
        print(f"{environment.name}: running", file=sys.stderr, flush=True)
        trial = tried_in(environment, options.cache, options.rules, options.jobs, options.only_bad)
        answers = [each.answer for each in trial.tried]
        told = ", ".join(f"{answers.count(answer)} {answer}" for answer in dict.fromkeys(answers))
        print(f"{environment.name}: {trial.not_made or told}", file=sys.stderr, flush=True)
        if options.rules:
            for each in trial.tried:
                print(f"{each.rule} {each.example} {'bad' if each.is_bad else 'good'}: {each.answer} {each.why}")
        if not options.rules:
            save(trial, path)
        elif path.exists():
            save(renewed(read(path), trial, options.rules), path)
        if not options.keep:
            removed(environment, options.cache)
    text = page([known(environment, options.cache) for environment in ENVIRONMENTS])
    if options.write:
        PAGE.write_text(text, encoding="utf-8")
    elif not options.rules:
        print(text)
    return 0


def options_of(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, required=True, help="folder for environments and results")
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME", help="some environments: `keras-3.6`")
    parser.add_argument("--rules", nargs="*", default=[], metavar="CODE", help="try some rules, again where kept")
    parser.add_argument("--jobs", type=int, default=1, help="layers to run at a time")
    parser.add_argument("--only-bad", action="store_true", help="leave good examples out, half of the time")
    parser.add_argument("--again", action="store_true", help="run environments whose results are kept")
    parser.add_argument("--offline", action="store_true", help="run nothing, show what is kept")
    parser.add_argument("--keep", action="store_true", help="leave the environments on disk: about 2 GB each")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    return parser.parse_args(arguments)


def chosen(names: Sequence[str]) -> list[Environment]:
    slugs = {environment.slug: environment for environment in ENVIRONMENTS}
    if unknown := [name for name in names if name not in slugs]:
        raise SystemExit(f"no environment {', '.join(unknown)}; there are {', '.join(slugs)}")
    return [slugs[name] for name in names] if names else list(ENVIRONMENTS)


def known(environment: Environment, cache: Path) -> Trial:
    """What is kept of an environment, or that nothing is."""
    path = kept(environment, cache)
    return read(path) if path.exists() else Trial(environment.name, environment.generation.value, not_made="not run")


def kept(environment: Environment, cache: Path) -> Path:
    return cache / f"{environment.slug}.json"


if __name__ == "__main__":
    sys.exit(main())
