"""The processes that candidates are tried in, started while the case is still being judged."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError
from contextlib import suppress

from gradcheck.errors import UsageError
from gradcheck.protocol import Case
from gradcheck.source import find_backward, read_tree
from gradcheck.workers import Loaded, Task

from .batches import Ask
from .limits import STARTING


def begin(case: Case, ask: Ask, seed: int = 0) -> None:
    """Have a first process load the cases, in a thread that ends with it; nothing where there is no source to edit."""
    try:
        path = find_backward(case, seed, raising=True).path
        task = Task(path, read_tree(path).text, _nothing, STARTING)
    except UsageError:  # said again by the search
        return

    def wait() -> None:
        with suppress(CancelledError, RuntimeError):  # closed before it was ready: the case was right
            list(ask([task]))

    threading.Thread(target=wait, daemon=True).start()


def _nothing(loaded: Loaded) -> None:
    """What is asked: to be there."""
