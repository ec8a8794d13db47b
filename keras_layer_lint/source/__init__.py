"""Floor 1: from paths to source: which files, which text, which classes, which lines are suppressed."""
