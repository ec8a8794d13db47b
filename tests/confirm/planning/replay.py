"""Replays the samples of the repair tables: what each table makes of the text of an error."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from keras_layer_lint.confirm.planning import repairs
from keras_layer_lint.confirm.planning.arguments import Candidates, read_arguments
from keras_layer_lint.confirm.planning.change_arguments import Blamed, Construction
from keras_layer_lint.confirm.planning.change_both import Call
from keras_layer_lint.confirm.planning.inputs import Inputs, parse
from keras_layer_lint.confirm.planning.ladder import spelled
from keras_layer_lint.confirm.planning.reading import Reading
from keras_layer_lint.confirm.planning.repair_inputs import TABLES
from keras_layer_lint.confirm.planning.repairs.arguments import READ, SIGNATURE, VALUES
from keras_layer_lint.confirm.planning.repairs.draws import DRAWS
from keras_layer_lint.confirm.planning.repairs.rows import Row, Sample, Table
from keras_layer_lint.confirm.planning.repairs.together import TOGETHER
from keras_layer_lint.confirm.planning.trouble import Case, Stage, Trouble, cleaned
from tests.confirm.planning.fake_keras import Layer


class Called(Layer):
    """What the inputs of the samples are given to."""

    def __init__(self, units: Any, size: Any, key_dim: Any = None, more_options: Any = None) -> None:
        super().__init__()

    def call(self, inputs: Any, states: Any, mask: Any = None, training: bool = False, **words: Any) -> Any:
        return inputs


class Part(Layer):
    """Another layer beside it, which has what may be read of an argument."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.held_width = width


CANDIDATES = Candidates(Called, Layer, Reading())


@dataclass(frozen=True)
class Replayed:
    """One sample in the place where it stands."""

    table: Table[Any]
    row: Row[Any]
    sample: Sample

    def __str__(self) -> str:
        return f"{self.sample.seen}: {self.sample.text[:60]}"

    def offers(self, text: str = "") -> list[tuple[Row[Any], str]]:
        """What the table makes of the sample, or of another text in its place."""
        return list(_offers(self.table, text or self.sample.text, self.sample))


def _tables() -> Iterator[Table[Any]]:
    for module in pkgutil.iter_modules(repairs.__path__, f"{repairs.__name__}."):
        yield from (value for value in vars(importlib.import_module(module.name)).values() if isinstance(value, Table))


EVERY_TABLE = tuple(_tables())
SAMPLES = [Replayed(table, row, sample) for table in EVERY_TABLE for row in table.rows for sample in row.samples]


def trouble(text: str, sample: Sample, stage: Stage) -> Trouble:
    """The error as the search reads it."""
    kind, colon, said = text.partition(": ")
    if not colon or not kind.isidentifier():
        kind, said = "ValueError", text
    known = {"KeyError": KeyError, "NameError": NameError, "UnboundLocalError": UnboundLocalError}
    error = known.get(kind, type(kind, (Exception,), {}))(said)
    return Trouble(stage, error, cleaned(said), (sample.line,) if sample.line else (), None)


def _offers(table: Table[Any], text: str, sample: Sample) -> Iterator[tuple[Row[Any], str]]:
    show: Callable[[Any], str] = str
    unchanged: Any = None
    case: Any
    if table in TABLES:
        failed, unchanged = trouble(text, sample, "call"), parse(sample.given)
        case = Case(failed, unchanged, Called(8, 8))
    elif table is DRAWS:
        failed = case = trouble(text, sample, "call")
    else:
        arguments = read_arguments(sample.given, Called) or {}
        failed = trouble(text, sample, "call" if table is TOGETHER else "construct")
        if table in (SIGNATURE, READ):
            case, show = Construction(failed, arguments, CANDIDATES), spelled
        elif table is VALUES:
            name, current = next(iter(arguments.items()))
            case = Blamed(name, current, failed.text, CANDIDATES)
        else:
            case, show = Call(failed, arguments, parse("float32[5,8,8,8]")), _both
    for row, offered in table.offers(failed.said, case, unchanged):
        yield row, show(offered)


def _both(both: tuple[dict[str, str], Inputs]) -> str:
    return f"{spelled(both[0])} on {both[1]}"
