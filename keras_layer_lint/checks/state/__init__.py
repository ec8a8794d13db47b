"""KLL2: `__init__`, `build` and the tracking of variables."""
