"""What the text of an error makes the search try next, as tables of rows: pattern, repair, samples of the text.

`rows` applies them; each other module is a table. A new wording of a framework is a new sample, and where no row
matches it, a new row. `tests/confirm/planning/test_repairs.py` replays every sample without a framework,
`test_wordings.py` raises them anew with the frameworks that are installed.
"""
