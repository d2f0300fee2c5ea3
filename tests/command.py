"""The command ``gradcheck`` and pytest as tests start them in a folder, and the ops that their case files hold."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).parents[1]
OPS = textwrap.dedent("""
    import numpy as np

    def sine(factor):
        def op(x):
            def op_vjp(dy):
                return (factor * np.cos(x) * dy,)
            return np.sin(x), op_vjp
        return op

    def square(x):
        def square_vjp(dy):
            return (3 * x * dy,)
        return x * x, square_vjp

    def flat(x):
        return np.ones_like(x), lambda dy: (np.zeros_like(x),)

    def linear(x, w, b):
        def linear_vjp(dy):
            return dy @ w, dy.T @ x, dy.mean(0)
        return x @ w.T + b, linear_vjp
""")
CASE_FILE = f"from gradcheck import Case\n{OPS}"
RIGHT = "right = Case(sine(1), '(n)->(n)', name='right')\n"
WRONG = "bad = Case(sine(2), '(n)->(n)', name='bad')\n"
LINEAR = "lin = Case(linear, '(n,i),(o,i),(o)->(n,o)')\n"
VACUOUS = "vacuous = Case(flat, '(n)->(n)', name='vacuous')\n"
BROKEN = "broken = Case(lambda x: x, '(n)->(n)', name='broken')\n"
GRADCHECK = (sys.executable, "-P", "-m", "gradcheck")
# Without pytest-randomly: it gives thinc seeds of up to 2**33, of which NumPy refuses those beyond 2**32.
PYTEST = (sys.executable, "-P", "-m", "pytest", "-p", "no:randomly")
PLAIN = ("NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE")


def plain_environment(*path, **more):
    """As little as a command needs, nothing of who runs this suite; folders of the path come before ours."""
    kept = {name: value for name, value in os.environ.items() if name not in PLAIN}
    folders = [*map(str, path), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**kept, "PYTHONPATH": os.pathsep.join(folders), "TERM": "xterm", **more}


def started(folder, words, env=None, **how):
    """A command in a process of its own, in a folder."""
    return subprocess.Popen([*words], cwd=folder, env=plain_environment() | (env or {}), text=True, **how)


def finished(folder, words, env=None, timeout=60, **how):
    """The same, waited for: its exit code and what it printed."""
    return subprocess.run(
        [*words],
        cwd=folder, env=plain_environment() | (env or {}), text=True, capture_output=True, check=False,
        timeout=timeout, **how,
    )  # fmt: skip
