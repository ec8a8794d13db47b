"""Which rules hold in which version of Keras: `python -m benchmarks.versions --cache FOLDER --write`.

Each version gets a virtual environment under `--cache`, made with pip. In each, one after another, the examples of the
rule pages go through confirm mode: in bad ones every marked line is to be confirmed, in good ones nothing is to fail.
What came of an example stays in `benchmarks/versions/results/`, one file a version, and is written as it comes. A run
tries what has no result there, or whose text has changed; `--all` tries everything again. `--write` makes
`docs/versions.md` of the results; with `--no-run` it does so without any environment.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.versions.environments import ENVIRONMENTS, Environment, NotMade, made, removed
from benchmarks.versions.page import PAGE, page, write_page
from benchmarks.versions.results import (
    RESULTS,
    Example,
    Result,
    all_examples,
    missing,
    path_of,
    pruned,
    read,
    read_all,
    write,
)
from benchmarks.versions.running import run


def main(arguments: Sequence[str] | None = None) -> int:
    options = options_of(arguments)
    environments = chosen(options.versions)
    failed = False
    if not options.no_run:
        for environment in environments:
            failed |= not run_in(environment, options)
    if options.write:
        for environment in ENVIRONMENTS:
            path = path_of(environment, options.results)
            if path.exists():
                write(pruned(read(path), all_examples(environment)), path)
        write_page(options.results)
    elif options.no_run:
        print(page(read_all(options.results)), end="")
    return int(failed)


def run_in(environment: Environment, options: argparse.Namespace) -> bool:
    """Run what is missing in an environment, and write it as it comes. Returns whether there is such an environment."""
    path = path_of(environment, options.results)
    results = read(path)
    asked = [example for example in all_examples(environment) if is_asked(example, options)]
    wanted = asked if options.all else missing(asked, results)
    if not wanted:
        return True
    print(f"{environment.name}: {len(wanted)} examples", file=sys.stderr, flush=True)
    try:
        python = made(environment, options.cache)
    except NotMade as error:
        print(f"{environment.name}: {error}", file=sys.stderr, flush=True)
        return False
    outcomes: Counter[str] = Counter()

    def keep(result: Result) -> None:
        results[result.key] = result
        write(results, path)
        outcomes[result.outcome] += 1

    run(environment, python, wanted, options.jobs, keep)
    told = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items())
    print(f"{environment.name}: {told}", file=sys.stderr, flush=True)
    if not options.keep:
        removed(environment, options.cache)
    return True


def is_asked(example: Example, options: argparse.Namespace) -> bool:
    return (not options.rules or example.page.code in options.rules) and (example.block.is_bad or not options.only_bad)


def options_of(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, help="folder for environments")
    parser.add_argument("--versions", nargs="*", default=[], metavar="NAME", help="some environments: `keras-3.6`")
    parser.add_argument("--rules", nargs="*", default=[], metavar="CODE", help="some rules")
    parser.add_argument("--only-bad", action="store_true", help="leave good examples out, half of the time")
    parser.add_argument("--all", action="store_true", help="try what has a result, too")
    parser.add_argument("--jobs", type=int, default=1, help="layers to run at a time")
    parser.add_argument("--keep", action="store_true", help="leave the environments on disk: about 2 GB each")
    parser.add_argument("--no-run", action="store_true", help="run nothing; the page is made of the results there are")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}, and drop results of former examples")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the results")
    options = parser.parse_args(arguments)
    if options.cache is None and not options.no_run:
        parser.error("--cache FOLDER, or --no-run")
    return options


def chosen(names: Sequence[str]) -> list[Environment]:
    slugs = {environment.slug: environment for environment in ENVIRONMENTS}
    if unknown := [name for name in names if name not in slugs]:
        raise SystemExit(f"no environment {', '.join(unknown)}; there are {', '.join(slugs)}")
    return [slugs[name] for name in names] if names else list(ENVIRONMENTS)


if __name__ == "__main__":
    sys.exit(main())
