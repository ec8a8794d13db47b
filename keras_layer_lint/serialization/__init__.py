"""How a class is saved and loaded: what `__init__` takes, what `get_config` returns, what becomes of each argument."""
