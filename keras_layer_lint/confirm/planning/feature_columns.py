"""Columns of `tf.feature_column`, as text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keras_layer_lint.confirm.planning.usual import VOCABULARY, WIDTH

_COLUMNS = re.compile(r"(^|_)(feature|embedding|indicator|categorical|numeric)_columns?$")
_CATEGORIES = re.compile(r"hot|sparse|categor|discrete")


def feature_columns(name: str, *, embedded: bool) -> Iterator[str]:
    """Columns for a parameter of that name, the likeliest kind first; nothing for other names.

    `embedded`: the code makes columns of them that take categories.
    """
    match = _COLUMNS.search(name)
    if match is None:
        return
    key = name[: match.start()] or "feature"
    category = f"tf.feature_column.categorical_column_with_identity('{{}}_id', {VOCABULARY})"
    of = {
        "categorical": category,
        "numeric": "tf.feature_column.numeric_column('{}_number')",
        "embedding": f"tf.feature_column.embedding_column({category}, {WIDTH})",
        "indicator": f"tf.feature_column.indicator_column({category})",
    }
    is_category = embedded or _CATEGORIES.search(key)
    likeliest = of.get(match[2]) or of["categorical" if is_category else "numeric"]
    kinds = dict.fromkeys([likeliest, *of.values()])
    for kind in kinds:
        columns = ", ".join(kind.format(each) for each in (key, f"{key}_2"))
        yield f"[{columns}]" if match[0].endswith("s") else kind.format(key)
