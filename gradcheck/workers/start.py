"""Start a fork server in a fresh interpreter: our own package first, then the path of whoever asks.

Run by its file name: what ``-m`` or an import finds first may be a file of the user's that is called `gradcheck.py`, or
`numpy.py`. Everything that gradcheck needs is imported before the user's folders are on the path.
"""

import gc
import json
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any


def _import_own_package() -> None:
    """The `gradcheck` that this file belongs to."""
    spec = PathFinder.find_spec("gradcheck", [str(Path(__file__).parents[2])])
    assert spec is not None
    assert spec.loader is not None
    package = module_from_spec(spec)
    sys.modules["gradcheck"] = package
    spec.loader.exec_module(package)


def main() -> None:
    """Serve; arguments: the path of whoever asks, as JSON, what to be, and the descriptors to be it with."""
    given: list[Any] = json.loads(sys.argv[1])
    path = [folder for folder in given if isinstance(folder, str)]
    what, descriptors = sys.argv[2], [int(word) for word in sys.argv[3:]]
    gc.disable()  # what is imported stays
    try:
        _import_all(what)
    except ImportError:  # only the path of whoever asks leads to what gradcheck needs
        sys.path[:] = path
        _import_all(what)
    gc.freeze()
    gc.enable()
    if what == "tasks":
        from gradcheck.workers.fork_server import main as serve

        sys.path[:] = path
        serve()
    elif what == "workers":
        from socket import socket

        from gradcheck.workers.preloaded import main as fork

        fork(socket(fileno=descriptors[0]))
    else:
        from gradcheck.workers.worker import begin

        begin(descriptors)


def _import_all(what: str) -> None:
    """All that is needed later, too: with the user's folders on the path it would be looked for there first.

    A worker brings what its own work needs besides, before it takes over the path of whoever asks: most edit nothing,
    and need not wait for what edits.
    """
    _import_own_package()
    if what == "tasks":
        import gradcheck.workers.fork_server
    else:
        import gradcheck.workers.preloaded  # noqa: F401
    from gradcheck.workers.dependencies import import_late_dependencies

    import_late_dependencies()


if __name__ == "__main__":
    main()
