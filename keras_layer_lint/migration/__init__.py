"""A project written for Keras 2, brought to Keras 3."""
