"""What einops makes of tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keras_layer_lint.values.apis.registry import ApiCall, handles
from keras_layer_lint.values.batch_axis import keeps_first_name
from keras_layer_lint.values.value import Nest, Origin, PythonValue, Tensor, Value

if TYPE_CHECKING:
    from keras_layer_lint.values.calls import Calls


@handles("einops.rearrange", "einops.reduce", "einops.repeat")
def _rearranges(calls: Calls, call: ApiCall) -> Value | None:
    if not isinstance(call.first, Tensor | Nest):
        return None
    pattern = call.arguments.get(1, "pattern")
    text = pattern.constant if isinstance(pattern, PythonValue) else None
    batched = call.first.batched and isinstance(text, str) and keeps_first_name(text, of_letters=False)
    return Tensor(Origin("`%` returns one", call.frame.unit, call.node), batched=batched)
