"""What tests of a value's type come out as while a layer is traced."""

from __future__ import annotations

from collections.abc import Set

from keras_layer_lint.values.containers import Dict, Sequence
from keras_layer_lint.values.value import BoundMethod, Nest, PythonValue, Tensor, Value

TENSOR_TYPES = frozenset(
    {"Tensor", "KerasTensor", "EagerTensor", "SymbolicTensor", "RaggedTensor", "SparseTensor", "Variable"}
)
"""Classes of tensors, by their last name."""

_CONTAINERS = frozenset({"list", "tuple", "dict", "List", "Tuple", "Dict", "Mapping", "ListWrapper"})
_SCALARS = frozenset(
    """
    bool bytes complex float floating generic int integer integer_types ndarray number Integral Number Real str
    string_types text_type TensorShape DType Layer Model function FunctionType
    """.split()
)
_LITERALS: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}


def is_instance(value: Value, names: Set[str]) -> bool | None:
    """Whether `isinstance` holds for classes given by their last names; None where that is not known."""
    if "object" in names:
        return True
    match value:
        case Tensor():
            if "Tensor" in names and not value.optional and not value.variable:
                return True
            return _unless(names, _CONTAINERS | _SCALARS, value.optional)
        case Nest():
            return _unless(names, _SCALARS, value.optional)
        case Sequence():
            if names >= {"list", "tuple"}:
                return True
            return _unless(names, _SCALARS | {"dict"}, False)
        case Dict():
            return True if "dict" in names else None
        case PythonValue(constant=None):
            return True if "NoneType" in names else _unless(names, _CONTAINERS | _SCALARS | TENSOR_TYPES, False)
        case PythonValue(constant=str() | int() | float() | bool() as constant):
            kinds = [_LITERALS[name] for name in names if name in _LITERALS]
            if isinstance(constant, tuple(kinds)):
                return True
            return _unless(names, _LITERALS.keys() | _CONTAINERS, False)
        case _:
            return None


def _unless(names: Set[str], others: Set[str], is_optional: bool) -> bool | None:
    """False where all names are of classes that a value is certainly not of; None where one of them may be its own."""
    return False if names <= (others if is_optional else others | {"NoneType"}) else None


def has_attribute(value: Value, name: str) -> bool | None:
    """Whether `hasattr` holds: a symbolic tensor has no `numpy`, an array's methods neither."""
    if isinstance(value, Tensor | Nest) and name in ("numpy", "tolist", "item", "to_list"):
        return False
    if isinstance(value, Tensor) and name in ("shape", "dtype", "op"):
        return True
    if isinstance(value, Tensor | Nest) and name == "graph":
        return True  # asked to tell a symbolic tensor from one with a value
    if isinstance(value, BoundMethod) and isinstance(value.receiver, Tensor) and value.name == "graph":
        return True
    return True if name == "as_graph_def" else None
