"""What XLA would do on a GPU, asked on a machine that has none.

TensorFlow registers the kernels of XLA for both platforms in every build, and lowers a function to HLO for a platform
that is not there, if the function captures no variables (measured with TensorFlow 2.21).
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.planning.plan import Plan
from keras_layer_lint.target import Generation

_MISSING = re.compile(r"\b(\w+) \(No registered '\w+' OpKernel")
_PLATFORM = "XLA_GPU_JIT"


def without_kernel(framework: Framework, error: str) -> str:
    """What an error of XLA on the CPU means for a GPU; empty where it says nothing of one, or where there is one."""
    if not _is_asked(framework):
        return ""
    missing = [name for name in dict.fromkeys(_MISSING.findall(error)) if not has_kernel(name, _PLATFORM)]
    return f"; would not compile on GPU: {_ops(missing)}" if missing else ""


def has_all_kernels(framework: Framework, error: str) -> bool:
    """Whether the operations that an error of XLA on the CPU names all have a kernel on a GPU."""
    missing = _MISSING.findall(error) if _is_asked(framework) else []
    return bool(missing) and all(has_kernel(name, _PLATFORM) for name in missing)


def lowered(framework: Framework, plan: Plan) -> str:
    """Lower a layer for a GPU, its weights being arguments: the operations that have no kernel there, else empty."""
    if not _is_asked(framework) or framework.generation is Generation.KERAS2:
        return (
            ""  # `stateless_call` came with Keras 3; for Keras 2 the verdict of the CPU stands, with the same kernels
        )
    layer = plan.make()
    inputs, keywords = plan.call_inputs()
    layer(*inputs, **keywords)

    def call(trainable: Any, others: Any, inputs: Any) -> Any:
        return layer.stateless_call(trainable, others, *inputs, **keywords)[0]

    groups = (layer.trainable_variables, layer.non_trainable_variables)
    weights = [[variable.value for variable in group] for group in groups]
    function = framework.tf.function(call, autograph=False, jit_compile=True)
    try:
        function.experimental_get_compiler_ir(*weights, inputs)(stage="hlo", platform_name="GPU")
    except Exception as error:  # of many kinds: what is no missing kernel, such as a captured variable, says nothing
        missing = list(dict.fromkeys(_MISSING.findall(str(error))))
        return f"would not compile on GPU: {_ops(missing)}" if missing else ""
    return ""


def _is_asked(framework: Framework) -> bool:
    return framework.tf is not None and not framework.tf.config.list_physical_devices("GPU")


def has_kernel(op: str, platform: str) -> bool:
    """Whether an operation has a kernel for a platform. XLA registers its own once something was compiled."""
    kernels = import_module("tensorflow.python.framework.kernels")
    return platform in {kernel.device_type for kernel in kernels.get_registered_kernels_for_op(op).kernel}


def _ops(names: list[str]) -> str:
    return f"{'op' if len(names) == 1 else 'ops'} {', '.join(names)}"
