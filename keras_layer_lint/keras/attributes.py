"""The attributes that layers and models have without code of their own, and which of them cannot be set.

The data, `attributes.json`, is written by `tools/write_keras_attributes.py` from the installed generations.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

DATA = Path(__file__).with_name("attributes.json")


@cache
def _tables() -> Mapping[str, frozenset[str]]:
    return {key: frozenset(names.split()) for key, names in json.loads(DATA.read_bytes()).items()}


def is_inherited(attribute: str) -> bool:
    """Whether some layer or model of either generation has it; names that open with two underscores are not known."""
    return attribute in _tables()["attributes"]


def is_read_only(attribute: str, keras: str, *, is_model: bool) -> bool:
    """Whether assigning it raises AttributeError."""
    return attribute in _tables()[f"read-only {'model' if is_model else 'layer'} {keras}"]
