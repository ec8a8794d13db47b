"""Whether a method can be called with certain arguments."""

from __future__ import annotations

import libcst as cst

from keras_layer_lint.model.layer import Method


def refused(method: Method, by_position: int, by_name: tuple[str, ...]) -> str | None:
    """What keeps a method from being called so, beside `self`, as the end of "it ..."; None where nothing does."""
    params = method.node.params
    positional = [*params.posonly_params, *params.params]
    takes_all = isinstance(params.star_arg, cst.Param)
    names = [param.name.value for param in positional]
    if len(positional) < by_position + 1 and not takes_all:
        return f"takes {_arguments(max(0, len(positional) - 1))}" if positional else "takes no `self`"
    filled = set(names[: by_position + 1])
    by_keyword = {param.name.value for param in (*params.params, *params.kwonly_params)}
    for name in by_name:
        if name not in by_keyword and params.star_kwarg is None:
            return f"takes no `{name}`"
        if name in filled:
            return f"takes `{name}` by position already"
    missing = [
        param.name.value
        for param in (*positional[by_position + 1 :], *params.kwonly_params)
        if param.default is None and param.name.value not in by_name
    ]
    return f"needs `{'`, `'.join(missing)}`" if missing else None


def takes_nothing(method: Method) -> bool:
    """Whether a method takes no argument beside its first, by position or by name."""
    params = method.node.params
    takes_more = params.kwonly_params or params.star_kwarg is not None or isinstance(params.star_arg, cst.Param)
    return not takes_more and len(params.posonly_params) + len(params.params) < 2


def _arguments(count: int) -> str:
    return "no argument" if not count else f"{count} argument{'s' * (count > 1)}"
