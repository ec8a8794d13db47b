"""What functions outside the linted code do, beyond what the table of results says: a module for each library."""
