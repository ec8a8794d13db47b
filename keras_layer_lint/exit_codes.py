"""The exit codes of the command."""

CLEAN, FOUND, FAILED, INTERRUPTED = 0, 1, 2, 130
