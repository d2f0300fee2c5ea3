"""What the code of a mutant may not do: fill the memory, write files, start processes, reach the network."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES_FILES = {
    "os.chmod",
    "os.chown",
    "os.link",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.symlink",
    "os.truncate",
    "os.utime",
    "shutil.rmtree",
}
_REFUSED = {
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.kill",
    "os.killpg",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.system",
    "pty.spawn",
    "socket.bind",
    "socket.connect",
    "subprocess.Popen",
}


def confine(folder: str, memory: int) -> None:
    """From now on this process may use ``memory`` bytes more than it does and write in ``folder`` only.

    What is refused raises PermissionError in the code that tried. For a process that ends soon: there is no way back.
    """
    sys.dont_write_bytecode = True
    tempfile.tempdir = folder
    _limit(memory)
    sys.addaudithook(_hook(folder))


def _limit(memory: int) -> None:
    """Address space, size of a file, no core dump: where the system has such limits."""
    with suppress(ImportError):
        import resource

        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_FSIZE, (memory, memory))
        with suppress(OSError, ValueError):
            pages = int(Path("/proc/self/statm").read_text().split()[0])
            most = pages * resource.getpagesize() + memory
            resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _hook(folder: str) -> Callable[[str, tuple[Any, ...]], None]:
    allowed = os.path.join(os.path.realpath(folder), "")

    def inside(path: object) -> bool:
        if isinstance(path, int) or path == os.devnull:
            return True
        if not isinstance(path, str | bytes | os.PathLike):
            return False
        return os.path.join(os.path.realpath(os.fsdecode(path)), "").startswith(allowed)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            writing = any(letter in mode for letter in "wax+") if isinstance(mode, str) else bool(flags & _WRITING)
            if writing and not inside(path):
                raise PermissionError(f"a mutant may not write {path!r}")
        elif event in _REFUSED:
            raise PermissionError(f"a mutant may not call {event}")
        elif event in _CHANGES_FILES:
            names = [argument for argument in arguments if isinstance(argument, str | bytes | os.PathLike)]
            if not all(map(inside, names)):
                raise PermissionError(f"a mutant may not call {event} on {names[0]!r}")

    return hook
