"""What only one rule needs: a module of the rule's name, such as `weight_rebound.py`, with its `HOOKS`.

`confirm/hooks.py` finds them; a rule that its oracle decides without further ado has none.
"""
