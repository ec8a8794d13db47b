"""The code of the rules: one module per rule, with `RULE` and `check`."""
