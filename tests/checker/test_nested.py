"""Inputs and outputs that are dicts, lists, tuples and NamedTuples of arrays."""

from typing import NamedTuple

import numpy as np
import pytest

from gradcheck import Case, UsageError, report_case, report_vjp
from gradcheck.point import judge_point

pytestmark = pytest.mark.usefixtures("unexplained")


class Affine(NamedTuple):
    weight: np.ndarray
    bias: np.ndarray


def chain(params, x, gradient=lambda place, g: g):
    """tanh layers one after the other; `gradient` may spoil the gradient of one place, ("blocks", 1, "weight")."""
    steps = []
    for number, block in enumerate(params["blocks"]):
        y = np.tanh(block["weight"] @ x + block["bias"])
        steps.append((number, block, x, y))
        x = y
    out = params["head"].weight @ x + params["head"].bias

    def chain_vjp(dout):
        dhead = Affine(np.outer(dout, x), dout.copy())
        dx, dblocks = params["head"].weight.T @ dout, []
        for number, block, before, after in reversed(steps):
            dz = dx * (1 - after**2)
            dweight = gradient(("blocks", number, "weight"), np.outer(dz, before))
            dblocks.insert(0, {"weight": dweight, "bias": dz})
            dx = block["weight"].T @ dz
        return {"blocks": dblocks, "head": dhead, "steps": None}, dx

    return out, chain_vjp


def parameters(depth=3, width=3, seed=0):
    rng = np.random.default_rng(seed)
    blocks = [{"weight": rng.normal(size=(width, width)), "bias": rng.normal(size=width)} for _ in range(depth)]
    return {"blocks": blocks, "head": Affine(rng.normal(size=(2, width)), rng.normal(size=2)), "steps": np.array(depth)}


def spoiled(place, change):
    def chain_spoiled(params, x):
        return chain(params, x, lambda here, g: change(g) if here == place else g)

    return chain_spoiled


X = np.array([0.5, -1.0, 0.25])


def test_a_correct_one_is_correct_and_every_leaf_has_a_floor():
    report = report_vjp(chain, parameters(), X)
    assert report.verdict == "correct", str(report)
    assert "params['blocks'][0]['weight']" in report.floor
    assert "params['head'].bias" in report.floor
    assert "params['steps']" not in report.floor
    assert report.forwards <= 12
    assert report.backwards <= 8


@pytest.mark.parametrize("number", [0, 2])
def test_a_wrong_leaf_is_named_by_its_path(number):
    op = spoiled(("blocks", number, "weight"), lambda g: 1.5 * g)
    report = report_vjp(op, parameters(), X)
    assert report.verdict == "wrong"
    assert {finding.argument for finding in report.errors} == {f"params['blocks'][{number}]['weight']"}
    assert f"`params['blocks'][{number}]['weight']` at [" in " ".join(str(report).split())


def test_one_wrong_leaf_of_many_is_found_by_bisection():
    depth = 32
    inputs = (parameters(depth), X)
    case = Case(spoiled(("blocks", 20, "weight"), lambda g: 1.001 * g), inputs=inputs)
    report = judge_point(case, inputs)  # its cause would take twice as long, and is asked elsewhere
    assert {finding.argument for finding in report.errors} == {"params['blocks'][20]['weight']"}
    assert report.forwards < 1260  # of which irregular steps take 72, and digits of a scalar 576


def test_the_raw_shape_of_a_leaf_is_judged():
    report = report_vjp(spoiled(("blocks", 0, "weight"), lambda g: g[0]), parameters(), X)
    assert report.errors[0].code == "GC105"
    assert report.errors[0].argument == "params['blocks'][0]['weight']"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (lambda grads: (grads[0]["blocks"], grads[1]), "GC103"),
        (lambda grads: ({**grads[0], "blocks": grads[0]["blocks"][:1]}, grads[1]), "GC103"),
        (lambda grads: ({**grads[0], "steps": np.array(0)}, grads[1]), "GC104"),
        (lambda grads: ({**grads[0], "head": Affine(grads[0]["head"].weight, None)}, grads[1]), "GC104"),
        (lambda grads: (None, grads[1]), "GC104"),
    ],
)
def test_the_structure_of_a_gradient_is_that_of_its_input(wrong, code):
    def op(params, x):
        y, chain_vjp = chain(params, x)

        def op_vjp(dy):
            return wrong(chain_vjp(dy))

        return y, op_vjp

    report = report_vjp(op, parameters(), X)
    assert report.verdict == "wrong"
    assert report.errors[0].code == code, str(report)
    assert "`params" in str(report)


def test_outputs_may_be_nested_too():
    def op(x):
        y = {"sine": np.sin(x), "squares": [x * x, 3 * x]}

        def op_vjp(dy):
            return (dy["sine"] * np.cos(x) + 2 * x * dy["squares"][0] + 3 * dy["squares"][1],)

        return y, op_vjp

    def forgets_one(x):
        y, _ = op(x)

        def forgetful_vjp(dy):
            return (dy["sine"] * np.cos(x) + 2 * x * dy["squares"][0],)

        return y, forgetful_vjp

    assert report_vjp(op, X).verdict == "correct"
    assert report_vjp(forgets_one, X).verdict == "wrong"


@pytest.mark.explained
def test_the_users_nested_arrays_are_bitwise_as_before():
    params = parameters()
    before = [block["weight"].copy() for block in params["blocks"]]

    def in_place(params, x):
        for block in params["blocks"]:
            block["weight"] *= 2
        return chain(params, x)

    report = report_vjp(in_place, params, X)
    assert {"GC204"} <= {finding.code for finding in report.errors}
    for block, weight in zip(params["blocks"], before, strict=True):
        np.testing.assert_array_equal(block["weight"], weight)


def test_a_case_at_nested_inputs():
    assert report_case(Case(chain, inputs=(parameters(), X))).verdict == "correct"


def test_a_leaf_that_is_no_array_is_named():
    params = parameters()
    params["blocks"][1]["bias"] = 3.0
    with pytest.raises(UsageError, match=r"params\['blocks'\]\[1\]\['bias'\]"):
        report_vjp(chain, params, X)
