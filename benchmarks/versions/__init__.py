"""Which rules hold in which version of Keras."""
