"""A verdict that is known is no longer lost: not to an op that ends its process where nobody but us would run it so."""

import json
import textwrap

import pytest
from click.testing import CliRunner

from gradcheck.gate.cli import main

OP = """
    import os
    import sys
    import numpy as np
    from gradcheck import Case

    def looks(part):
        frame = sys._getframe()
        while frame is not None:
            if part in frame.f_code.co_filename.replace(os.sep, "/"):
                return True
            frame = frame.f_back
        return False

    def square(x):
        if looks("{part}"):
            {does}
        def square_vjp(dy):
            return (3 * x * dy,)
        return x * x, square_vjp

    case = Case(square, "(n)->(n)")
"""


@pytest.mark.parametrize(
    ("part", "does", "said"),
    [
        ("gradcheck/origin/", "os.abort()", "was ended by SIGABRT"),
        ("gradcheck/origin/", "os._exit(0)", "ended by itself with exit code 0"),
        ("gradcheck/diagnosis/", "os.kill(os.getpid(), 11)", "was ended by SIGSEGV"),
    ],
)
def test_who_dies_while_its_line_is_looked_for_is_wrong_all_the_same(part, does, said, tmp_path, monkeypatch):
    (tmp_path / "dies.py").write_text(textwrap.dedent(OP.format(part=part, does=does)))
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["run", "dies.py", "--json", "out.json"])
    assert result.exit_code == 1
    assert "GC301 the gradient of `x`" in result.output
    assert said in " ".join(result.output.split())
    (case,) = json.loads((tmp_path / "out.json").read_text())["cases"]
    assert case["verdict"] == "wrong"


def test_who_dies_before_has_no_verdict(tmp_path, monkeypatch):
    (tmp_path / "dies.py").write_text(textwrap.dedent(OP.format(part="gradcheck/laws/", does="os.abort()")))
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["run", "dies.py"])
    assert result.exit_code == 2
    assert "no verdict: its process was ended by SIGABRT" in " ".join(result.output.split())
