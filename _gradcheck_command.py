"""The command ``gradcheck``, in a module of its own beside the package.

People keep a file `gradcheck.py` with their coursework. Where its folder is on PYTHONPATH, ``import gradcheck`` would
bring that file; what lies beside this one is the package that the command belongs to.
"""

import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path


def import_own_package() -> None:
    """Import the `gradcheck` that lies beside this file, whatever else is called so on the path."""
    spec = PathFinder.find_spec("gradcheck", [str(Path(__file__).parent)])
    assert spec is not None
    assert spec.loader is not None
    package = module_from_spec(spec)
    sys.modules["gradcheck"] = package
    spec.loader.exec_module(package)


def main() -> None:
    """Run the command."""
    import_own_package()
    from gradcheck.gate.cli import main as command

    command()
