"""Confirm mode: runs the layers that were flagged, in child processes, and gives each finding a verdict.

Nothing here is imported unless `--confirm` is given, and no framework outside a process started for it.
"""
