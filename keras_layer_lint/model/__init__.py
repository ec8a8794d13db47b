"""Floor 2: what a layer class is: its bases across modules, its target, its facts."""
