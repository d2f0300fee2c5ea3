"""The small edit of one line with which all is right: of each kind one, its right twin, and none without the search."""

import numpy as np
import pytest

from gradcheck import Case, Reals, report_case
from gradcheck.adapters import from_value_and_grad
from gradcheck.origin import confirmed, edits, origin, origin_of, origins_of

RNG = np.random.default_rng(8)
POSITIVE = {name: Reals(0.3, 2) for name in ("a", "b", "c")}


RIGHT = """
def op(a, b, c):
    y = np.sin(a) * b + c ** 3

    def vjp(g):
        cos = np.cos(a)
        da = g * cos * b
        db = g * np.sin(a)
        dc = 3 * g * c ** 2
        return da, db, dc

    return y, vjp
"""

LINES = [
    ("dc = 3 * g * c ** 2", "dc = 3 * g * c", "with it multiplied by `c`"),
    ("dc = 3 * g * c ** 2", "dc = g * c ** 2", "with it multiplied by `3`"),
    ("dc = 3 * g * c ** 2", "dc = 3 * g * c ** 3", "with `2` in the place of `3`"),
    ("da = g * cos * b", "da = g * cos * c", "with `b` in the place of `c`"),
    ("da = g * cos * b", "da = g * cos / b", "with `g * cos * b` in the place of `g * cos / b`"),
    ("da = g * cos * b", "da = g * np.sin(a) * b", "with `np.cos` in the place of `np.sin`"),
    ("da = g * cos * b", "da = g * (1 - cos) * b", "with `cos` in the place of `1 - cos`"),
    ("da = g * cos * b", "da = g * cos * b * np.exp(a)", "without the factor `np.exp(a)` of `g * cos * b * np.exp(a)`"),
    ("da = g * cos * b", "da = g * cos * b + c", "without the term `c` of `g * cos * b + c`"),
    ("da = g * cos * b", "da = -2 * g * cos * b", "without the factor `-2` of `-2 * g`"),
]


def case_of(tmp_path, text):
    """An op that stands in a file of its own, as what is looked at line by line must."""
    path = tmp_path / "mine.py"
    path.write_text(f"import numpy as np\n\n{text}")
    names = {"__name__": "mine"}
    exec(compile(path.read_text(), str(path), "exec"), names)
    return Case(names["op"], "(n),(n),(n)->(n)", domains=POSITIVE)


def told(case):
    """What is said of the first error in whose line an edit was found."""
    report = report_case(case, 20)
    return next((finding.made.factor for finding in report.errors if finding.made and finding.made.factor), None)


@pytest.mark.parametrize(("right", "wrong", "said"), LINES, ids=[wrong for _, wrong, _ in LINES])
def test_the_edit_is_said_of_the_wrong_line_and_nothing_of_the_right_one(right, wrong, said, tmp_path):
    assert right in RIGHT
    assert report_case(case_of(tmp_path, RIGHT), 20).errors == ()
    sentence = told(case_of(tmp_path, RIGHT.replace(right, wrong)))
    assert sentence is not None
    assert said in sentence


def test_nothing_is_said_without_the_search(tmp_path, monkeypatch):
    monkeypatch.setattr(origin, "edits_of", lambda *_: [])
    for right, wrong, _ in LINES[:6]:
        assert told(case_of(tmp_path, RIGHT.replace(right, wrong))) is None


def test_one_edit_of_two_is_not_said_where_two_are_needed_and_pairs_are_left_out(tmp_path, monkeypatch):
    """A factor and a sign in one line."""
    wrong = RIGHT.replace("da = g * cos * b", "da = -g * cos")
    assert "`-g * cos" in told(case_of(tmp_path, wrong))
    monkeypatch.setattr(edits, "MOST_TWICE", 0)
    assert told(case_of(tmp_path, wrong)) is None


def test_an_index_in_a_loop_and_a_sum_that_is_taken_away():
    def chain(x):
        y = np.zeros(len(x) + 1)
        for i in range(len(x)):
            y[i + 1] = y[i] + np.sin(x[i])

        def chain_vjp(g):
            dx, carry = np.zeros_like(x), 0.0
            for i in range(len(x) - 1, -1, -1):
                carry = carry + g[i]
                dx[i] = carry * np.cos(x[i])
            return (dx,)

        return y, chain_vjp

    def pairs(x):
        def pairs_vjp(g):
            dx = np.zeros_like(x)
            dx[1:] += g
            dx[:-1] += g
            return (dx,)

        return x[1:] - x[:-1], pairs_vjp

    x = RNG.standard_normal(4)
    assert "with `i + 1` in the place of `i`" in origin_of(Case(chain, inputs=(x,)), (x,)).factor
    assert "with `-=`" in origin_of(Case(pairs, inputs=(x,)), (x,)).factor


def test_what_a_cost_returns_beside_its_slope():
    def cost(theta):
        return float(0.5 * np.sum((np.exp(theta) - 2) ** 2))

    def slope(theta):
        k = np.exp(theta)
        return k - 2

    theta = RNG.standard_normal(3)
    found = origin_of(Case(from_value_and_grad(cost, slope), inputs=(theta,)), (theta,))
    assert "with `k - 2` multiplied by `k`" in found.factor or "with it multiplied by `k`" in found.factor


def stencil(x):
    cx, cy = (x[:, 1:] - x[:, :-1])[:-1], (x[1:] - x[:-1])[:, :-1]
    size = np.sqrt(cx**2 + cy**2 + 0.25)

    def stencil_vjp(g):
        ux = g * cx / size
        uy = g * cy / size
        dx = np.zeros_like(x)
        dx[:-1, 1:] += ux
        dx[:-1, :-1] -= ux
        dx[1:, :-1] += uy
        dx[:-1, 1:] -= uy
        return (dx,)

    return size, stencil_vjp


def test_a_stencil_that_keeps_its_sums_accuses_no_other_line_for_certain(monkeypatch):
    x = RNG.standard_normal((4, 3))
    found = origin_of(Case(stencil, inputs=(x,)), (x,))
    assert "dx[:-1, 1:] -= uy" in [line.code for line in found.among]
    assert not found.certain
    monkeypatch.setattr(origin, "_beside_rivals", lambda _, suspicion: (suspicion, True))
    found = origin_of(Case(stencil, inputs=(x,)), (x,))
    assert (found.code, found.certain) == ("ux = g * cx / size", True)


def test_an_edit_that_does_at_one_point_by_chance_is_not_said():
    """Where ``a`` is twice ``b``, a factor ``a / b`` is two."""

    def op(a, b):
        def op_vjp(g):
            da = g * 2 * a * a / b
            return da, np.zeros_like(b)

        return a**2, op_vjp

    b = RNG.uniform(0.5, 1.5, 3)
    inputs = 2 * b, b
    case = Case(op, inputs=inputs)
    said = [edit.variant.said for found in origin.at_one_point(case, inputs) for edit in found.edits]
    assert "with it divided by `2`" in said
    factor = origins_of(case, inputs)[0].factor
    assert factor is None or "divided by `2`" not in factor


def test_an_edit_that_nothing_else_bears_out_is_dropped(monkeypatch):
    monkeypatch.setattr(confirmed, "still_right", lambda *_: [])
    x = RNG.standard_normal(3)

    def square(x):
        def square_vjp(g):
            dx = 3 * g * x
            return (dx,)

        return x**2, square_vjp

    assert origin_of(Case(square, inputs=(x,)), (x,)).factor is None


SPREAD = ["dx = -g.reshape(*x.shape)", "dx = -np.stack([*g])", "dx = -np.zeros_like(x) - g[*HERE]", "dx = -sum([*[g]])"]


@pytest.mark.parametrize("line", SPREAD)
def test_what_is_handed_over_one_by_one_is_no_value_by_itself(line, tmp_path, monkeypatch):
    """A part such as ``*x.shape`` cannot be computed alone; a fault of ours in that would be raised here."""
    body = f"    def vjp(g):\n        {line}\n        return (dx,)\n\n    return x, vjp\n"
    text = f"HERE = (slice(None),)\n\ndef op(x):\n{body}"
    path = tmp_path / "spread.py"
    for number, code in enumerate((text, text.replace("= -", "= ").replace("- g[", "+ g["))):
        path.write_text(f"import numpy as np\n\n{code}")
        names = {"__name__": "spread"}
        exec(compile(path.read_text(), str(path), "exec"), names)
        report = report_case(Case(names["op"], "(n)->(n)"), 10)
        assert [bool(finding.made and finding.made.factor) for finding in report.errors] == [True] * (1 - number)
