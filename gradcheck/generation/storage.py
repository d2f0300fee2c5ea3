"""Where what outlives a run is kept: in the user's cache folder, never in the working directory."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def cache_folder() -> Path:
    """The folder of gradcheck among the user's caches; it may not exist, and may not be writable."""
    chosen = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("LOCALAPPDATA") if os.name == "nt" else "")
    if chosen:
        return Path(chosen) / "gradcheck"
    home = Path(os.path.expanduser("~"))
    return (home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache") / "gradcheck"


@contextmanager
def hypothesis_at_home() -> Iterator[None]:
    """Let Hypothesis keep its files in the cache folder meanwhile, unless somebody has told it where.

    It would make a folder ``.hypothesis`` in the working directory otherwise; a folder that it cannot write to it does
    without.
    """
    from hypothesis import configuration

    told = vars(configuration).get("__hypothesis_home_directory") or os.environ.get("HYPOTHESIS_STORAGE_DIRECTORY")
    observed = any(name.startswith("HYPOTHESIS_EXPERIMENTAL_OBSERVABILITY") for name in os.environ)
    if told or observed:
        yield
        return
    configuration.set_hypothesis_home_dir(cache_folder() / "hypothesis")
    try:
        yield
    finally:
        configuration.set_hypothesis_home_dir(None)
