"""`klint` and `python -m keras_layer_lint`."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

from keras_layer_lint import __version__


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; `--version` is answered before anything else is imported.

    Without `arguments` the process is taken to be klint's own: it does without garbage collection, which would look
    at millions of syntax nodes again and again, and once more at exit.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given in (["--version"], ["-V"]):
        print(f"klint {__version__}")
        return 0
    from keras_layer_lint.cli import run

    if arguments is not None:
        return run(given)
    from keras_layer_lint.processes import own

    own()
    gc.disable()
    try:
        return run(given)
    finally:
        gc.freeze()


if __name__ == "__main__":
    sys.exit(main())
