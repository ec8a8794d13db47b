"""How xdist hands out items: those of a layer go to one worker, which runs the layer once for all of them."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

from keras_layer_lint.confirm.probe import WAYS_OF_LAYERS

_MORE = ("mask", "mixed_precision")
"""Oracles that only findings ask for."""


class LayersTogether(LoadScopeScheduling):  # type: ignore[misc]
    """Each other item is handed out by itself."""

    def _split_scope(self, nodeid: str) -> str:
        """What belongs together. The process that hands out has collected nothing and sees names only."""
        layer, _, oracle = nodeid.rpartition("::")
        return layer if oracle in (*WAYS_OF_LAYERS, *_MORE) else nodeid
