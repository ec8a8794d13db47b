"""What functions and methods outside the linted code do, found by name: a module for each library or kind of value."""
