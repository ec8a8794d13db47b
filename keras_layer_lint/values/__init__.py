"""Abstract interpretation of layer code."""
