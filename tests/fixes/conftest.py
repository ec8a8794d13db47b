from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import pytest

from keras_layer_lint.fixes import engine
from keras_layer_lint.fixes.place import FileTree


@pytest.fixture(autouse=True, scope="package")
def whole_files_parsed_once() -> Iterator[None]:
    """A file is fixed for each generation, and what comes of it is asked for fixes again: no fix changes a tree."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "FileTree", lru_cache(maxsize=256)(FileTree))
        yield
