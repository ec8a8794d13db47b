"""What Keras, TensorFlow, NumPy and JAX are: names, built-in layers, what functions give. No code is read here."""
