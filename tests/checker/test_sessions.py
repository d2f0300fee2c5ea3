"""A wrong op that no file holds: typed into a notebook, IPython, `python -c`, or standard input."""

import subprocess
import sys
import textwrap

import pytest

OP = """
import numpy as np
from gradcheck import Case, report_case, report_vjp

def twice(x):
    def twice_vjp(dy):
        dx = x * dy
        return (dx,)
    return x * x, twice_vjp
"""
ASKED = """
report = report_vjp(twice, np.array([1.0, 2.0]))
print(report)
print(report.snippet)
drawn = report_case(Case(twice, "(n)->(n)"), 5)
print(drawn.verdict.value, drawn.errors[0].code, drawn.errors[0].where)
"""
# what IPython does with a cell: its source is left in `linecache`, its functions belong to a `__main__` without a file
CELLS = """
import linecache, sys, types

main = types.ModuleType("__main__")
sys.modules["__main__"] = main
for number, cell in enumerate(CELLS):
    name = NAME.format(number)
    linecache.cache[name] = (len(cell), None, cell.splitlines(keepends=True), name)
    exec(compile(cell, name, "exec", FLAGS), vars(main))
"""


def run(*arguments, text=None):
    found = subprocess.run([sys.executable, *arguments], input=text, capture_output=True, text=True, timeout=120)
    assert found.returncode == 0, found.stderr
    return found.stdout


def told(out):
    """The verdict and the finding stand there, and a snippet that says that there is nothing to import."""
    assert out.startswith("wrong: twice, GC301"), out
    assert "# in the session that defines `twice`\nfrom gradcheck import report_vjp\n" in out
    assert "wrong GC301 " in out
    return out


def test_after_python_c_the_line_is_shown():
    out = told(run("-c", OP + ASKED))
    assert "at <string>:7: dx = x * dy" in out
    assert "wrong GC301 <string>:7: dx = x * dy" in out


def test_standard_input_has_no_lines_to_show():
    out = told(run("-", text=OP + ASKED))
    assert "wrong GC301 None" in out


FUTURE = "__import__('__future__').annotations.compiler_flag"


@pytest.mark.parametrize(
    ("name", "flags"),
    [("<ipython-input-{}-4c1f9d>", "0"), ("/tmp/ipykernel_4711/{}.py", FUTURE), ("<python-input-{}>", "0")],
)
def test_in_a_notebook_the_line_is_shown(name, flags):
    given = f"CELLS, NAME, FLAGS = {[OP, ASKED]!r}, {name!r}, {flags}\n"
    out = told(run("-c", given + CELLS))
    place = name.format(0)
    assert f"at {place}:7: dx = x * dy" in out
    assert f"wrong GC301 {place}:7: dx = x * dy" in out


def test_a_vjp_that_raises_shows_its_line_there_too():
    raising = """
        import numpy as np
        from gradcheck import report_vjp

        def broken(x):
            def broken_vjp(dy):
                raise ValueError("a mistake")
            return x * x, broken_vjp

        print(report_vjp(broken, np.ones(2)))
    """
    out = run("-c", textwrap.dedent(raising))
    assert "GC101" in out
    assert '<string>:7: raise ValueError("a mistake")' in out


def test_an_op_under_another_name_and_a_case_are_found_in_the_session():
    more = """
from gradcheck.adapters import from_pair
pair = from_pair(lambda x: (np.sin(x), x), lambda x, dy: 2 * dy * np.cos(x))
CASES = [Case(pair, "(n)->(n)")]
print(report_vjp(pair, np.ones(2)).snippet)
print(report_case(CASES[0], 5).snippet)
"""
    out = run("-c", OP + more)
    assert "# in the session that defines `pair`" in out
    assert "report_vjp(pair, x" in out


def test_code_that_a_library_makes_is_not_taken_for_what_was_typed():
    code = """
import dataclasses
import numpy as np
from gradcheck import report_vjp

@dataclasses.dataclass
class Kept:
    x: object

def twice(x):
    def twice_vjp(dy):
        kept = Kept(x)  # its __init__ was made by exec, under the same file name
        return (kept.x * dy,)
    return x * x, twice_vjp

print(report_vjp(twice, np.ones(2)).errors[0].where)
"""
    assert run("-c", code).strip() == "<string>:13: kept.x * dy"
