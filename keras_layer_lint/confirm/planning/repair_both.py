"""Other arguments together with other inputs: sizes that a layer has from both."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keras_layer_lint.confirm.planning.changes import each_size
from keras_layer_lint.confirm.planning.inputs import Inputs
from keras_layer_lint.confirm.planning.trouble import Trouble

_TOO_SMALL = re.compile(r"cannot be (more|larger|greater)|at least|divisible|multiple of|less than|smaller than|exceed")
_LARGEST = 256


def wider(trouble: Trouble, arguments: dict[str, str], inputs: Inputs) -> Iterator[tuple[dict[str, str], Inputs]]:
    """A size that the text names in the place of a smaller one that it names, wherever that stands."""
    if not _TOO_SMALL.search(trouble.text):
        return
    named = [int(number) for number in dict.fromkeys(re.findall(r"(?<![\w.])(\d{1,3})(?![\w.])", trouble.text[:600]))]
    own = {size for tensor in inputs.tensors() for size in tensor.shape[1:]}
    for old in [number for number in named if number in own]:
        for new in [number for number in named if old < number <= _LARGEST]:
            changed = {name: str(new) if value == str(old) else value for name, value in arguments.items()}
            yield changed, inputs.map(each_size(old, new))
