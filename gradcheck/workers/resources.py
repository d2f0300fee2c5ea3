"""What a process may use at most, where the system has such limits: memory, the size of a file, no core dump."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def limit_resources(memory: int | None) -> None:
    """From now on this process may have ``memory`` bytes of data and write no larger file; None: no limit.

    Data, not address space: what drives a GPU reserves terabytes of addresses that it never fills.
    """
    with suppress(ImportError):
        import resource

        kinds = [(resource.RLIMIT_CORE, 0)]
        if memory is not None:
            kinds += [(resource.RLIMIT_DATA, memory), (resource.RLIMIT_FSIZE, memory)]
        for kind, most in kinds:
            with suppress(OSError, ValueError):
                _, hard = resource.getrlimit(kind)
                least = most if hard == resource.RLIM_INFINITY else min(most, hard)
                resource.setrlimit(kind, (least, least))  # nothing in the process raises it again


def available_memory() -> int | None:
    """Bytes that the machine, or the container that this process lives in, can still give; None where nobody says."""
    found = [size for size in (_of_machine(), _of_container()) if size is not None]
    return min(found, default=None)


def _of_machine() -> int | None:
    with suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) << 10
    return None


def _of_container() -> int | None:
    folder = Path("/sys/fs/cgroup")
    with suppress(OSError, ValueError):
        most, used = (int((folder / name).read_text()) for name in ("memory.max", "memory.current"))
        return max(most - used, 0)
    return None
