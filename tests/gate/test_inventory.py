"""`gradcheck inventory`: each way in which a backward is written, what covers it, and what is no backward."""

import json
import os
import subprocess
import sys
import textwrap

import pytest
from click.testing import CliRunner

from gradcheck.errors import UsageError
from gradcheck.gate.cli import main
from gradcheck.gate.inventory import read_tree
from tests.repository.documents import ROOT

# Of each way a file that holds backwards of these names, and one that looks like it and holds none.
KINDS = {
    "autograd.Function": (
        """
        import torch
        from torch.autograd import Function as F

        class Square(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x): ...
            @staticmethod
            def backward(ctx, dy): ...

        class Cube(F):
            @staticmethod
            def backward(ctx, dy): ...

        class Scaled(Square):
            @staticmethod
            def backward(ctx, dy): ...
        """,
        {"Square", "Cube", "Scaled"},
        """
        import torch

        class Model(torch.nn.Module):
            def backward(self): ...

        class Function:
            pass

        class Other(Function):
            def backward(self): ...
        """,
    ),
    "custom op": (
        """
        import torch

        @torch.library.custom_op("mylib::scale", mutates_args=())
        def scale(x: torch.Tensor) -> torch.Tensor: ...

        def scale_backward(ctx, dy): ...

        torch.library.register_autograd("mylib::scale", scale_backward)

        @torch.library.custom_op("mylib::shift", mutates_args=())
        def shift(x: torch.Tensor) -> torch.Tensor: ...

        shift.register_autograd(lambda ctx, dy: dy)
        """,
        {"mylib::scale", "mylib::shift"},
        "import torch\n@torch.library.custom_op('mylib::plain', mutates_args=())\ndef plain(x): ...\n",
    ),
    "custom_vjp": (
        """
        import functools
        import jax

        @jax.custom_vjp
        def f(x): ...

        def f_forward(x): ...
        def f_backward(saved, dy): ...

        f.defvjp(f_forward, f_backward)

        @functools.partial(jax.custom_vjp, nondiff_argnums=(1,))
        def g(x, n): ...

        g.defvjp(lambda x, n: ..., lambda n, saved, dy: ...)
        """,
        {"f", "g"},
        "import jax\n@jax.custom_jvp\ndef f(x): ...\nf.defjvps(lambda t, y, x: t)\n",
    ),
    "defvjp": (
        """
        from autograd.extend import defvjp, primitive

        @primitive
        def logsumexp(x): ...

        defvjp(logsumexp, lambda answer, x: lambda g: g)
        """,
        {"logsumexp"},
        "def defvjp(*rules): ...\ndef sine(x): ...\ndefvjp(sine, lambda g: g)\n",
    ),
    "value and backward": (
        """
        def forward(model, X, is_train):
            def backprop(dY):
                return dY
            return X, backprop

        def relu(x):
            return x * (x > 0), lambda dy: (dy * (x > 0),)

        class Layer:
            def __call__(self, x):
                def layer_vjp(dy):
                    return (dy,)
                return x, layer_vjp
        """,
        {"forward", "relu", "__call__"},
        """
        def pair(x):
            def key(row):
                return row
            return x, key

        def sorted_by(rows):
            return rows, lambda row: row[0]

        def outer(x):
            def backward(dy):
                return dy
            return backward
        """,
    ),
    "forward and backward": (
        """
        def affine_forward(x, w): ...
        def affine_backward(dout, cache): ...
        """,
        {"affine_backward"},
        "def affine_backward(dout, cache): ...\ndef step_forward(t): ...\n",
    ),
}


@pytest.fixture
def take(tmp_path, monkeypatch):
    """What the command says of a folder; nothing in it can be imported."""
    monkeypatch.chdir(tmp_path)

    def runner(*arguments, **files):
        for name, text in files.items():
            path = tmp_path / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"{textwrap.dedent(text)}\nraise RuntimeError('imported')\n")
        result = CliRunner().invoke(main, ["inventory", *arguments])
        assert "Traceback" not in result.output
        return result.exit_code, result.stdout

    return runner


def listed(output, word):
    """The names in the rows of this word, with their kinds."""
    rows = [line.split("  ") for line in output.splitlines() if line.startswith(f"{word} ")]
    rows = [[part.strip() for part in row if part.strip()] for row in rows]
    return {row[3]: row[2] for row in rows}


@pytest.mark.parametrize("kind", KINDS)
def test_each_way_of_writing_a_backward_is_found(take, kind):
    text, names, near_miss = KINDS[kind]
    code, output = take(".", mine=text)
    assert listed(output, "uncovered") == dict.fromkeys(names, kind)
    assert code == 0
    code, output = take(".", mine=near_miss)
    assert output == "no backward pass in 1 file\n"


LIBRARY = {
    "lib__init__": "",
    "lib__ops": """
        import torch

        class Square(torch.autograd.Function):
            @staticmethod
            def backward(ctx, dy): ...

        class Cube(torch.autograd.Function):
            @staticmethod
            def backward(ctx, dy): ...

        def square(x):
            return Square.apply(x)

        @torch.library.custom_op("mylib::scale", mutates_args=())
        def scale(x: torch.Tensor) -> torch.Tensor: ...

        def _scale_back(ctx, dy): ...

        torch.library.register_autograd("mylib::scale", _scale_back)
    """,
}


def write_library(folder):
    (folder / "lib").mkdir()
    (folder / "lib" / "__init__.py").write_text("from .ops import square as quadratic, Cube\n")
    (folder / "lib" / "ops.py").write_text(textwrap.dedent(LIBRARY["lib__ops"]))


@pytest.mark.parametrize(
    ("cases", "covered"),
    [
        (
            "from gradcheck import Case\nfrom lib.ops import Square\na = Case(from_torch(Square), '(n)->(n)')",
            {"Square"},
        ),
        ("import gradcheck as g\nimport lib.ops as o\na = g.Case(adapt(o.square), '(n)->(n)')", {"Square"}),
        ("import gradcheck\nimport lib\na = gradcheck.Case(adapt(lib.quadratic))", {"Square"}),
        (
            "from gradcheck import Case\nfrom lib import *\nrows = [Case(op) for op in (adapt(Cube), quadratic)]",
            {"Square", "Cube"},
        ),
        ("from gradcheck import Case\nimport lib\nrows = [Case(getattr(lib, n)) for n in ('Cube', 'other')]", {"Cube"}),
        (
            "from gradcheck import Case\nfrom lib.ops import Cube, square\n"
            "def row(op, **more):\n    return Case(adapt(op), **more)\nrows = [row(Cube)]",
            {"Cube"},
        ),
        (
            "from gradcheck import check_vjp\nfrom lib.ops import Cube\ndef test_it():\n    check_vjp(Cube.apply, x)",
            {"Cube"},
        ),
        ("from lib.ops import Cube\ndef test_it(gradcheck):\n    gradcheck(Cube.apply, x)", {"Cube"}),
        ("import torch\nfrom gradcheck import Case\na = Case(adapt(torch.ops.mylib.scale))", {"mylib::scale"}),
        ("from gradcheck import Case\nfrom lib.ops import scale\na = Case(adapt(scale))", {"mylib::scale"}),
        ("from gradcheck import Case\nfrom lib.ops import Cube\na = Case(other)\nprint(Cube)", set()),
        ("from elsewhere import Case\nfrom lib.ops import Cube\na = Case(Cube)", set()),
        ("from gradcheck import Case\nfrom elsewhere.ops import Cubes\na = Case(Cubes)", set()),
    ],
)
def test_a_backward_is_covered_where_a_case_names_it_or_what_calls_it(take, tmp_path, cases, covered):
    write_library(tmp_path)
    (tmp_path / "cases.py").write_text(f"{cases}\n")
    code, output = take("lib", "--cases", "cases.py", "--fail-uncovered")
    assert set(listed(output, "covered")) == covered
    assert set(listed(output, "uncovered")) == {"Square", "Cube", "mylib::scale"} - covered
    assert code == 1


MAKER = "from gradcheck import Case\ndef row(op, **more):\n    return Case(adapt(op), **more)\n"


@pytest.mark.parametrize(
    ("helpers", "cases", "covered"),
    [
        ({"helper.py": MAKER}, "from helper import row\nfrom lib.ops import Cube\nrows = [row(Cube)]", {"Cube"}),
        ({"helper.py": MAKER}, "import helper as h\nfrom lib.ops import Cube\nrows = [h.row(Cube)]", {"Cube"}),
        ({"helper.py": MAKER}, "from helper import *\nfrom lib.ops import Cube\nrows = [row(Cube)]", {"Cube"}),
        (
            {"helper.py": MAKER.replace("(adapt(op),", "(op=adapt(op),")},
            "from helper import row\nfrom lib.ops import Cube\nrows = [row(op=Cube)]",
            {"Cube"},
        ),
        (
            {"deeper.py": MAKER, "helper.py": "from deeper import row as one\ndef both(op):\n    return [one(op)]\n"},
            "from helper import both\nfrom lib.ops import Cube\nrows = both(Cube)",
            {"Cube"},
        ),
        (
            {"helper.py": MAKER},
            "from helper import row\nfrom lib.ops import Cube, Square\n"
            "def of_two(op):\n    return row(op)\nrows = [of_two(Square)]\nprint(Cube)",
            {"Square"},
        ),
        (
            {"helper.py": MAKER + "from lib.ops import Cube, Square\nROWS = [row(Cube)]\nOTHERS = [row(Square)]\n"},
            "from helper import ROWS\nrows = [*ROWS]",
            {"Cube"},
        ),
        ({"helper.py": MAKER.replace("gradcheck", "elsewhere")}, "from helper import row\nrow(Cube)", set()),
        ({"helper.py": MAKER}, "from lib.ops import Cube\ndef row(op): ...\nrow(Cube)", set()),
        (
            {"helper.py": "def row(op, **more): ...\n"},
            "from helper import row\nfrom lib.ops import Cube\nrow(Cube)",
            set(),
        ),
        ({"far/helper.py": MAKER}, "from helper import row\nfrom lib.ops import Cube\nrow(Cube)", set()),
    ],
)
@pytest.mark.parametrize("package", [False, True])
def test_a_function_that_makes_cases_is_followed_beside_the_case_file(take, tmp_path, helpers, cases, covered, package):
    """Also in a package, where the function may stand in its ``__init__.py``."""
    write_library(tmp_path)
    (tmp_path / "rows" / "far").mkdir(parents=True)
    if package:
        helpers = {name.replace("helper.py", "__init__.py"): text for name, text in helpers.items()}
        helpers = {
            "__init__.py": "",
            **{name: text.replace("from deeper", "from .deeper") for name, text in helpers.items()},
        }
        cases = cases.replace("from helper", "from rows").replace("import helper", "import rows")
    for name, text in {**helpers, "cases.py": f"{cases}\n"}.items():
        (tmp_path / "rows" / name).write_text(text)
    _, output = take("lib", "--cases", "rows/cases.py")
    assert set(listed(output, "covered")) == covered
    assert all(line.endswith("by rows/cases.py") for line in output.splitlines() if line.startswith("covered "))


def test_a_helper_that_cannot_be_read_is_said(take, tmp_path):
    write_library(tmp_path)
    (tmp_path / "helper.py").write_text("def f(:\n")
    (tmp_path / "cases.py").write_text("from helper import row\n")
    result = CliRunner().invoke(main, ["inventory", "lib", "--cases", "cases.py"])
    assert "gradcheck: helper.py is no Python: invalid syntax (line 1)" in result.stderr


def test_the_configuration_names_sources_and_cases(take, tmp_path):
    write_library(tmp_path)
    (tmp_path / "cases.py").write_text(
        "from gradcheck import Case\nfrom lib import ops\nrows = [Case(ops.Square), Case(ops.Cube), Case(ops.scale)]\n"
    )
    (tmp_path / "pyproject.toml").write_text('[tool.gradcheck]\ncases = ["cases.py::one"]\ninventory = ["lib"]\n')
    code, output = take("--fail-uncovered")
    assert code == 0, output
    assert "covered    lib/ops.py:4   autograd.Function  Square  by cases.py" in output
    assert output.endswith("3 in 2 files: 3 covered, 0 uncovered\n")


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("cases.py::one", ""),
        ("cases", ""),
        ("cases::one", ""),
        ("cases.py:one", "cases.py:one does not exist"),
        ("no.cases", "no/cases.py does not exist"),
        ("::one", "'' names no path"),
    ],
)
def test_cases_are_named_as_for_run(take, tmp_path, target, said):
    write_library(tmp_path)
    (tmp_path / "cases.py").write_text("from gradcheck import Case\nfrom lib import ops\none = Case(ops.Square)\n")
    result = CliRunner().invoke(main, ["inventory", "lib", "--cases", target])
    assert result.exit_code == (2 if said else 0)
    assert (said if said else "1 covered, 2 uncovered") in result.output


def test_sarif_names_the_uncovered_ones(take, tmp_path):
    write_library(tmp_path)
    (tmp_path / "cases.py").write_text("from gradcheck import Case\nfrom lib.ops import Cube\na = Case(Cube)\n")
    (tmp_path / "odd name").mkdir()
    (tmp_path / "odd name" / "x.py").write_text(
        "def f(x):\n    return x, lambda dy: dy\ndef f(x):\n    return x, lambda dy: dy\n"
    )
    code, output = take(".", "--cases", "cases.py", "--sarif", "-")
    assert code == 0
    (run,) = json.loads(output)["runs"]
    places = [
        (result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
         result["locations"][0]["physicalLocation"]["region"]["startLine"])
        for result in run["results"]
    ]  # fmt: skip
    assert places == [("lib/ops.py", 4), ("lib/ops.py", 20), ("odd%20name/x.py", 1), ("odd%20name/x.py", 3)]
    prints = [result["partialFingerprints"]["gradcheck/v1"] for result in run["results"]]
    assert len(set(prints)) == 4
    (tmp_path / "lib" / "ops.py").write_text("# above\n" + (tmp_path / "lib" / "ops.py").read_text())
    code, _ = take(".", "--cases", "cases.py", "--sarif", "out.sarif")
    moved = json.loads((tmp_path / "out.sarif").read_text())["runs"][0]["results"]
    assert [result["partialFingerprints"]["gradcheck/v1"] for result in moved] == prints
    assert take(".", "--sarif", "no/where.sarif")[0] == 2


@pytest.mark.parametrize(
    ("arguments", "code"), [(["nowhere"], 2), ([], 2), (["empty"], 2), (["."], 0), ([".", "--fail-uncovered"], 3)]
)
def test_what_cannot_be_read_is_said(take, tmp_path, arguments, code):
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.py").write_text("def f(:\n")
    (tmp_path / "bytes.py").write_bytes(b"x = '\xff'\n")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "x.py").write_text("def f(:\n")
    result = CliRunner().invoke(main, ["inventory", *arguments])
    assert result.exit_code == code
    assert "Traceback" not in result.output
    if code in (0, 3):
        assert "gradcheck: broken.py is no Python: invalid syntax (line 1)" in result.stderr
        assert "bytes.py cannot be read" in result.stderr
        assert len(result.stderr.splitlines()) == 2


def test_every_op_of_this_project_has_a_case():
    done = subprocess.run(
        [sys.executable, "-m", "gradcheck", "inventory", "--fail-uncovered"],  # of pyproject.toml
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "uncovered  " not in done.stdout


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_among_the_sources_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "source.py").write_text("x = 1\n")
    assert [module.path.name for module in read_tree([str(tmp_path)]).modules] == ["source.py"]
    for name, said in ((str(tmp_path / "pipe.py"), "neither a folder nor a file"), ("", "names no path")):
        with pytest.raises(UsageError, match=said):
            read_tree([name])
