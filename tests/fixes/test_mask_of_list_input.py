from __future__ import annotations

import pytest

from keras_layer_lint import Settings, fix_source

CALL = """\
import keras


class Pair(keras.layers.Layer):
    def call(self, inputs, mask=None):
        x, y = inputs
        output = x + y
        if mask is not None:
            {}
        return output
"""


@pytest.mark.parametrize(
    "use", ["output *= mask[0]", "output = output * mask[0]", "output = keras.ops.where(mask[0], x, y)"]
)
def test_the_element_is_tested(use: str) -> None:
    done = fix_source(CALL.format(use), settings=Settings(keras=("3",)))
    assert done == CALL.format(use).replace("if mask is not None:", "if mask is not None and mask[0] is not None:")
