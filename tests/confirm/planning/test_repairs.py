"""Every sample of the repair tables is replayed, without a framework."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from itertools import cycle, islice

import pytest

from keras_layer_lint.confirm.planning.inputs import parse
from keras_layer_lint.confirm.planning.repair_inputs import TABLES, repaired
from keras_layer_lint.confirm.planning.repairs.rows import compiled
from keras_layer_lint.confirm.planning.trouble import Case, cleaned
from tests.confirm.planning.replay import EVERY_TABLE, SAMPLES, Called, Replayed, trouble

TAKEN = 16
"""How many repairs of inputs the search takes from one error."""


def test_each_row_has_a_sample_and_each_sample_a_version() -> None:
    assert all(row.samples for table in EVERY_TABLE for row in table.rows)
    assert all(any(char.isdigit() for char in each.sample.seen) for each in SAMPLES if each.sample.raised_by)


@pytest.mark.parametrize("each", SAMPLES, ids=str)
def test_the_row_makes_of_its_sample_what_it_says(each: Replayed) -> None:
    assert each.row.matches(cleaned(each.sample.text))
    assert next(made for row, made in each.offers() if row is each.row) == each.sample.becomes


@pytest.mark.parametrize("each", SAMPLES, ids=str)
def test_no_earlier_row_takes_the_sample_for_itself(each: Replayed) -> None:
    row, made = each.offers()[0]
    assert row is each.row, f"`{row.pattern}` comes first and makes `{made}` of it"


@pytest.mark.parametrize("each", [each for each in SAMPLES if each.table in TABLES], ids=str)
def test_the_search_tries_what_the_sample_becomes(each: Replayed) -> None:
    """Tables that come earlier leave room for it."""
    failed = trouble(each.sample.text, each.sample, "call")
    offered = islice(repaired(Case(failed, parse(each.sample.given), Called(8, 8))), TAKEN)
    assert each.sample.becomes in [str(inputs) for _, inputs in offered]


@pytest.mark.parametrize("each", SAMPLES, ids=str)
def test_another_text_is_not_repaired_in_this_way(each: Replayed) -> None:
    """A row that matches everything would pass every other test; only one row is for errors of any kind."""
    if each.row.pattern != r"\A":
        assert not each.row.matches("RuntimeError: Something went wrong.")


@pytest.mark.parametrize("numbers", ["0", "1", "7", "999", "0 3", "4 0 2"])
def test_no_number_in_a_text_makes_a_repair_fail(numbers: str) -> None:
    """A layer is not run where the search for a plan fails."""
    for each in SAMPLES:
        following = cycle(numbers.split())
        parts = re.split(r"\d+", each.sample.text)
        text = parts[0] + "".join(next(following) + part for part in parts[1:])
        assert all(isinstance(made, str) for _, made in each.offers(text))


LONG = 20_000


def attacks(pattern: str, sample: str) -> Iterator[str]:
    """Long texts that make a pattern start, and start again, without an end."""
    for part in (" ", "\n", "1", "a", "[", "'", "`", "\t ", "= ", sample, sample[: len(sample) // 2], sample[-12:]):
        yield part * (LONG // len(part))
    for word in {word for word in sample.split() if len(word) > 3}:
        yield f"{word} " * (LONG // (len(word) + 1))


PATTERNS = sorted({(row.pattern, row.samples[0].text) for table in EVERY_TABLE for row in table.rows})


@pytest.mark.parametrize(("pattern", "sample"), PATTERNS)
def test_patterns_take_time_in_proportion_to_the_text(pattern: str, sample: str) -> None:
    """A quadratic one takes seconds at this length."""
    expression = compiled(pattern)
    for text in attacks(pattern, sample):
        start = time.process_time()
        for _ in expression.finditer(text):
            pass
        assert time.process_time() - start < 0.5, text[:40]


@pytest.mark.parametrize(
    "text",
    [
        "{{function_node " * 1500,
        "\n " * 10_000,
        "in user code:" + " " * 20_000,
        'in user code: File "' * 1500,
        "in user code:" + 'File "a", line 1, in b\n' * 1000,
        "[Op:" + "a" * 20_000,
        "Exception encountered when calling layer " * 500,
        "\x1b[" * 10_000,
    ],
)
def test_cleaning_takes_time_in_proportion_to_the_text(text: str) -> None:
    start = time.process_time()
    cleaned(text)
    assert time.process_time() - start < 0.5
