"""This runs a module as `python -m` does, in a process that ends with the one that started it.

The starter holds the other end of standard input. Should it be killed, the end of that input is the
one thing that reaches us on every system, and nothing is left running behind.
"""

import os
import runpy
import signal
import sys
import threading


def main() -> None:
    """This runs the module named by the first argument; the rest are its own arguments."""
    threading.Thread(target=_end_with_the_starter, daemon=True).start()
    module, *_ = sys.argv = sys.argv[1:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _end_with_the_starter() -> None:
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
