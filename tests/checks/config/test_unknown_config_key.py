from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.cases import messages, write

CODE = "KLL303"


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            """
            class Pool(layers.Layer):
                def __init__(self, size=2, **kwargs):
                    super().__init__(**kwargs)
                    self.size = size

                def get_config(self):
                    return {**super().get_config(), "size": self.size, "width": self.width}  # KLL303
            """,
            [
                "error: `Pool.get_config()` returns `'width'`, which neither `__init__` nor `Layer` takes: loading "
                "raises an "
                "error"
            ],
            id="an attribute that is no argument",
        ),
        pytest.param(
            """
            class Pool(layers.Layer):
                def __init__(self, size=2, name=None, trainable=True, dtype=None):
                    super().__init__(name=name, trainable=trainable, dtype=dtype)
                    self.size = size

                def get_config(self):
                    config = super().get_config()
                    config["size"] = self.size
                    config["step"] = self.size  # KLL303
                    return config
            """,
            ["error: `Pool.get_config()` returns `'step'`, which `__init__` does not take: loading raises TypeError"],
            id="without kwargs",
        ),
        pytest.param(
            """
            class Norm(layers.Layer):
                def __init__(self, **kwargs):
                    super().__init__(dtype="float32", **kwargs)  # KLL303

                def get_config(self):
                    return super().get_config()
            """,
            [
                "error: `super().__init__(dtype=..., **kwargs)`: the config of `Norm` holds `'dtype'`, so loading "
                "passes it "
                "twice and raises TypeError"
            ],
            id="passed twice",
        ),
        pytest.param(
            """
            class Dense2(layers.Dense):
                def __init__(self, units, gain, **kwargs):
                    super().__init__(units, **kwargs)
                    self.gain = gain

                def get_config(self):
                    return {**super().get_config(), "gain": self.gain, "scale": 1}  # KLL303
            """,
            [
                "error: `Dense2.get_config()` returns `'scale'`, which neither `__init__` nor `Dense` takes: "
                "loading raises "
                "an error"
            ],
            id="base is a built-in layer",
        ),
    ],
)
def test_reported(source: str, keras: str, expected: list[str]) -> None:
    assert messages(CODE, source, keras) == expected


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "source",
    [
        pytest.param(
            """
            class Attend(layers.MultiHeadAttention):
                def __init__(self, heads_kept=None, **kwargs):
                    super().__init__(**kwargs)
                    self.heads_kept = heads_kept

                def get_config(self):
                    return {**super().get_config(), "heads_kept": self.heads_kept}


            class Depthwise(layers.DepthwiseConv2D):
                def __init__(self, *args, buffered=False, **kwargs):
                    super().__init__(*args, **kwargs)
                    self.buffered = buffered

                def get_config(self):
                    config = super().get_config()
                    config.update(buffered=self.buffered)
                    return config
            """,
            id="keys that the built-in base writes and reads itself",
        ),
        pytest.param(
            """
            class Half(layers.Layer):
                def __init__(self, **kwargs):
                    kwargs.setdefault("dtype", "float16")
                    kwargs.pop("legacy", None)
                    super().__init__(**kwargs)

                def get_config(self):
                    return {**super().get_config(), "legacy": True}
            """,
            id="taken out of kwargs",
        ),
        pytest.param(
            """
            class Versioned(layers.Layer):
                def get_config(self):
                    return {**super().get_config(), "version": 2}

                @classmethod
                def from_config(cls, config):
                    config.pop("version", None)
                    return cls(**config)
            """,
            id="from_config takes it out",
        ),
        pytest.param(
            """
            class Sometimes(layers.Layer):
                def __init__(self, **kwargs):
                    super().__init__(**kwargs)

                def get_config(self):
                    config = super().get_config()
                    if self.extra:
                        config["extra"] = self.extra
                    return config
            """,
            id="not in every config",
        ),
        pytest.param(
            """
            class Options(layers.Layer):
                def __init__(self, **options):
                    super().__init__(name=options.get("name"))
                    self.options = options

                def get_config(self):
                    return {**super().get_config(), "depth": self.options["depth"]}
            """,
            id="kwargs kept as they are",
        ),
    ],
)
def test_silent(source: str, keras: str) -> None:
    assert messages(CODE, source, keras) == []


def test_key_of_a_base_in_another_file(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "base.py": """
            class Base(layers.Layer):
                def __init__(self, units, **kwargs):
                    super().__init__(**kwargs)
                    self.units = units

                def get_config(self):
                    return {**super().get_config(), "units": self.units}
            """
        },
    )
    source = """
    from base import Base


    class Wide(Base):
        def __init__(self, factor=4, **kwargs):
            super().__init__(units=16 * factor, **kwargs)  # KLL303
            self.factor = factor

        def get_config(self):
            return {**super().get_config(), "factor": self.factor}
    """
    assert messages(CODE, source, "3", tmp_path / "wide.py") == [
        "error: `super().__init__(units=..., **kwargs)`: the config of `Wide` holds `'units'`, so loading passes "
        "it twice "
        "and raises TypeError"
    ]


KEPT = """
class Pool(layers.Layer):
    def __init__(self, size=2, **kwargs):
        super().__init__(**kwargs)
        self.size = size

    def get_config(self):
        return {{**super().get_config(), "size": self.size, "width": self.size}}{mark}

    @classmethod
    def from_config(cls, config):
        {body}
"""


@pytest.mark.parametrize(
    "body",
    [
        "return cls(**config)",
        "return super().from_config(config)",
        "config = config.copy()\n        return cls(**config)",
        '"""Load."""\n        return cls(**config)',
    ],
)
def test_a_from_config_that_does_no_more_than_the_one_of_keras(body: str) -> None:
    assert len(messages(CODE, KEPT.format(mark="  # KLL303", body=body), "3")) == 1


@pytest.mark.parametrize(
    "body",
    [
        'config.pop("width")\n        return cls(**config)',
        'return cls(size=config["size"])',
        "return super().from_config(clean(config))",
        "return cls(**clean(config))",
    ],
)
def test_a_from_config_of_its_own_may_take_keys_apart(body: str) -> None:
    assert messages(CODE, KEPT.format(mark="", body=body), "3") == []
