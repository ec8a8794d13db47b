from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import pytest

from keras_layer_lint.source import code_slice


@pytest.fixture(autouse=True, scope="package")
def parsed_once() -> Iterator[None]:
    """Most rows differ in one method of one layer, and are linted for each generation: the others are parsed once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(code_slice, "_parsed", lru_cache(maxsize=256)(code_slice._parsed))
        yield
