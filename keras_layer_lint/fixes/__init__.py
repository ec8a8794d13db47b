"""Fixes: from a diagnostic and the source it stands in to edits of that source. Nothing is run here."""
