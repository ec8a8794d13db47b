"""Recall of static klint, measured by seeded faults: `python -m benchmarks.seeding`.

Faults of the kinds that people make are planted in sound layers of real packages. A mutant counts where running it
shows the fault (`--confirm=all` without any finding to go by); then static klint is asked whether it sees it.
"""
