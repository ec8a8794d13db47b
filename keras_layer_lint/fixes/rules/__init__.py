"""How each rule is fixed, in a module of its name: the engine finds them by a walk."""
