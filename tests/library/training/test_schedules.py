"""Schedules and clipping agree with torch's."""

import numpy as np
import pytest

from manual_bp import CosineDecay, ExponentialDecay, StepDecay, WarmUp, clip_by_norm, clip_by_value

STEPS = 30


def rates_of_torch(make):
    torch = pytest.importorskip("torch")
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.3)
    schedule = make(torch.optim.lr_scheduler, optimizer)
    rates = []
    for _ in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return rates


def warmed_up(schedulers, optimizer):
    first = schedulers.LinearLR(optimizer, start_factor=1 / 6, total_iters=5)
    then = schedulers.CosineAnnealingLR(optimizer, T_max=STEPS)
    return schedulers.SequentialLR(optimizer, [first, then], milestones=[5])


@pytest.mark.parametrize(
    ("schedule", "make"),
    [
        (StepDecay(0.3, every=7, factor=0.5), lambda s, o: s.StepLR(o, step_size=7, gamma=0.5)),
        (ExponentialDecay(0.3, factor=0.9), lambda s, o: s.ExponentialLR(o, gamma=0.9)),
        (CosineDecay(0.3, steps=STEPS, end=0.01), lambda s, o: s.CosineAnnealingLR(o, T_max=STEPS, eta_min=0.01)),
        (WarmUp(CosineDecay(0.3, steps=STEPS), steps=5), warmed_up),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.filterwarnings("ignore:The epoch parameter")  # torch's own, of SequentialLR
def test_the_rates_are_those_of_torch(schedule, make):
    np.testing.assert_allclose([schedule(step) for step in range(STEPS)], rates_of_torch(make), rtol=1e-12)


def test_a_warm_up_to_a_number_stays_there():
    rate = WarmUp(0.5, steps=4)
    assert [round(rate(step), 12) for step in range(7)] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.5, 0.5]


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda: StepDecay(0.1, every=0), "every"),
        (lambda: StepDecay(0.0, every=1), "start"),
        (lambda: ExponentialDecay(0.1, factor=-1.0), "factor"),
        (lambda: CosineDecay(0.1, steps=0), "steps"),
        (lambda: CosineDecay(0.1, steps=3, end=-0.1), "end"),
        (lambda: WarmUp(0.0, steps=3), "learning_rate"),
        (lambda: WarmUp(0.1, steps=2.5), "steps"),
        (lambda: clip_by_norm([np.ones(2)], 0.0), "limit"),
        (lambda: clip_by_norm([None], 1.0), "gradients[0]"),
        (lambda: clip_by_value([np.ones(2)], -1.0), "limit"),
        (lambda: clip_by_value([np.ones(2, int)], 1.0), "gradients[0]"),
    ],
)
def test_bad_input_gets_one_sentence(make, part):
    with pytest.raises((ValueError, TypeError)) as caught:
        make()
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("limit", [0.5, 5.0, 1e3])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_clipping_is_that_of_torch(limit, dtype):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    gradients = {"w": rng.normal(size=(3, 4)).astype(dtype), "b": [rng.normal(size=4).astype(dtype)]}
    flat = [gradients["w"], gradients["b"][0]]

    def of_torch(clip):
        tensors = [torch.zeros(g.shape, dtype=getattr(torch, dtype)) for g in flat]
        for tensor, g in zip(tensors, flat, strict=True):
            tensor.grad = torch.tensor(g)
        found = clip(tensors, limit)
        return found, [tensor.grad.numpy() for tensor in tensors]

    rtol = 4 * float(np.finfo(dtype).eps)
    norm, wanted = of_torch(torch.nn.utils.clip_grad_norm_)
    clipped, ours = clip_by_norm(gradients, limit)
    assert ours == pytest.approx(norm.item(), rel=rtol)
    for x, y in zip((clipped["w"], clipped["b"][0]), wanted, strict=True):
        assert x.dtype == dtype
        np.testing.assert_allclose(x, y, rtol=rtol)
    _, wanted = of_torch(torch.nn.utils.clip_grad_value_)
    clipped = clip_by_value(gradients, limit)
    for x, y in zip((clipped["w"], clipped["b"][0]), wanted, strict=True):
        np.testing.assert_array_equal(x, y)
    assert abs(gradients["w"]).max() > 0.5, "the ones given are as they were"
