"""Each optimiser goes where torch.optim goes, step for step, and says in a sentence what it cannot take."""

import math

import numpy as np
import pytest

from manual_bp import SGD, Adam, AdamW, CosineDecay, OptimizerState, RMSprop

TREE = {"second": [np.array([[0.5, -2.0, 3.0]]), np.array(-1.5)], "first": (np.array([1.0, -1.0]),)}
STEPS = 25

ROWS = [
    (SGD(0.1), "SGD", {"lr": 0.1}),
    (SGD(0.1, momentum=0.9), "SGD", {"lr": 0.1, "momentum": 0.9}),
    (SGD(0.1, momentum=0.9, nesterov=True), "SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    (SGD(0.1, momentum=0.5, weight_decay=0.1), "SGD", {"lr": 0.1, "momentum": 0.5, "weight_decay": 0.1}),
    (RMSprop(), "RMSprop", {}),
    (
        RMSprop(0.05, alpha=0.9, eps=1e-4, momentum=0.8, centered=True, weight_decay=0.1),
        "RMSprop",
        {"lr": 0.05, "alpha": 0.9, "eps": 1e-4, "momentum": 0.8, "centered": True, "weight_decay": 0.1},
    ),
    (Adam(), "Adam", {}),
    (
        Adam(0.1, betas=(0.8, 0.9), eps=1e-3, weight_decay=0.1, amsgrad=True),
        "Adam",
        {"lr": 0.1, "betas": (0.8, 0.9), "eps": 1e-3, "weight_decay": 0.1, "amsgrad": True},
    ),
    (AdamW(), "AdamW", {}),
    (AdamW(0.1, weight_decay=0.3, amsgrad=True), "AdamW", {"lr": 0.1, "weight_decay": 0.3, "amsgrad": True}),
]


def gradients(step, dtype):
    """Of both signs, over some orders of magnitude, with an exact zero."""
    rng = np.random.default_rng(step)
    draw = [(rng.normal(size=shape) * 10.0 ** rng.integers(-3, 2)).astype(dtype) for shape in ((1, 3), (), (2,))]
    draw[0][0, step % 3] = 0
    return draw


def arrays(tree):
    return [*tree["second"], *tree["first"]]


def as_tree(second, scalar, first):
    """As TREE, with its keys put in in another order."""
    return {"first": (first,), "second": [second, scalar]}


@pytest.mark.parametrize(("optimizer", "name", "options"), ROWS, ids=lambda value: repr(value)[:60])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_it_goes_where_torch_goes(optimizer, name, options, dtype):
    torch = pytest.importorskip("torch")
    ours = {"second": [x.astype(dtype) for x in TREE["second"]], "first": tuple(x.astype(dtype) for x in TREE["first"])}
    theirs = [torch.tensor(x) for x in arrays(ours)]
    peer, state = getattr(torch.optim, name)(theirs, **options), optimizer.start(ours)
    for step in range(STEPS):
        drawn = gradients(step, dtype)
        for tensor, gradient in zip(theirs, drawn, strict=True):
            tensor.grad = torch.tensor(gradient)
        peer.step()
        ours, state = optimizer.step(ours, as_tree(*drawn), state)
        for x, tensor in zip(arrays(ours), theirs, strict=True):
            assert (type(x), x.dtype, x.shape) == (np.ndarray, dtype, tuple(tensor.shape))
            np.testing.assert_allclose(x, tensor.numpy(), rtol=0, atol=64 * np.finfo(dtype).eps)
    assert state.step == STEPS


@pytest.mark.parametrize("optimizer", [row[0] for row in ROWS], ids=lambda value: repr(value)[:60])
def test_a_step_changes_nothing_that_it_is_given(optimizer):
    theta, g = {"w": np.array([1.0, -2.0])}, {"w": np.array([0.5, 0.25])}
    _, state = optimizer.step(theta, g, optimizer.start(theta))
    kept = {name: [moment.copy() for moment in moments] for name, moments in state.moments.items()}
    first, _ = optimizer.step(theta, g, state)
    again, _ = optimizer.step(theta, g, state)
    np.testing.assert_array_equal(first["w"], again["w"])
    np.testing.assert_array_equal(theta["w"], [1.0, -2.0])
    np.testing.assert_array_equal(g["w"], [0.5, 0.25])
    for name, moments in state.moments.items():
        np.testing.assert_array_equal(moments, kept[name])


def test_the_rate_of_a_schedule_is_that_of_the_step():
    theta = [np.array([1.0])]
    optimizer = SGD(CosineDecay(1.0, steps=2))
    state = optimizer.start(theta)
    seen = []
    for _ in range(4):
        theta, state = optimizer.step(theta, [np.array([1.0])], state)
        seen.append(float(theta[0][0]))
    np.testing.assert_allclose(seen, [0.0, -0.5, -0.5, -0.5], atol=1e-15)


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda: SGD(0.0), "learning_rate"),
        (lambda: SGD(-1.0), "learning_rate"),
        (lambda: Adam(math.nan), "learning_rate"),
        (lambda: AdamW(math.inf), "learning_rate"),
        (lambda: RMSprop("fast"), "learning_rate"),
        (lambda: SGD(True), "learning_rate"),
        (lambda: SGD(0.1, momentum=1.0), "momentum"),
        (lambda: SGD(0.1, momentum=-0.1), "momentum"),
        (lambda: SGD(0.1, nesterov=True), "nesterov"),
        (lambda: SGD(0.1, weight_decay=-1.0), "weight_decay"),
        (lambda: RMSprop(alpha=1.5), "alpha"),
        (lambda: RMSprop(eps=0.0), "eps"),
        (lambda: Adam(betas=0.9), "betas"),
        (lambda: Adam(betas=(0.9, 1.0)), "betas[1]"),
        (lambda: AdamW(betas=(None, 0.9)), "betas[0]"),
        (lambda: SGD(lambda step: -1.0).step([np.ones(2)], [np.ones(2)], OptimizerState(0, {})), "learning_rate(0)"),
    ],
)
def test_settings_that_no_optimiser_can_have(make, part):
    with pytest.raises((ValueError, TypeError)) as caught:
        make()
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("parameters", "given", "part"),
    [
        ({"w": np.ones(2)}, {"w": np.ones(3)}, "gradients['w']"),
        ({"w": np.ones(2)}, {"w": None}, "gradients['w'] is None"),
        ({"w": np.ones(2)}, {"v": np.ones(2)}, "'v'"),
        ({"w": np.ones(2)}, [np.ones(2)], "must be a dict"),
        ({"w": [np.ones(2), np.ones(2)]}, {"w": [np.ones(2)]}, "gradients['w']"),
        ({"w": np.ones(2)}, {"w": np.ones(2, np.float32)}, "float32"),
        ({"w": np.ones(2, int)}, {"w": np.ones(2)}, "int64"),
        ({"w": 1.0}, {"w": np.ones(2)}, "float"),
        ({"w": None}, {"w": np.ones(2)}, "NoneType"),
        ({3: np.ones(2)}, {3: np.ones(2)}, "keys"),
        ({}, {}, "at least one array"),
    ],
)
def test_gradients_that_do_not_fit(parameters, given, part):
    with pytest.raises((ValueError, TypeError)) as caught:
        Adam().step(parameters, given, Adam().start(parameters))
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_state_of_other_parameters():
    with pytest.raises(ValueError, match="start"):
        Adam().step([np.ones(3)], [np.ones(3)], Adam().start([np.ones(2)]))


@pytest.mark.parametrize(
    "optimizer", [SGD(0.1), SGD(0.1, weight_decay=0.5), SGD(0.1, momentum=0.5), Adam(0.1)], ids=repr
)
def test_a_step_of_plain_arrays_is_that_of_a_closer_look(optimizer):
    tree = {"b": (np.array([1.0, 2.0]), np.array(3.0), np.array([2.0])), "a": [np.array([[4.0]], np.float32)]}
    plain = {"a": [np.array([[0.5]], np.float32)], "b": (np.array([1.0, -1.0]), np.array(0.25), np.array([0.5]))}
    looked_at = {
        "a": [np.float32([[0.5]])],
        "b": (np.array([1.0, -1.0]), np.float64(0.25), np.array([0.5])),
    }  # a scalar
    state = optimizer.start(tree)
    (found, after), (closer, _) = (optimizer.step(tree, each, state) for each in (plain, looked_at))
    assert after.step == 1
    assert list(found) == list(closer) == ["b", "a"]
    for mine, other, old in zip(
        [*found["b"], *found["a"]], [*closer["b"], *closer["a"]], [*tree["b"], *tree["a"]], strict=True
    ):
        assert type(mine) is np.ndarray
        assert mine.dtype == old.dtype
        assert mine.shape == old.shape
        assert not np.shares_memory(mine, old)
        np.testing.assert_array_equal(mine, other)


@pytest.mark.parametrize(
    ("parameters", "given", "part"),
    [
        ({"w": np.ones((2, 3))}, {"w": np.ones(3)}, "gradients['w']"),
        ({"w": np.ones(3)}, {"w": np.ones((2, 3))}, "gradients['w']"),
        ({"w": np.ones(3)}, {"w": np.ones(3, np.float32)}, "float32"),
        ({"w": np.ones(3)}, {"w": None}, "gradients['w'] is None"),
        ({"w": np.ones(3), "b": np.ones(2)}, {"w": np.ones(3), "c": np.ones(2)}, "'c'"),
        ([np.ones(3), np.ones(2)], [np.ones(3)], "gradients"),
        ([np.ones(3)], (np.ones(3),), "must be a list"),
        ([[np.ones(3)]], [np.ones((1, 3))], "must be a list"),
        ([np.ones(3)], [[np.ones(3)]], "list"),
        (np.ones(3), np.ones(2), "shape"),
        ([], [], "at least one array"),
    ],
)
def test_the_walk_down_a_tree_leaves_what_does_not_fit_to_a_sentence(parameters, given, part):
    with pytest.raises((ValueError, TypeError)) as caught:
        SGD(0.1).step(parameters, given, OptimizerState(0, {}))
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)
