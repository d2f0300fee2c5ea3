"""What a line lacks is read off the numbers: products of three, sums, matrix products; and sizes, scans, repeats."""

import pytest

from gradcheck import Case, Reals, report_case
from gradcheck.origin import additions, edits, layouts, operands, variants

OPS = {
    "cell": (
        """
def op(x, c, p):
    new = np.tanh(x) * c
    gate = np.tanh(x + p[1] * new)
    y = gate * np.sin(new)

    def vjp(g):
        dgate = g * np.sin(new) * (1 - gate**2)
        dnew = g * gate * np.cos(new) + dgate * p[1]
        dx = dnew * (1 - np.tanh(x) ** 2) * c + dgate
        dc = dnew * np.tanh(x)
        return dx, dc, np.array([0.0, (dgate * new).sum()])

    return y, vjp
""",
        "(n),(n),(2)->(n)",
    ),
    "weights": (
        """
def op(x, s):
    d = x[:, None] - x[None, :]
    w = np.exp(-(d**2) * s)
    y = w.sum(axis=1)

    def vjp(g):
        dd = -2 * g[:, None] * w * d * s
        dx = dd.sum(axis=1) - dd.sum(axis=0)
        ds = -(g[:, None] * w * d**2).sum()
        return dx, ds

    return y, vjp
""",
        "(n),()->(n)",
    ),
    "layer": (
        """
def op(x, w, v):
    s = x.mean(axis=0)
    y = x @ w + np.cumsum(v)

    def vjp(g):
        dx = g @ w.T + 2 * x * s * g.sum() / len(x)
        dx = dx - 2 * x * s * g.sum() / len(x)
        dw = x.T @ g
        dv = np.cumsum(g.sum(axis=0)[::-1])[::-1]
        return dx, dw, dv

    return y, vjp
""",
        "(n,i),(i,o),(o)->(n,o)",
    ),
    "picked": (
        """
PLACES = np.array([2, 0, 2, 1])


def op(table, bias):
    y = (table[PLACES] + bias) / PLACES.shape[0]

    def vjp(g):
        dtable = np.zeros_like(table)
        np.add.at(dtable, PLACES, g / PLACES.shape[0])
        dbias = g.sum(axis=0) / PLACES.shape[0]
        return dtable, dbias

    return y, vjp
""",
        "(3,k),(k)->(4,k)",
    ),
    "mean": (
        """
def op(x, a):
    gate = np.tanh(x.mean(axis=1))
    y = x * gate[:, None] * (a + x)

    def vjp(g):
        dgate = np.einsum("nm,nm->n", g * x, a + x) * (1 - gate**2)
        dx = g * gate[:, None] * (a + 2 * x) + dgate[:, None] / x.shape[1]
        da = (g * x * gate[:, None]).sum(axis=0)
        return dx, da

    return y, vjp
""",
        "(n,m),(m)->(n,m)",
    ),
    "slope": (
        """
def op(x, w):
    h = np.tanh(x * w)
    y = h + np.abs(w)

    def vjp(g):
        dz = g * (1 - h**2)
        dw = dz * x + g * np.sign(w)
        return dz * w, dw

    return y, vjp
""",
        "(n),(n)->(n)",
    ),
    "share": (
        """
def op(a, b, s):
    y = (s * a + (1 - s) * b) ** 2

    def vjp(g):
        inner = 2 * g * (s * a + (1 - s) * b)
        ds = (inner * (a - b)).sum()
        return inner * s, inner * (1 - s), ds

    return y, vjp
""",
        "(n),(n),()->(n)",
    ),
}

LINES = [
    ("cell", " + dgate * p[1]", "", "`dgate * p[1]` added to"),
    ("weights", " - dd.sum(axis=0)", "", "`dd.sum(axis=0)` taken from"),
    ("layer", "dx = g @ w.T + 2 * x", "dx = 2 * x", "`g @ w.T` added to"),
    ("layer", "np.cumsum(g.sum(axis=0)[::-1])[::-1]", "np.cumsum(g.sum(axis=0))", "in the place of `np.cumsum"),
    ("picked", "np.add.at(dtable, PLACES, g / PLACES.shape[0])", "dtable[PLACES] += g / PLACES.shape[0]",
     "with `np.add.at(dtable, PLACES, g / PLACES.shape[0])`"),
    ("mean", "dgate[:, None] / x.shape[1]", "dgate[:, None]", "divided by `g.shape[1]`"),
    ("slope", "g * (1 - h**2)", "g", "multiplied by `1 - h ** 2`"),
    ("slope", "g * np.sign(w)", "g", "`g` multiplied by `np.sign(w)`"),
    ("share", "(inner * (a - b)).sum()", "(inner * a).sum()", "with `b` taken from `a`"),
]  # fmt: skip


def case_of(tmp_path, name, before="", after=""):
    text, signature = OPS[name]
    path = tmp_path / f"{name}.py"
    path.write_text("import numpy as np\n" + text.replace(before, after))
    names = {"__name__": name}
    exec(compile(path.read_text(), str(path), "exec"), names)
    return Case(names["op"], signature, domains={"s": Reals(0.5, 2)} if name == "weights" else None)


def told(case):
    return [finding.made.factor or "" for finding in report_case(case, 10).errors if finding.made]


@pytest.mark.parametrize("name", OPS)
def test_of_the_right_twin_nothing_is_said(name, tmp_path):
    assert report_case(case_of(tmp_path, name), 10).errors == ()


@pytest.mark.parametrize(("name", "right", "wrong", "said"), LINES, ids=[said for *_, said in LINES])
def test_what_is_lacking_is_said(name, right, wrong, said, tmp_path):
    assert right in OPS[name][0]
    assert any(said in sentence for sentence in told(case_of(tmp_path, name, right, wrong)))


def without_reading_off(monkeypatch):
    monkeypatch.setattr(edits, "lacking", lambda *_: iter(()))


def without_turned_scans(monkeypatch):
    monkeypatch.setattr(layouts, "_SCANS", ())


def without_repeats(monkeypatch):
    monkeypatch.setattr(variants, "_added_at", lambda *_: iter(()))


def without_sizes(monkeypatch):
    without_reading_off(monkeypatch)
    monkeypatch.setattr(operands, "MOST_OF_A_SIZE", 0)


def without_slopes(monkeypatch):
    monkeypatch.setattr(operands, "_SLOPES", {})


def without_terms_of_factors(monkeypatch):
    without_reading_off(monkeypatch)
    kinds = [kind for kind in variants._IN_VALUE if kind[0] is not additions.terms_of_factors]
    monkeypatch.setattr(variants, "_IN_VALUE", kinds)


OFF = {0: without_reading_off, 1: without_reading_off, 3: without_turned_scans, 4: without_repeats,
       5: without_sizes, 6: without_reading_off, 7: without_slopes, 8: without_terms_of_factors}  # fmt: skip


@pytest.mark.parametrize("row", OFF)
def test_without_each_of_these_it_is_not(row, tmp_path, monkeypatch):
    OFF[row](monkeypatch)
    name, right, wrong, said = LINES[row]
    assert not any(said in sentence for sentence in told(case_of(tmp_path, name, right, wrong)))
