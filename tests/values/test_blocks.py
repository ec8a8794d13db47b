"""What a block knows of its later statements is what looking at each of them says."""

from __future__ import annotations

import random
from functools import cache

import libcst as cst

from keras_layer_lint.model import uses
from keras_layer_lint.values.blocks import Block, may_leave

STATEMENTS = """\
a = b
b = a; a = 1
a, c = f(b)
a += c
self.a = self.b
print(a)
del c
return a
raise ValueError(b)
if a: b = 1
if c: return b
for a in c: b = a
while b: a = c
def a(): return b
try: a = 1
with a as b: c = b
"""
NAMES = ["a", "b", "c", "self.a", "self.b", "f"]


@cache
def statement(line: str, place: int) -> cst.CSTNode:
    """Parsed once for each place where it stands: no two statements of a body are the same node."""
    text = f"{line}\nexcept ValueError: raise\n" if line.startswith("try") else f"{line}\n"
    (found,) = cst.parse_module(text).body
    return found


def test_later_statements() -> None:
    for seed in range(50):
        check(seed)


def check(seed: int) -> None:
    chance = random.Random(seed)
    lines = chance.choices(STATEMENTS.splitlines(), k=8)
    body = [statement(line, place) for place, line in enumerate(lines)]
    block = Block(body)
    for block.index in range(len(body)):
        later = body[block.index + 1 :]
        assert {name for name in NAMES if block.needs_later(name)} == uses.exposed_reads(later) & set(NAMES)
        read = {name for part in later for name in uses.names_read(part)}
        assert {name for name in NAMES if block.reads_later(name)} == read & set(NAMES)
        assert block.leaves_later is any(map(may_leave, later))
