"""AWS's Lambda runtime interface emulator, made fit to stand in for Lambda's Invoke API.

The emulator runs the real runtime client, but it crashes when a second call arrives during a first, reports a handler's
exception as plain success, and stays down once it is down. `Emulator` is a front that mends all three.
"""

from local.emulator.binary import EmulatorError
from local.emulator.emulator import Emulator

__all__ = ["Emulator", "EmulatorError"]
