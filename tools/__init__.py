"""Measures what Keras, TensorFlow, NumPy and JAX are; writes the tables of `keras_layer_lint/keras`. Not in the wheel.

The environment is set here, before any module imports a framework.
"""

import os

os.environ.update(CUDA_VISIBLE_DEVICES="-1", JAX_PLATFORMS="cpu", KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3")
