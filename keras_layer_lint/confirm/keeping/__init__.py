"""Outcomes of earlier runs, taken where all that they rest on is as it was."""
