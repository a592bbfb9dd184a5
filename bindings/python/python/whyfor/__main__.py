"""The command `whyfor`, also as `python -m whyfor`: the same as the program that Cargo builds."""

from __future__ import annotations

import signal
import sys

from ._core import command


def main() -> int:
    """Runs the command with the arguments of the process, and gives the exit status."""
    # Python only notes an interrupt, for when its own code goes on: the command ends at once, as programs do.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return command(["whyfor", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
