"""One comparison: an op of the library beside torch's autograd through its twin, value and every gradient."""

import numpy as np
import pytest

import manual_bp

# Of the largest entry: a few hundred roundings in float64, far below what any slip in a backward makes.
PART = 1e-12


def assert_agrees(name, *inputs, op=None, **options):
    """Raise AssertionError unless value and gradients are torch's; inputs that are None are handed to both."""
    torch = pytest.importorskip("torch")
    import reference

    op = op or getattr(manual_bp, name)
    y, vjp = op(*inputs, **options)
    data = [op.__code__.co_varnames.index(name) for name in getattr(op, "constants", ())]
    tensors = [
        None if x is None else torch.tensor(x, requires_grad=x.dtype.kind == "f" and place not in data)
        for place, x in enumerate(inputs)
    ]
    expected = getattr(reference, name)(*tensors, **options)
    several = isinstance(y, tuple)
    values, wanted = (y, expected) if several else ((y,), (expected,))
    rng = np.random.default_rng(7)
    dy = [rng.normal(size=value.shape) for value in values]
    gradients = vjp(tuple(dy) if several else dy[0])
    assert len(gradients) == max(place + 1 for place, x in enumerate(inputs) if x is not None)

    places = [place for place, x in enumerate(tensors) if x is not None and x.requires_grad]
    found = torch.autograd.grad(wanted, [tensors[place] for place in places], [torch.tensor(one) for one in dy])
    for place, gradient in enumerate(gradients):
        assert (gradient is None) == (place not in places)
    pairs = [*zip(values, wanted, strict=True), *zip([gradients[place] for place in places], found, strict=True)]
    for ours, theirs in pairs:
        theirs = theirs.detach().numpy()
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=PART * np.abs(theirs).max(initial=0.0))
