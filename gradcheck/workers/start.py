"""Start a fork server in a fresh interpreter: our own package first, then the path of whoever asks.

Run by its file name: what ``-m`` or an import finds first may be a file of the user's that is called `gradcheck.py`, or
`numpy.py`. Everything that gradcheck needs is imported before the user's folders are on the path.
"""

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
    """Serve; the one argument is the path of whoever asks, as JSON."""
    path: list[Any] = json.loads(sys.argv[1])
    try:
        _import_all()
    except ImportError:  # only the path of whoever asks leads to what gradcheck needs
        sys.path[:] = path
        _import_all()
    sys.path[:] = path
    from gradcheck.workers.fork_server import main as serve

    serve()


def _import_all() -> None:
    _import_own_package()
    import gradcheck.workers.fork_server  # noqa: F401
    from gradcheck.workers.dependencies import import_late_dependencies

    import_late_dependencies()


if __name__ == "__main__":
    main()
