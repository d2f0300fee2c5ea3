"""How often a check asks the op, whatever its size: counted, never timed."""

import tracemalloc

import numpy as np
import pytest

import manual_bp
from gradcheck import report_vjp


def network(width, samples, seed=0):
    rng = np.random.default_rng(seed)
    shapes = (width, width), (width, 1), (1, width), (1, 1), (width, samples), (1, samples)
    scales = width**-0.5, 1.0, width**-0.5, 1.0, 1.0, 1.0
    return [scale * rng.normal(size=shape) for shape, scale in zip(shapes, scales, strict=True)]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("width", "samples"), [(1, 2), (3, 4), (30, 16), (300, 16)])
def test_a_check_of_the_network_asks_a_dozen_times(width, samples, seed):
    report = report_vjp(manual_bp.two_layer, *network(width, samples, seed), seed=seed)
    assert report.verdict == "correct", str(report)
    assert report.forwards <= 12
    assert report.backwards <= 8
    assert report.worst_floor < 1e-8


def test_memory_is_a_few_times_the_inputs():
    inputs = network(1200, 8)
    held = sum(x.nbytes for x in inputs)
    report_vjp(manual_bp.two_layer, *network(3, 4))  # what is imported or cached at first use
    tracemalloc.start()
    report_vjp(manual_bp.two_layer, *inputs)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3.5 * held
