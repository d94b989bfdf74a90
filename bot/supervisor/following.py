"""Run a module as a part of the desk that ends with its supervisor, even if that was killed.

`python -m bot.supervisor.following <the supervisor's process id> <module> [arguments]`. Without it, what a killed
supervisor leaves behind would go on unwatched and keep the ports from its successor.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time

LOOK_S = 0.5
GRACE_S = 3


def main() -> None:
    """Become the module."""
    supervisor, module, *arguments = sys.argv[1:]
    threading.Thread(target=_follow, args=(int(supervisor),), daemon=True).start()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _follow(supervisor: int) -> None:
    # Whose parent dies gets another one.
    while os.getppid() == supervisor:
        time.sleep(LOOK_S)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_S)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
