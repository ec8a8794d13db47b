"""What layers of graph networks are called on: nodes, edges, and to which graph a node belongs.

No axis of these is a batch: the first axis of nodes counts nodes, that of edges counts edges. Some layers take a batch
of graphs of equal size instead. Which part is which is told by the names that a layer unpacks its inputs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from keras_layer_lint.confirm.planning.inputs import Tensor
from keras_layer_lint.confirm.planning.usual import BATCH, WIDTH

NODES, EDGES, GRAPHS = BATCH, BATCH + 2, 3
"""Other numbers than those of features, so that one is not taken for the other."""
_NODES = re.compile(
    r"^(x|h|n|v|nodes?|atoms?|features?|(node|atom|vertex)_?(features?|attr\w{0,9}|embeddings?|states?))$"
)
_PAIRS = re.compile(
    r"^(e_?i|edge_?(index|indices|list|idx)|edge_lists|(edges?|pair)_?ind\w{0,6}|connectivity|bond_atom_indices"
    r"|adjacency_lists?)$"
)
_WEIGHTS = re.compile(r"^(edge_?weights?|ew)$")
_EDGES = re.compile(r"^(e|edges?|bonds?|(edge|bond)_?(features?|attr\w{0,9}|embeddings?|states?))$")
_MATRIX = re.compile(r"^(a|adj\w{0,20}|sparse_adj\w{0,9}|laplacian|a_?(norm|hat|tilde)|supports?)$")
_GRAPH_OF_NODE = re.compile(
    r"^(i|batch|(node_)?graph_?(index|indices|ids?)|graph_id_attr|node_to_graph\w{0,9}|segment_?ids?|batch_?ids?)$"
)
_GRAPHS = re.compile(r"^(u|globals?|(global|graph)_?(features?|attr\w{0,9}|embeddings?|states?))$")
_COUNT = re.compile(r"^(num|n)_?graphs$")
_TELLING = (
    _PAIRS,
    _WEIGHTS,
    re.compile(r"^(supports?|adj\w{0,20}|sparse_adj\w{0,9}|(node_)?graph_?ind\w{0,6}|node_to_graph\w{0,9}|laplacian)$"),
)
_SHORT = (("x", "a"), ("x", "a", "e"), ("x", "a", "i"), ("x", "a", "e", "i"), ("n", "ei"), ("n", "e", "ei"))
"""Names of one or two letters say nothing by themselves, but these lists do."""


def graphs(names: Sequence[str]) -> Iterator[list[Tensor]]:
    """Inputs for names that a list is unpacked to, the likeliest first; none where they speak of no graph."""
    spoken = [name.lower().strip("_") for name in names]
    tells = any(pattern.search(name) for name in spoken for pattern in _TELLING)
    if not tells and tuple(spoken) not in _SHORT:
        return
    in_columns, in_rows = _parts(spoken, (EDGES, 2)), _parts(spoken, (2, EDGES))
    if len(in_columns) < len(spoken):
        return
    lists = any(name.endswith(("list", "lists")) for name in spoken)
    yield in_columns if lists else in_rows
    if in_rows != in_columns:
        yield in_rows if lists else in_columns
    yield [_batched(part) for part in in_columns]


def _parts(spoken: Sequence[str], pairs: tuple[int, int]) -> list[Tensor]:
    """The parts that the names speak of."""
    found = (_part(name, pairs, first=not at) for at, name in enumerate(spoken))
    return [part for part in found if part is not None]


def _batched(tensor: Tensor) -> Tensor:
    """The same part of so many graphs; what a graph has as a whole has their axis already."""
    own = tensor.shape[1:] if tensor.shape[:1] == (1,) else tensor.shape
    return replace(tensor, shape=(GRAPHS, *own)) if tensor.shape else tensor


def _part(name: str, pairs: tuple[int, int], *, first: bool) -> Tensor | None:
    if _PAIRS.search(name):
        return Tensor("int32", pairs, NODES)
    if _GRAPH_OF_NODE.search(name):
        return Tensor("int32", (NODES,), 1)  # one graph: segments must be in order
    if _COUNT.search(name):
        return Tensor("int32", (), least=1)
    if _MATRIX.search(name):
        return Tensor("float32", (NODES, NODES))
    if _WEIGHTS.search(name):
        return Tensor("float32", (EDGES,))
    if _EDGES.search(name):
        return Tensor("float32", (EDGES, WIDTH))
    if _GRAPHS.search(name):
        return Tensor("float32", (1, WIDTH))
    return Tensor("float32", (NODES, WIDTH)) if first or _NODES.search(name) else None
