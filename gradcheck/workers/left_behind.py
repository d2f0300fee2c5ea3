"""What code leaves behind that the process it ran in cannot put back, so that other code had better not run there."""

from __future__ import annotations

import signal

try:
    import resource
except ImportError:  # where the system has no such limits
    _KINDS: list[int] = []
else:
    _KINDS = [value for name, value in vars(resource).items() if name.startswith("RLIMIT_")]


def bounds() -> tuple[object, ...]:
    """The limits of this process and the signals that do not reach it, as they are."""
    found: list[object] = [resource.getrlimit(kind) for kind in _KINDS]
    if hasattr(signal, "pthread_sigmask"):
        found.append(frozenset(signal.pthread_sigmask(signal.SIG_BLOCK, ())))
    return tuple(found)
