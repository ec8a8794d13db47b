"""Where a class that was imported comes from, and its source."""

from __future__ import annotations

import ast
import inspect
import textwrap
from functools import lru_cache


@lru_cache(maxsize=512)
def tree_of(cls: type) -> ast.Module:
    """The syntax tree of a class alone. Raises OSError or TypeError where it has no source, SyntaxError for odd layout.

    `inspect` reads all of a file for each class of it (Python 3.9 to 3.12).
    """
    return ast.parse(textwrap.dedent(inspect.getsource(cls)))


def package_of(cls: type) -> str:
    """The name of the package, of all packages, that a class is defined in."""
    return cls.__module__.partition(".")[0]
