"""The benchmark of false claims: it puts them where they are false, and counts what comes of them."""

from __future__ import annotations

import ast
from pathlib import Path

from benchmarks.false_claims import CLAIMS, RULES, Facts, chosen, claims_on, sound_probes, table
from keras_layer_lint.confirm.pool import Pool
from keras_layer_lint.expectation import Effect
from tests.frameworks import needs

SOUND = """\
import keras


class Gate(keras.layers.Layer):
    def __init__(self, limit=0.5, **kwargs):
        super().__init__(**kwargs)
        self.limit = limit

    def build(self, input_shape):
        self.scale = self.add_weight(name="scale", shape=(input_shape[-1],), initializer="ones")
        super().build(input_shape)

    def call(self, inputs, training=None):
        if training:
            inputs = inputs * self.limit
        return inputs * self.scale

    def get_config(self):
        return {**super().get_config(), "limit": self.limit}
"""


def test_claims_stand_where_they_speak_of() -> None:
    (node,) = [each for each in ast.parse(SOUND).body if isinstance(each, ast.ClassDef)]
    lines = SOUND.splitlines()
    claims = {claim.code: claim for claim in claims_on(Facts(node))}
    assert "KLL102" not in claims  # there is no loop
    assert lines[claims["KLL101"].line - 1].strip() == "if training:"
    assert lines[claims["KLL201"].line - 1].strip() == "self.limit = limit"
    assert (claims["KLL205"].expects.attribute, claims["KLL303"].expects.arguments) == ("scale", ("limit",))
    assert claims["KLL303"].says(Effect.UNKNOWN_KEY)


def test_each_claim_is_of_a_rule_with_an_oracle() -> None:
    assert len({each.code for each in CLAIMS}) == len(CLAIMS) > 30
    assert all(RULES[each.code].confirm is not None for each in CLAIMS)


def test_none_is_confirmed(tmp_path: Path) -> None:
    needs("3")
    (tmp_path / "sound.py").write_text(SOUND, encoding="utf-8")
    (tmp_path / "faulty.py").write_text(SOUND.replace("if training", "if inputs[0, 0] > 0"), encoding="utf-8")
    found = list(sound_probes([tmp_path], "3"))
    assert [Path(probe.path).name for probe, _ in found] == ["sound.py"]
    probes = list(chosen(found, 1))
    results = Pool(probes, jobs=2, timeout=60, progress=lambda done, total, text: None).run()
    verdicts = [verdict for result in results for verdict in result.verdicts]
    assert len(verdicts) > 20
    assert [verdict.evidence for verdict in verdicts if verdict.status != "refuted"] == []
    assert table(results).endswith("1.000 refuted, 0 confirmed")
