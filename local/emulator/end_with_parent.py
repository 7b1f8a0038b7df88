"""Run a program that ends when its parent does, however that ended: `python end_with_parent.py PARENT_PID PROGRAM`.

Linux sends the signal when the thread that started this process ends, so that must live as long as the parent.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
END_WITH_PARENT = __file__

if __name__ == "__main__":
    parent, *program = sys.argv[1:]
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):  # it ended before the signal was arranged
        sys.exit(1)
    os.execvp(program[0], program)  # noqa: S606 - the signal survives exec
