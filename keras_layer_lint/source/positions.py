"""Where the nodes of a parsed module stand: the quick way, or that of LibCST's public interface."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import libcst as cst


class Positions(Protocol):
    """Places in the parsed text: lines from 1, columns from 0."""

    @property
    def spans(self) -> Mapping[int, tuple[int, int, int, int]]:
        """`id` of a node (the tree keeps it alive) to line, column, end line, end column."""

    @property
    def suites(self) -> Mapping[int, tuple[int, int]]:
        """`id` of a body to the place right after the colon before it."""


class PublicPositions:
    """As LibCST's own providers have them; for when the private parts that are quicker are missing."""

    def __init__(self, module: cst.Module) -> None:
        from libcst.metadata import MetadataWrapper, PositionProvider, WhitespaceInclusivePositionProvider

        wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        self.spans = {
            id(node): (found.start.line, found.start.column, found.end.line, found.end.column)
            for node, found in wrapper.resolve(PositionProvider).items()
        }
        self.suites = {
            id(node): (found.start.line, found.start.column)
            for node, found in wrapper.resolve(WhitespaceInclusivePositionProvider).items()
            if isinstance(node, cst.BaseSuite)
        }


def positions_of(
    module: cst.Module, *, stop_at: cst.BaseSuite | None = None, stop_behind: cst.CSTNode | None = None
) -> Positions:
    """Locate all that is in a module, at least up to `stop_at` or the end of `stop_behind`."""
    try:
        from keras_layer_lint.source.written_positions import WrittenPositions

        return WrittenPositions(module, stop_at=stop_at, stop_behind=stop_behind)
    except (ImportError, AttributeError, TypeError):  # another LibCST
        return PublicPositions(module)
