"""`klint` and `python -m keras_layer_lint`."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

from keras_layer_lint import __version__
from keras_layer_lint.processes import own


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; `--version` is answered before anything else is imported.

    Without `arguments` the process is taken to be klint's own: it does without garbage collection, which would look
    at millions of syntax nodes again and again, and once more at exit.
    """
    if arguments is None:
        own()
        gc.disable()
        try:
            return main(sys.argv[1:])
        finally:
            gc.freeze()
    arguments = list(arguments)
    if arguments in (["--version"], ["-V"]):
        print(f"klint {__version__}")
        return 0
    from keras_layer_lint.cli import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
