"""The command `whyfor`, also as `python -m whyfor`: the same as the Cargo binary."""

from __future__ import annotations

import signal
import sys

from ._core import command


def main() -> int:
    """Runs the command with the process arguments and returns the exit status."""
    # Restore the default handler: Python would only note the interrupt until its own code runs again.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return command(["whyfor", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
