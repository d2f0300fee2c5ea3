"""The table that says which causes state what an edit operator plants, and how what was said is compared with it."""

import pytest

from benchmarks.edited_code import Kind, Surroundings
from benchmarks.mutant_causes import ROOT, compare
from benchmarks.planted_causes import ROWS, planted
from gradcheck.diagnosis.hypotheses import HYPOTHESES
from gradcheck.gate.loading import load_cases
from gradcheck.laws import LAWS
from gradcheck.mutants import OPERATORS
from gradcheck.mutants.groups import group_cases
from gradcheck.source import Edit

BACKWARD = """
def layer(w, x):
    m = x.shape[1]
    a = np.tanh(w @ x)

    def layer_vjp(dy):
        da = dy * (2 / m)
        dz = da * (1 - a * a)
        dn = -dz
        return dz @ x.T, dn

    return a, layer_vjp
"""
NAMED = {hypothesis.name for hypothesis in HYPOTHESES} | {law.clues.name for law in LAWS} | {"gradient-of-integers"}


def edited(operator, before, after, piece=None):
    """One edit of `BACKWARD` with what stands around it; ``piece`` is where to look for ``before``."""
    start = BACKWARD.index(piece or before)
    start = BACKWARD.index(before, start)
    edit = Edit(operator, "", "layer.py", "layer", 1, start, start + len(before), before, after)
    return edit, Surroundings(edit, BACKWARD)


def test_every_operator_has_a_row():
    assert set(ROWS) == {operator.name for operator in OPERATORS}


ROWS_TRIED = [
    (("flip-sign", "da * (1 - a * a)", "-(da * (1 - a * a))"), {"sign"}),
    (("drop-factor", "2 / m", "2"), {"size-factor", "factor"}),
    (("drop-factor", "dy * (2 / m)", "(2 / m)"), {"cotangent-ignored", "wrong-array"}),
    (("times-for-divide", "dy * (2 / m)", "dy / (2 / m)"), {"size-factor", "factor"}),
    (("other-name", "da", "a", "da * (1"), {"cotangent-ignored", "wrong-array"}),
    (("other-name", "a", "dy", "a * a)"), {"cotangent-power"}),
    (("swap-operands", "1 - a * a", "a * a - 1"), {"sign", "operand-sign"}),
]


@pytest.mark.parametrize(("edit", "names"), ROWS_TRIED, ids=[" ".join(edit[:3]) for edit, _ in ROWS_TRIED])
def test_a_row_depends_on_what_is_hit(edit, names):
    assert planted(*edited(*edit)) == names


def test_a_gradient_for_minus_itself_has_the_wrong_sign():
    assert "sign" in planted(*edited("other-name", "dn", "dz", "dn\n\n    return a"))
    assert "sign" not in planted(*edited("other-name", "dn", "da", "dn\n\n    return a"))


def test_every_name_in_the_table_can_be_said():
    assert {name for row in ROWS.values() if isinstance(row, frozenset) for name in row} <= NAMED
    for group in group_cases(load_cases([str(ROOT / "tests" / "cases.py")])).groups:
        for edit in group.edits:
            names = planted(edit, Surroundings(edit, group.text(edit.path)))
            assert names, f"nothing states what {edit.operator} does at {edit.place}"
            assert names <= NAMED


def test_code_is_told_apart_by_what_the_cotangent_reaches():
    _, around = edited("drop-factor", "2 / m", "2")
    assert [around.kind(code) for code in ("2 / m", "a * a", "da", "dz @ x.T")] == [
        Kind.NUMBER,
        Kind.VALUE,
        Kind.COTANGENT,
        Kind.COTANGENT,
    ]


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ([("GC301", "x", "sign or factor", False, "")], "stated"),
        ([("GC301", "x", "sign", True, ""), ("GC301", "w", "missing", True, "")], "another cause, certain"),
        ([("GC301", "x", "missing", False, "")], "another cause"),
        ([("GC301", "x", None, False, "")], "no pattern found"),
        ([("GC101", "", "raises", True, "")], "raises"),
        ([("GC104", "x", "sign", True, "")], "named by its law"),
        (None, "not wrong"),
    ],
)
def test_what_was_said_is_compared(said, word):
    edit, _ = edited("flip-sign", "da", "-da")
    assert compare(edit, frozenset({"sign"}), None if said is None else tuple(said)).word == word
