"""What is started while pytest runs behind an `&` ignores Ctrl-C, unless it is told otherwise."""

import signal
from contextlib import contextmanager


@contextmanager
def heeded():
    """Processes that are started inside heed Ctrl-C, however this one was started."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
