"""The configuration file as JSON Schema, made from the table of options."""

from __future__ import annotations

from typing import Any

from keras_layer_lint.option_table import IN_FILE
from keras_layer_lint.option_values import OVERRIDABLE

DESCRIBED = {
    "extend": "A configuration file whose values hold where this one says nothing.",
    "overrides": "What holds for some of the files: `select`, `keras` and `backend` instead, the others as well.",
    "recipes": "How --confirm constructs and calls a layer, by the full name of its class.",
    "respect-gitignore": "Whether files that .gitignore names are left out.",
}
"""Options that the command line does not have."""
URL = "https://github.com/keras-layer-lint/klint/blob/main/docs/configuration.schema.json"


def configuration_schema() -> dict[str, Any]:
    """The schema of klint.toml, and of `[tool.klint]` in pyproject.toml."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": URL,
        "title": "The configuration of klint",
        "description": "klint.toml, or [tool.klint] in pyproject.toml.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            key: {"description": DESCRIBED.get(key, option.help), **option.schema}
            for key, option in sorted(IN_FILE.items())
        },
        "$defs": {
            "override": {
                "type": "object",
                "additionalProperties": False,
                "required": ["files"],
                "properties": {
                    "files": {"description": "Patterns, as in .gitignore.", **IN_FILE["exclude"].schema},
                    **{key: IN_FILE[key].schema for key in OVERRIDABLE},
                },
            }
        },
    }
