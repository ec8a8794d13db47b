"""The order in which Python looks attributes up in a class and its bases, for chains and graphs of any size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Hashable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

MAX_INHERITANCE = 200
"""Classes in a chain of bases: what is done for one class takes time for each class that it derives from."""


def merged(orders: Sequence[Sequence[T]]) -> list[T]:
    """Merge the orders of bases by Python's C3 rule; where it fails, each class stands where it is first met."""
    if len(orders) == 2 and len(orders[1]) == 1 and orders[0][0] == orders[1][0]:
        return list(orders[0])  # one base
    merged = _c3(orders)
    return list(dict.fromkeys([item for order in orders for item in order])) if merged is None else merged


def _c3(orders: Sequence[Sequence[T]]) -> list[T] | None:
    """Take what heads an order and stands in no other behind the head, again and again."""
    behind = Counter([item for order in orders for item in order[1:]])
    heads: dict[T, list[int]] = {}
    for number, order in enumerate(orders):
        if order:
            heads.setdefault(order[0], []).append(number)
    positions = [0] * len(orders)
    open_orders = dict.fromkeys(number for number, order in enumerate(orders) if order)
    found: list[T] = []
    while open_orders:
        head = next((h for n in open_orders if not behind[h := orders[n][positions[n]]]), None)
        if head is None:
            return None
        found.append(head)
        for number in heads.pop(head):
            positions[number] += 1
            if positions[number] == len(orders[number]):
                del open_orders[number]
                continue
            item = orders[number][positions[number]]
            behind[item] -= 1
            heads.setdefault(item, []).append(number)
    return found


def components(start: T, bases: Callable[[T], Sequence[T]], done: Container[T]) -> Iterator[list[T]]:
    """What `start` derives from and itself, bases first, without what is done; classes on a circle come together.

    These are the strongly connected components by Tarjan's algorithm, without recursion. What is yielded must be done
    when the next component is asked for.
    """
    order: dict[T, int] = {}
    lowest: dict[T, int] = {}
    path: list[T] = []
    on_path: set[T] = set()
    stack: list[tuple[T, Iterator[T]]] = []

    def enter(item: T) -> None:
        order[item] = lowest[item] = len(order)
        path.append(item)
        on_path.add(item)
        stack.append((item, iter(bases(item))))

    if start not in done:
        enter(start)
    while stack:
        item, waiting = stack[-1]
        base = next((b for b in waiting if b not in done and (b not in order or b in on_path)), None)
        if base is not None and base not in order:
            enter(base)
            continue
        if base is not None:
            lowest[item] = min(lowest[item], order[base])
            continue
        stack.pop()
        if stack:
            lowest[stack[-1][0]] = min(lowest[stack[-1][0]], lowest[item])
        if lowest[item] == order[item]:
            first = path.index(item) if path[-1] != item else len(path) - 1
            component = path[first:]
            del path[first:]
            on_path.difference_update(component)
            yield component
