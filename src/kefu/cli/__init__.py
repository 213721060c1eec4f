"""The command line (design, section 4.1). Nothing heavy is imported before a command needs it."""

from kefu.cli.app import main

__all__ = ["main"]
