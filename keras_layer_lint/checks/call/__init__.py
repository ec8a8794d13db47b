"""KLL1: what breaks `call` in a graph."""
