"""Operators by family; `registry.operators` finds them."""
