"""`gradcheck replay`: the very example again, from one word."""

import base64
import json
import re
import subprocess
import sys
import textwrap
import zlib

import pytest
from click.testing import CliRunner

from gradcheck.gate.cli import main
from gradcheck.gate.token import VERSION, read_token

FILE = """
    import numpy as np
    from gradcheck import Case

    def power(x, w, *, mode="plain", p=2):
        def power_vjp(dy):
            factor = 2 if p == 3 and mode == "odd" else p
            return dy * factor * x ** (p - 1) * w, dy * x**p
        return x**p * w, power_vjp

    def zero(x):
        return x * x * x, lambda dy: (np.where(x == 0, 1.0, 3 * x**2) * dy,)

    def log(x):
        return np.log(x), lambda dy: (dy / x,)

    def clipped(x):
        def clipped_vjp(dy):
            return (np.where(x == 0.25, 3.0, 1.0 * (abs(x + 0.625) < 0.875)) * dy,)
        return np.clip(x, -1.5, 0.25), clipped_vjp

    CASES = [
        Case(power, "(n),(n)->(n)", options={"mode": ["plain", "odd"], "p": [2, 3]}),
        Case(zero, "(n)->(n)"),
        Case(clipped, "(n)->(n)"),
        Case(log, "(3,4)->(3,4)"),
        Case(zero, inputs=(np.array([0.0, 1.0]),), name="fixed"),
        Case(lambda x: (x, lambda dy: (2 * dy,)), inputs=lambda rng: (rng.normal(size=3),), name="drawn"),
        Case(zero, "(n)->(n)", name="same"),
        Case(lambda x: (x, lambda dy: (2 * dy,)), "(n)->(n)", name="same"),
    ]
"""


def cli(*arguments):
    result = CliRunner().invoke(main, [*arguments])
    return result.exit_code, result.output


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text(textwrap.dedent(FILE))
    return tmp_path


def blocks(output):
    """The reports in the output of a run."""
    return [block for block in output.split("\n\n") if block.startswith(("wrong:", "inconclusive:"))]


def token_of(block):
    return re.search(r"again: gradcheck replay (\S+)$", block, re.MULTILINE).group(1)


def test_every_report_that_is_not_correct_is_made_again_word_for_word(folder):
    code, output = cli("run", "mine.py", "--examples", "60")
    found = blocks(output)
    assert code == 1
    assert len(found) == 8
    for block in found:
        status, again = cli("replay", token_of(block))
        lines = [line for line in block.splitlines() if not line.strip().startswith("again:")]
        assert again.splitlines() == lines
        assert status == (1 if block.startswith("wrong") else 3)


def test_the_snippet_is_printed(folder):
    _, output = cli("run", "mine.py::power")
    status, code = cli("replay", "--snippet", token_of(output))
    assert status == 0
    assert "from mine import power" in code
    assert "options={'mode': 'odd', 'p': 3}" in code
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("wrong: power")


def test_a_mended_op_is_correct(folder):
    _, output = cli("run", "mine.py::power")
    text = (folder / "mine.py").read_text()
    (folder / "mine.py").write_text(text.replace("factor = 2 if", "factor = 3 if"))
    status, again = cli("replay", token_of(output))
    assert status == 0
    assert again.startswith("correct: power")


def packed(data):
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(data).encode())).decode().rstrip("=")


@pytest.mark.parametrize(
    ("token", "part"),
    [
        ("", "is no token"),
        ("abc", "is no token"),
        ("é" * 40, "is no token"),
        (packed({"a": 1}), "is no token"),
        (packed([]), "is no token"),
        (packed([VERSION, "mine.py"]), "is no token"),
        (packed([VERSION, 1, 2, 3, 4, 5, 6]), "is no token"),
        (packed([VERSION + 1, "anything"]), "another version of gradcheck"),
        (packed([VERSION, "gone.py", "power", 0, None, 10, 0]), "gone.py does not exist"),
        (packed([VERSION, "mine.py", "gone", 0, None, 10, 0]), "holds no case named gone"),
        (packed([VERSION, "mine.py", "power", 0, {"sizes": {"k": 2}}, 10, 0]), "has changed"),
        (packed([VERSION, "mine.py", "power", 0, {"sizes": {"n": 2}, "options": {"p": 7}}, 10, 0]), "has changed"),
        (packed([VERSION, "mine.py", "power", 0, {"sizes": {"n": 2}, "colour": 3}, 10, 0]), "is no token"),
        (packed([VERSION, "mine.py", "power", 0, {"sizes": {"n": "two"}}, 10, 0]), "is no token"),
        (packed([VERSION, "mine.py", "power", 0, {"sizes": {"n": 2}, "plant": "tulips"}, 10, 0]), "is no token"),
        (packed([VERSION, "mine.py", "power", 0, {"sizes": {"n": 2}, "layout": "askew"}, 10, 0]), "is no token"),
    ],
)
def test_a_token_that_cannot_be_used_is_one_sentence(folder, token, part):
    status, output = cli("replay", token)
    assert status == 2, output
    assert part in output
    assert len(output.strip().splitlines()) == 1


def test_a_cut_token_is_one_sentence(folder):
    token = token_of(cli("run", "mine.py::power")[1])
    for length in range(1, len(token), 7):
        status, output = cli("replay", token[:length])
        assert status == 2, output
        assert len(output.strip().splitlines()) == 1


def test_a_token_that_unpacks_to_a_mountain_is_refused():
    status, output = cli("replay", base64.urlsafe_b64encode(zlib.compress(b"0" * 10**8)).decode())
    assert status == 2
    assert "is no token" in output


def test_a_correct_case_prints_no_token(folder):
    (folder / "right.py").write_text(
        "import numpy as np\nfrom gradcheck import Case\n"
        "good = Case(lambda x: (x, lambda dy: (dy.copy(),)), '(n)->(n)', name='good')\n"
    )
    assert "again" not in cli("run", "right.py")[1]


def test_a_token_says_what_it_stands_for(folder):
    again = read_token(token_of(cli("run", "mine.py::power", "--seed", "3")[1]))
    assert (again.target, again.case, again.seed) == ("mine.py", "power", 3)
    assert again.example["options"] == {"mode": 1, "p": 1}
