"""Where a class that was imported comes from, and its source."""

from __future__ import annotations

import ast
import inspect
import sys
import sysconfig
import textwrap
from functools import lru_cache
from types import FunctionType

_LIBRARY = sysconfig.get_paths()["stdlib"]


@lru_cache(maxsize=512)
def tree_of(cls: type | FunctionType) -> ast.Module:
    """The syntax tree of a class or function alone.

    Raises OSError or TypeError where it has no source, SyntaxError for odd layout.

    `inspect` reads all of a file for each class of it (Python 3.9 to 3.12).
    """
    return ast.parse(textwrap.dedent(inspect.getsource(cls)))


def comes_installed(found: type | FunctionType) -> bool:
    """Whether a class or function comes with Python or was installed: it is no code of the project."""
    file = getattr(sys.modules.get(found.__module__), "__file__", None) or ""
    return not file or "site-packages" in file or "dist-packages" in file or file.startswith(_LIBRARY)


def package_of(found: type | FunctionType) -> str:
    """The name of the outermost package that a class or function is defined in."""
    return found.__module__.partition(".")[0]
