"""The examples of the pages under `rules/`, and what is run of each: bad ones for their claims, good ones for all."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.confirm.probe import Claim, Probe
from keras_layer_lint.confirm.probes import probes_of
from keras_layer_lint.confirm.request import Request
from tests.confirm.conftest import claim_of, claims_in, probe
from tests.rule_pages import Block, Page, read_pages, run_on

ABOUT_FILES = {"KLL001", "KLL002"}
ASKED_ALSO = {"KLL161", "KLL309"}
"""Rules that must be chosen: what they ask for, another policy or a registered class, is asked of their own pages."""
UNSEEN = "KLL900"
"""What its bad examples do wrong is seen by no rule."""


def examples(backend: str = "tensorflow") -> list[tuple[Page, Block, str]]:
    """Every example that a framework can run, with each generation it is for."""
    return [
        (page, block, keras)
        for page in read_pages()
        if page.code not in ABOUT_FILES
        for block in page.blocks
        for keras in block.keras
        if block.backend == backend
    ]


def written(page: Page, block: Block, folder: Path) -> Path:
    """Lay an example into a folder of its own."""
    path = folder / f"{page.code.lower()}_{block.line}.py"
    path.write_text(block.source, encoding="utf-8")
    # Where nothing is compiled by XLA, Keras 2 has nothing to fear of it.
    (folder / "train.py").write_text("model.compile(jit_compile=True)\n", encoding="utf-8")
    return path


def probes_for(page: Page, block: Block, keras: str, path: Path) -> Iterator[Probe]:
    """What klint runs of an example; and what else is asked of a good one."""
    if block.is_bad and page.code != UNSEEN:
        for name, claims in claims_in(path, block.target(keras), page.code).items():
            yield probe(path, name, claims, keras)
        return
    settings = Settings(keras=(keras,), root=str(path.parent))
    everything = probes_of(lint_paths([path], settings), settings, Request(everything=True, device="cpu"))
    for made in everything:
        yield made
        if page.code in ASKED_ALSO:
            yield probe(path, made.class_name, [said_of(page.code, block, made.class_name)], keras)


def probes_on_backends(page: Page, block: Block, path: Path) -> list[Probe]:
    """What klint runs of an example that names its backends; a good one on each of them."""
    settings = replace(run_on(block.backend), keras=("3",), extend_select=(page.code,), root=str(path.parent))
    asked = Request(everything=not block.is_bad, device="cpu")
    made = list(probes_of(lint_paths([path], settings), settings, asked))
    if block.is_bad:
        return made
    return [replace(one, backend=backend) for one in made for backend in block.backend.split(",")]


def said_of(code: str, block: Block, class_name: str) -> Claim:
    """What a rule says, said of the last line of a class."""
    (line,) = [
        node.end_lineno or 1
        for node in ast.walk(ast.parse(block.source))
        if isinstance(node, ast.ClassDef) and node.name == class_name
    ]
    return claim_of(code, line, severity="note")
