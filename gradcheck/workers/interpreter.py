"""A fresh interpreter, in which there is our own package and no code of the user's yet.

This file needs nothing of gradcheck: the command loads it alone, by its place, so that the clean process imports what
it needs while the command does.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# One thread: a process with threads cannot be forked, and there is a process per core already. A fixed order of sets
# and dicts keyed by strings, so that a seed gives the same answers in every process. No code of other packages that
# Hypothesis would load as its plugins, such as trio's, which imports all of pytest. A worker of the gate gets the
# environment of whoever asks before it imports anything of the user's.
STILL = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "HYPOTHESIS_NO_PLUGINS": "1",
}
Clean = tuple[subprocess.Popen[bytes], socket.socket]
"""The clean process, and the socket over which it is asked."""


def start(mode: str, descriptors: Sequence[int] = (), **how: Any) -> subprocess.Popen[bytes]:
    """Start what `start.py` calls a ``mode``, which inherits these descriptors."""
    folders = [folder for folder in sys.path if isinstance(folder, str)]
    words = [str(Path(__file__).with_name("start.py")), json.dumps(folders), mode, *map(str, descriptors)]
    return subprocess.Popen(
        [sys.executable, "-P", *words],
        pass_fds=descriptors,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **STILL},
        **how,
    )


def start_alone(mode: str, *descriptors: int) -> subprocess.Popen[bytes]:
    """The same in a session of its own: Ctrl-C reaches the one who asks, who ends its workers."""
    return start(mode, descriptors, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)


def start_clean() -> Clean:
    """The clean process that `preloaded` describes."""
    ours, theirs = socket.socketpair()
    with theirs:
        return start_alone("workers", theirs.fileno()), ours
