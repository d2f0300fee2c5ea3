"""Normalisation with inputs left out, running statistics, and constant samples."""

import numpy as np
import pytest

import manual_bp

from ..against_torch import assert_agrees


def numbers(*shapes):
    rng = np.random.default_rng(3)
    return [rng.normal(size=shape) for shape in shapes]


X, MEAN, WEIGHT, BIAS = numbers((4, 6, 3, 2), (6,), (6,), (6,))
VARIANCE = np.abs(MEAN) + 0.5


@pytest.mark.parametrize("rest", [(), (WEIGHT,), (WEIGHT, BIAS), (None, BIAS)])
@pytest.mark.parametrize("training", [True, False])
def test_batch_norm_without_some_inputs(rest, training):
    assert_agrees("batch_norm", X, MEAN, VARIANCE, *rest, training=training)
    assert_agrees("instance_norm", X, MEAN, VARIANCE, *rest, use_input_stats=training)


@pytest.mark.parametrize("rest", [(), (WEIGHT,), (WEIGHT, BIAS)])
def test_statistics_of_the_batch_need_no_running_ones(rest):
    assert_agrees("batch_norm", X, None, None, *rest, training=True) if rest else None
    assert_agrees("instance_norm", X, None, None, *rest) if rest else assert_agrees("instance_norm", X)


@pytest.mark.parametrize("rest", [(), (X[0, 0],), (X[0, 0], X[0, 1]), (None, X[0, 1])])
def test_layer_norm_without_some_inputs(rest):
    assert_agrees("layer_norm", X, *rest, normalized_shape=(3, 2))


@pytest.mark.parametrize(("name", "options"), [("layer_norm", {}), ("rms_norm", {}), ("rms_norm", {"eps": 0.3})])
def test_the_last_axis_is_normalised_where_nothing_is_said(name, options):
    assert_agrees(name, X[..., 0], **options)
    assert_agrees(name, X[..., 0], X[0, 0, :, 0], **options)


@pytest.mark.parametrize("num_groups", [1, 2, 3, 6])
def test_group_norm_with_every_number_of_groups(num_groups):
    assert_agrees("group_norm", X, WEIGHT, BIAS, num_groups=num_groups)
    assert_agrees("group_norm", X, num_groups=num_groups)


@pytest.mark.parametrize("momentum", [0.0, 0.1, 1.0])
def test_running_statistics_are_those_that_torch_leaves(momentum):
    torch = pytest.importorskip("torch")
    import reference

    ours = manual_bp.running_statistics(X, MEAN, VARIANCE, momentum=momentum)
    theirs = reference.running_statistics(*map(torch.tensor, (X, MEAN, VARIANCE)), momentum=momentum)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other.numpy(), rtol=1e-13)
    single = manual_bp.running_statistics(*(x.astype(np.float32) for x in (X, MEAN, VARIANCE)))
    assert {x.dtype for x in single} == {np.dtype(np.float32)}
