"""KLL3: `get_config` and `from_config`."""
