"""The studio from the shell: jobs without a window, and the window with files."""

from studio.cli.command_line import main

__all__ = ["main"]
