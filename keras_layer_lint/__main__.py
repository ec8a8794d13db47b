"""`klint` and `python -m keras_layer_lint`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from keras_layer_lint import __version__


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; `--version` is answered before anything else is imported."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    if arguments in (["--version"], ["-V"]):
        print(f"klint {__version__}")
        return 0
    from keras_layer_lint.cli import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
