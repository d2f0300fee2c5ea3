"""Inputs that are data: no gradient is asked of them, whatever the vjp says of them, and they stay what they are."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

from gradcheck import Case, Descent, InputError, UsageError, report_case, report_vjp
from gradcheck.gate.cli import main
from gradcheck.laws import LAWS
from gradcheck.point import judge_point

pytestmark = pytest.mark.usefixtures("unexplained")

RNG = np.random.default_rng(0)
PARAMS = {"W": np.round(RNG.normal(size=(2, 3)), 2)}
X, Y = np.round(RNG.normal(size=(3, 4)), 2), np.round(RNG.normal(size=(2, 4)), 2)
LABELS = np.eye(2)[:, [0, 1, 1, 0]]


def net(answer, factor=2.0, wrong=1.0):
    """Squared error of ``W X`` beside ``Y``; ``answer(dparams)`` is what the vjp returns."""

    def net_op(params, X, Y):
        d = params["W"] @ X - Y

        def net_vjp(dy):
            return answer({"W": wrong * factor * d @ X.T * dy})

        return float((d * d).sum()), net_vjp

    return net_op


ANSWERS = {
    "None": lambda grads: (grads, None, None),
    "zeros": lambda grads: (grads, np.zeros_like(X), np.zeros_like(Y)),
    "nothing": lambda grads: (grads,),
    "nothing of the last": lambda grads: (grads, None),
    "nonsense": lambda grads: (grads, "no", np.full(7, np.nan)),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_whatever_is_said_of_data_is_not_judged(answer):
    right = report_vjp(net(answer), PARAMS, X, Y, constants=("X", "Y"))
    assert right.verdict == "correct"
    assert (right.arguments, right.constants) == (("params['W']",), ("X", "Y"))
    assert json.loads(json.dumps(right.to_dict()))["constants"] == ["X", "Y"]
    wrong = report_vjp(net(answer, wrong=2.0), PARAMS, X, Y, constants=("X", "Y"))
    assert [finding.code for finding in wrong.errors][:1] == ["GC301"]
    assert {finding.argument for finding in wrong.errors} == {"params['W']"}


@pytest.mark.parametrize("name", ["None", "nothing"])
def test_a_missing_gradient_of_floats_names_the_option(name):
    report = report_vjp(net(ANSWERS[name]), PARAMS, X, Y)
    assert report.verdict == "wrong"
    assert 'where `X` and `Y` are data, say constants=("X", "Y")' in report.errors[0].message


def test_a_missing_entry_of_a_dict():
    def op(batch):
        d = batch["w"] * batch["X"]
        return d, lambda dy: ({"w": (dy * batch["X"]).sum()},)

    batch = {"w": np.array(0.5), "X": np.array([1.0, -2.0])}
    assert "say constants=(\"batch['X']\",)" in report_vjp(op, batch).errors[0].message
    assert report_vjp(op, batch, constants=("batch['X']",)).verdict == "correct"
    deeper = {"data": {"X": batch["X"]}, "w": batch["w"]}

    def deep(batch):
        y, vjp = op({"w": batch["w"], "X": batch["data"]["X"]})
        return y, vjp

    assert report_vjp(deep, deeper, constants=("batch['data']",)).verdict == "correct"


@pytest.mark.parametrize(
    ("constants", "words"),
    [
        (("Z",), "`Z` is among the constants, but the inputs are `params`, `X`, `Y`"),
        (("params['V']",), "`params['V']` is among the constants, but the inputs are `params['W']`"),
        ("X", "write a tuple with the names of inputs, ('X',)"),
        (3, "constants is 3"),
        (("params", "X", "Y"), "no gradient is left"),
    ],
)
def test_bad_input_is_one_sentence(constants, words):
    with pytest.raises((UsageError, InputError)) as caught:
        report_vjp(net(ANSWERS["None"]), PARAMS, X, Y, constants=constants)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_case_knows_the_names_before_it_calls_anything():
    with pytest.raises(UsageError, match="`Z` is among the constants"):
        Case(net(ANSWERS["None"]), inputs=(PARAMS, X, Y), constants=("Z",))


def masked_softmax(wrong=1.0, poison=0.0):
    """A softmax whose mask of zeros and minus infinities is data."""

    def masked(S, mask):
        A = S + mask
        P = np.exp(A - A.max(-1, keepdims=True, initial=-1e300))
        P /= P.sum(-1, keepdims=True)
        return P, lambda dy: (wrong * P * (dy - (P * dy).sum(-1, keepdims=True)), np.full_like(mask, poison))

    return masked


def test_data_need_not_be_finite():
    mask = np.where(np.tril(np.ones((4, 4))) > 0, 0.0, -np.inf)
    S = np.round(RNG.normal(size=(4, 4)), 2)
    with pytest.raises(InputError, match=r'where `mask` is data, say constants=\("mask",\)'):
        report_vjp(masked_softmax(), S, mask)
    assert report_vjp(masked_softmax(), S, mask, constants=("mask",)).verdict == "correct"
    assert report_vjp(masked_softmax(1.01), S, mask, constants=("mask",)).verdict == "wrong"


def test_a_case_draws_data_and_judges_none_of_it():
    case = Case(masked_softmax(poison=np.nan), "(n,n),(n,n)->(n,n)", constants=("mask",))
    assert report_case(case, examples=20).verdict == "correct"
    wrong = report_case(replace(case, op=masked_softmax(2.0)), examples=20)
    assert {finding.argument for finding in wrong.errors} == {"S"}


def test_data_are_never_moved_where_a_value_is_measured():
    """Labels moved in their last bits are no labels: the op would raise, or answer something else."""
    moved = []

    def cross_entropy(Z, Y):
        P = np.exp(Z - Z.max(0))
        P /= P.sum(0)
        if not np.isin(Y, (0.0, 1.0)).all():
            moved.append(Y)
        hit = Y == 1
        return -np.log(np.where(hit, P, 1.0)).sum(), lambda dy: ((P - hit) * 1.001 * dy, None)

    report = judge_point(Case(cross_entropy, inputs=(Y, LABELS), constants=("Y",)), (Y, LABELS))
    assert [finding.argument for finding in report.errors] == ["Z"]
    assert "cannot tell" not in str(report)
    assert len(moved) <= 1  # another batch, of which a call must leave no trace: it is not measured


def test_an_op_carries_them_unless_the_case_says_otherwise():
    op = net(ANSWERS["None"])
    op.constants = ("X", "Y")
    assert Case(op, inputs=(PARAMS, X, Y)).constants == ("X", "Y")
    assert report_vjp(op, PARAMS, X, Y).verdict == "correct"
    assert report_vjp(op, PARAMS, X, Y, constants=()).verdict == "wrong"


def test_the_snippet_says_them_too():
    wrong = report_vjp(net(ANSWERS["None"], wrong=3.0), PARAMS, X, Y, constants=("X", "Y"))
    assert "constants=('X', 'Y')" in wrong.snippet


def test_a_descent_moves_no_data():
    descent = Descent(lambda p, g, rate: tuple(a - rate * b for a, b in zip(p, g, strict=True)), ("X",))
    with pytest.raises(UsageError, match="`X` is among the constants"):
        report_case(Case(net(ANSWERS["None"]), inputs=(PARAMS, X, Y), constants=("X", "Y"), descent=descent))


def test_second_derivatives_with_data():
    torch = pytest.importorskip("torch")
    from gradcheck.adapters import from_torch

    def cost(w, x):
        return (w**3 * x).sum()

    op = from_torch(cost, constants=("x",))
    w, x = torch.tensor([0.5, -1.0]).double().numpy(), np.array([1.5, 0.25])
    assert report_case(Case(op, inputs=(w, x), order=2), examples=2).verdict == "correct"


def test_wanting_leaves_data_out():
    (law,) = [law for law in LAWS if law.code == "GC208"]
    asked = []

    def op(a, b, X):
        return a * b * X, lambda dy: (dy * b * X, dy * a * X, None)

    def wanting(mask):
        asked.append(mask)

        def some(a, b, X):
            return a * b * X, lambda dy: tuple(
                g if want else None for g, want in zip((dy * b * X, dy * a * X, dy), mask, strict=True)
            )

        return some

    op.wanting, op.constants = wanting, ("X",)
    assert report_vjp(op, X, X + 1, X - 1).verdict == "correct"
    assert law.code == "GC208"
    assert asked
    assert not any(mask[2] for mask in asked)


def test_a_file_of_cases_is_judged_replayed_and_mended(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "coursework.py"
    file.write_text(
        "import numpy as np\n"
        "from gradcheck import Case\n\n\n"
        "def net(W, X, Y):\n"
        "    d = W @ X - Y\n\n"
        "    def net_vjp(dy):\n"
        "        dW = dy * d @ X.T\n"
        "        return (dW,)\n\n"
        "    return 0.5 * float((d * d).sum()), net_vjp\n\n\n"
        "def wrong(W, X, Y):\n"
        "    d = W @ X - Y\n\n"
        "    def wrong_vjp(dy):\n"
        "        dW = 2 * dy * d @ X.T\n"
        "        return (dW,)\n\n"
        "    return 0.5 * float((d * d).sum()), wrong_vjp\n\n\n"
        'right = Case(net, "(o,i),(i,m),(o,m)->()", constants=("X", "Y"))\n'
        'doubled = Case(wrong, "(o,i),(i,m),(o,m)->()", constants=("X", "Y"))\n'
    )
    code, said = cli("run", str(file), "--examples", "10")
    assert code == 1
    assert "`W`" in said
    token = re.search(r"gradcheck replay (\S+)", said)[1]
    assert cli("replay", token)[0] == 1
    code, said = cli("fix", f"{file}::wrong")
    assert code == 0
    assert "-        dW = 2 * dy * d @ X.T" in said
    assert cli("prove", f"{file}::net", "--examples", "5")[0] == 0


def cli(*arguments):
    result = CliRunner().invoke(main, [*arguments])
    return result.exit_code, result.output
