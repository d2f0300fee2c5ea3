"""Composed networks: against torch's modules, structure of gradients, dtypes, and what they refuse."""

import numpy as np
import pytest

import manual_bp
from tests.library_cases.networks import block_inputs, conv_net_inputs, gpt_inputs, lstm_inputs, mlp_inputs

DRAWN = {
    "mlp": (mlp_inputs, {}),
    "conv_net": (conv_net_inputs, {}),
    "lstm_classifier": (lstm_inputs, {}),
    "transformer_block": (block_inputs, {"num_heads": 2}),
    "gpt": (gpt_inputs, {"num_heads": 3}),
}


def leaves(tree, path=()):
    if isinstance(tree, dict):
        for key, part in tree.items():
            yield from leaves(part, (*path, key))
    elif isinstance(tree, list | tuple):
        for place, part in enumerate(tree):
            yield from leaves(part, (*path, place))
    else:
        yield path, tree


def as_lists(tree):
    if isinstance(tree, dict):
        return {key: as_lists(part) for key, part in tree.items()}
    return [as_lists(part) for part in tree] if isinstance(tree, tuple) else tree


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("lists", [False, True])
def test_the_gradient_is_a_tree_like_the_parameters(name, dtype, lists):
    draw, options = DRAWN[name]
    parameters, *data = draw(np.random.default_rng(1), np.dtype(dtype))
    if lists:
        parameters = as_lists(parameters)
    y, vjp = getattr(manual_bp, name)(parameters, *data, **options)
    gradient = vjp(np.ones_like(y))[0]
    assert y.dtype == dtype
    assert str(type(gradient)) == str(type(parameters))
    found, wanted = dict(leaves(gradient)), dict(leaves(parameters))
    assert found.keys() == wanted.keys()
    for path, leaf in wanted.items():
        assert (found[path].shape, found[path].dtype) == (leaf.shape, leaf.dtype), path
    lowered, _ = manual_bp.SGD(1e-3).step(parameters, gradient, manual_bp.SGD(1e-3).start(parameters))
    assert np.sum(getattr(manual_bp, name)(lowered, *data, **options)[0]) < np.sum(y)


def test_an_mlp_asked_for_no_gradient_of_its_data_gives_the_same_others():
    parameters, x = mlp_inputs(np.random.default_rng(3), np.dtype("float64"))
    y, vjp = manual_bp.mlp(parameters, x, activation="tanh")
    _, of_parameters = manual_bp.mlp(parameters, x, activation="tanh", data_gradients=False)
    (whole, dx), (fewer, none) = vjp(y), of_parameters(y)
    assert none is None
    assert dx.shape == x.shape
    for (_, a), (_, b) in zip(leaves(whole), leaves(fewer), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-14)


@pytest.mark.parametrize("shape", [(2, 5, 3), (3, 3, 3), (3,), (0, 2, 3)])
@pytest.mark.parametrize("data_gradients", [True, False])
def test_all_axes_of_the_data_but_the_last_are_samples(shape, data_gradients):
    parameters = manual_bp.mlp_parameters((3, 4, 2), seed=1)
    random = np.random.default_rng(6)
    x, dy = random.normal(size=shape), random.normal(size=(*shape[:-1], 2))
    options = {"activation": "tanh", "data_gradients": data_gradients}
    y, vjp = manual_bp.mlp(parameters, x, **options)
    of_rows, vjp_of_rows = manual_bp.mlp(parameters, x.reshape(y.size // 2, 3), **options)
    np.testing.assert_array_equal(y, of_rows.reshape(dy.shape))
    (found, dx), (wanted, drows) = vjp(dy), vjp_of_rows(dy.reshape(of_rows.shape))
    for (_, a), (_, b) in zip(leaves(found), leaves(wanted), strict=True):
        np.testing.assert_array_equal(a, b)
    if data_gradients:
        np.testing.assert_array_equal(dx, drows.reshape(shape))
    else:
        assert dx is drows is None


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("samples", [5, 70])
def test_an_mlp_is_the_chain_of_its_ops(dtype, samples):
    random = np.random.default_rng(4)
    x, dy = (random.normal(size=(samples, width)).astype(dtype) for width in (3, 2))
    parameters = manual_bp.mlp_parameters((3, 4, 2), seed=1, dtype=dtype)
    y, vjp = manual_bp.mlp(parameters, x, activation="sigmoid")
    z, first = manual_bp.linear(x, *parameters[0].values())
    a, activation = manual_bp.sigmoid(z)
    wanted, second = manual_bp.linear(a, *parameters[1].values())
    da, *dsecond = second(dy)
    dx, *dfirst = first(*activation(da))
    before = dy.copy()
    for _ in range(2):  # what is written over in between belongs to no one else
        dparameters, found = vjp(dy)
        for mine, ops in zip(
            [y, found, *(leaf for _, leaf in leaves(dparameters))], [wanted, dx, *dfirst, *dsecond], strict=True
        ):
            np.testing.assert_allclose(mine, ops, rtol=1e-5 if dtype == "float32" else 1e-13, atol=1e-7)
    np.testing.assert_array_equal(dy, before)


def test_what_is_not_plain_goes_through_the_ops_themselves():
    parameters, x = mlp_inputs(np.random.default_rng(3), np.dtype("float64"))
    narrow = [{key: leaf.astype(np.float16) for key, leaf in layer.items()} for layer in parameters]
    y, vjp = manual_bp.mlp(narrow, x.astype(np.float16), activation="sigmoid")
    assert y.dtype == vjp(y)[1].dtype == np.float16
    np.testing.assert_allclose(y, manual_bp.mlp(parameters, x, activation="sigmoid")[0], atol=0.02)


def test_fixed_data_have_no_gradient_of_the_target_either():
    cost = manual_bp.with_cost(manual_bp.mlp, manual_bp.mse_loss, data_gradients=False)
    _, vjp = cost(manual_bp.mlp_parameters((3, 2), seed=0), np.ones((4, 3)), np.zeros((4, 2)))
    assert vjp(1.0)[1:] == (None, None)


def test_the_first_cost_of_a_language_model_is_that_of_knowing_nothing():
    parameters = manual_bp.gpt_parameters(vocabulary=50, context=8, width=16, depth=2, seed=0)
    tokens, targets = np.random.default_rng(0).integers(0, 50, size=(2, 4, 8))
    J, _ = manual_bp.gpt(parameters, tokens, targets, num_heads=4)
    assert pytest.approx(np.log(50), rel=0.02) == J


def test_a_causal_model_sees_nothing_of_what_comes():
    parameters, tokens, _ = gpt_inputs(np.random.default_rng(5), np.dtype("float64"))
    tokens = np.arange(5)[None] % 7
    y, _ = manual_bp.gpt_logits(parameters, tokens, num_heads=2)
    changed = tokens.copy()
    changed[0, 3] = 6
    z, _ = manual_bp.gpt_logits(parameters, changed, num_heads=2)
    np.testing.assert_array_equal(y[0, :3], z[0, :3])
    assert not np.allclose(y[0, 3:], z[0, 3:])


LAYER = {"weight": np.ones((2, 3)), "bias": np.zeros(2)}
IMAGE = manual_bp.conv_net_parameters(channels=(1, 2), classes=3, image=(4, 4), seed=0)
WORDS = manual_bp.lstm_classifier_parameters(inputs=2, hidden=3, classes=4, seed=0)
MODEL = manual_bp.gpt_parameters(vocabulary=5, context=4, width=6, depth=1, seed=0)
TOKENS = np.array([[0, 1, 2]])


@pytest.mark.parametrize(
    ("call", "part"),
    [
        (lambda: manual_bp.mlp((), np.ones((4, 3))), "parameters"),
        (lambda: manual_bp.mlp(LAYER, np.ones((4, 3))), "tuple or list"),
        (lambda: manual_bp.mlp((LAYER["weight"],), np.ones((4, 3))), "parameters[0] must be a dict"),
        (lambda: manual_bp.mlp(({"weight": np.ones((2, 3))},), np.ones((4, 3))), "'bias'"),
        (lambda: manual_bp.mlp((LAYER,), np.ones((4, 5))), "linear"),
        (lambda: manual_bp.mlp((LAYER,), np.ones((2, 4, 5))), "linear"),
        (lambda: manual_bp.mlp((LAYER,), np.array(1.0)), "linear"),
        (lambda: manual_bp.mlp((LAYER,), [[1.0, 2.0, 3.0]]), "mlp: x must be a NumPy array"),
        (lambda: manual_bp.mlp((LAYER | {"bias": None},), np.ones((4, 3))), "bias must be a NumPy array"),
        (lambda: manual_bp.mlp((LAYER | {"bias": np.zeros(3)},), np.ones((4, 3))), "bias must have shape (2,)"),
        (lambda: manual_bp.mlp((LAYER, LAYER), np.ones((4, 3))), "linear"),
        (lambda: manual_bp.mlp((LAYER,), np.ones((4, 3), np.float32)), "float32"),
        (lambda: manual_bp.mlp((LAYER,), np.ones((4, 3)), activation="swish"), "relu"),
        (lambda: manual_bp.mlp((LAYER,), np.ones((4, 3)), activation=None), "activation"),
        (lambda: manual_bp.mlp((LAYER,), np.ones((4, 3)))[1](np.ones((4, 3))), "shape"),
        (lambda: manual_bp.mlp((LAYER,), np.ones((4, 3)), data_gradients=False)[1](np.ones(2)), "shape"),
        (lambda: manual_bp.mlp_parameters((3,), seed=0), "two"),
        (lambda: manual_bp.mlp_parameters((3, 2), seed=-1), "seed"),
        (lambda: manual_bp.mlp_parameters((3, 2), seed=0, dtype=np.float16), "float16"),
        (lambda: manual_bp.conv_net({"stages": ()}, np.ones((1, 1, 4, 4))), "'out'"),
        (lambda: manual_bp.conv_net(IMAGE | {"stages": ()}, np.ones((1, 1, 4, 4))), "parameters['stages']"),
        (lambda: manual_bp.conv_net(IMAGE, np.ones((1, 2, 4, 4))), "conv2d"),
        (lambda: manual_bp.conv_net(IMAGE, np.ones((1, 1, 8, 8))), "linear"),
        (lambda: manual_bp.conv_net_parameters(channels=(1, 2, 2), classes=3, image=(3, 8), seed=0), "image"),
        (lambda: manual_bp.conv_net_parameters(channels=(1, 2), classes=0, image=(4, 4), seed=0), "classes"),
        (
            lambda: manual_bp.conv_net_parameters(channels=(1, 2), classes=3, image=(4, 4), kernel_size=2, seed=0),
            "kernel_size",
        ),
        (lambda: manual_bp.lstm_classifier(WORDS, np.ones((4, 2))), "(t, n, i)"),
        (lambda: manual_bp.lstm_classifier(WORDS | {"lstm": WORDS["lstm"][:3]}, np.ones((4, 2, 2))), "weights"),
        (lambda: manual_bp.lstm_classifier(WORDS | {"lstm": (np.ones(3),)}, np.ones((4, 2, 2))), "weights"),
        (lambda: manual_bp.lstm_classifier_parameters(inputs=2, hidden=0, classes=4, seed=0), "hidden"),
        (lambda: manual_bp.transformer_block(MODEL["blocks"][0], np.ones((1, 2, 6)), num_heads=4), "num_heads=4"),
        (lambda: manual_bp.transformer_block(MODEL["blocks"][0], np.ones((2, 6)), num_heads=2), "(n, t, d)"),
        (lambda: manual_bp.transformer_block({}, np.ones((1, 2, 6)), num_heads=2), "'norm1'"),
        (lambda: manual_bp.gpt_logits(MODEL, TOKENS, num_heads=0), "num_heads"),
        (lambda: manual_bp.gpt_logits(MODEL, TOKENS + 4, num_heads=2), "[0, 5)"),
        (lambda: manual_bp.gpt_logits(MODEL, TOKENS * 1.0, num_heads=2), "tokens"),
        (lambda: manual_bp.gpt_logits(MODEL, np.zeros((1, 5), int), num_heads=2), "parameters['position']"),
        (lambda: manual_bp.gpt_logits(MODEL | {"position": None}, TOKENS, num_heads=2), "parameters['position']"),
        (lambda: manual_bp.gpt_logits(MODEL | {"blocks": ()}, TOKENS, num_heads=2), "parameters['blocks']"),
        (lambda: manual_bp.gpt(MODEL, TOKENS, TOKENS[:, :2], num_heads=2), "targets"),
        (lambda: manual_bp.gpt(MODEL, TOKENS, TOKENS + 4, num_heads=2), "[0, 5)"),
        (lambda: manual_bp.gpt_parameters(vocabulary=5, context=4, width=6, depth=0, seed=0), "depth"),
    ],
)
def test_bad_input_gets_one_sentence(call, part):
    with pytest.raises((ValueError, TypeError)) as caught:
        call()
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)
