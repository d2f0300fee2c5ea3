"""Without a framework its adapter is one sentence; the others work."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(("name", "framework", "extra"), [("from_torch", "torch", "torch"), ("from_jax", "jax", "jax")])
def test_a_missing_framework_is_one_sentence(name, framework, extra):
    code = (
        "import sys\n"
        f"sys.modules['{framework}'] = None\n"
        "from gradcheck import MissingFrameworkError\n"
        "from gradcheck.adapters import from_pair, from_value_and_grad\n"
        "try:\n"
        f"    from gradcheck.adapters import {name}\n"
        "except MissingFrameworkError as error:\n"
        "    assert isinstance(error, ImportError)\n"
        "    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{name} needs {framework}, which is not installed: pip install 'gradcheck[{extra}]'\n"
