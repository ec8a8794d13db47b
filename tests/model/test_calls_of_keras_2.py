"""The calls that speak for Keras 2 are those that Keras 2 takes and Keras 3 refuses."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

import pytest

from keras_layer_lint.model.idioms import idioms_of
from keras_layer_lint.target import Generation
from tests.frameworks import needs

CALLS = [
    "model.fit(x, y, verbose=0, workers=1)",
    "model.fit(x, y, verbose=0, max_queue_size=4)",
    "model.predict(x, verbose=0, use_multiprocessing=False)",
    "model.evaluate(x, y, verbose=0, workers=1)",
    "model.compile('sgd', 'mse', experimental_run_tf_function=False)",
    "model.compile('sgd', 'mse', sample_weight_mode=None)",
    "model.train_on_batch(x, y, reset_metrics=True)",
    "keras.optimizers.SGD(lr=0.1)",
    "keras.optimizers.SGD().apply_gradients([], experimental_aggregate_gradients=False)",
    "model.optimizer.lr",
    "model.layers[0].get_output_at(0)",
    "model.reset_states()",
    "keras.layers.LSTM(4, batch_input_shape=(2, 3, 4))",
    "keras.layers.BatchNormalization(fused=True)",
    "keras.Input(type_spec=spec)",
    "keras.layers.Input(\n    name='graph',\n    type_spec=spec,\n)",
    "keras.callbacks.TensorBoard('logs', write_grads=True)",
    "keras.callbacks.ModelCheckpoint('a.keras', period=2)",
    "keras.callbacks.ModelCheckpoint('a.hdf5')",
    "keras.callbacks.ModelCheckpoint('a-{epoch:02d}')",
    "keras.callbacks.ModelCheckpoint('a.h5', save_weights_only=True)",
    "keras.callbacks.ModelCheckpoint('a.ckpt', save_weights_only=True)",
    "model.save_weights('a.h5')",
    "model.save_weights('a.ckpt')",
    "model.save_weights(path, save_format='h5')",
    "model.save('folder', signatures=None)",
]
OF_BOTH = [
    "model.fit(x, y, verbose=0, validation_freq=1)",
    "model.compile('sgd', 'mse', run_eagerly=False)",
    "keras.optimizers.SGD(learning_rate=0.1)",
    "keras.layers.InputLayer(batch_input_shape=(2, 3))",
    "dict(type_spec=spec)",
    "keras.callbacks.ModelCheckpoint('a.h5')",
    "keras.callbacks.ModelCheckpoint('a-{epoch:02d}.keras')",
    "keras.callbacks.ModelCheckpoint('a.weights.h5', save_weights_only=True)",
    "model.save_weights('a.weights.h5')",
    "model.save('a.h5')",
]


@pytest.mark.parametrize("call", CALLS)
def test_they_speak_for_keras_2(call: str) -> None:
    assert idioms_of(f"from tensorflow import keras\n{call}\n").generation is Generation.KERAS2


@pytest.mark.parametrize("call", OF_BOTH)
def test_others_do_not(call: str) -> None:
    assert idioms_of(f"from tensorflow import keras\n{call}\n").generation is not Generation.KERAS2


@pytest.mark.parametrize("name", ["tf_keras", "keras"])
@pytest.mark.filterwarnings("ignore")
def test_what_keras_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    needs("2", "3")
    monkeypatch.chdir(tmp_path)
    refused = {call for call in (*CALLS, *OF_BOTH) if not takes(importlib.import_module(name), call)}
    assert refused == (set(CALLS) if name == "keras" else set())


def takes(keras: Any, call: str) -> bool:
    import numpy as np
    import tensorflow as tf

    model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    names = {
        "keras": keras,
        "model": model,
        "path": "b.weights.h5",
        "spec": tf.TensorSpec((None, 3)),
        "x": np.ones((4, 3), "float32"),
        "y": np.ones((4, 1), "float32"),
    }
    try:
        eval(call, names)
    except (TypeError, ValueError, AttributeError):
        return False
    return True


@pytest.mark.filterwarnings("ignore")
def test_a_checkpoint_of_tensorflow_is_read_by_keras_2_alone(tmp_path: Path) -> None:
    needs("2", "3")
    old, new = importlib.import_module("tf_keras"), importlib.import_module("keras")
    path = os.fspath(tmp_path / "weights")
    built = [keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(1)]) for keras in (old, new)]
    built[0].save_weights(path)
    built[0].load_weights(path)
    with pytest.raises(ValueError, match="format not supported"):
        built[1].load_weights(path)
