"""Complex arrays: g = dL/dRe x + i dL/dIm x, so that dL = Re sum conj(g) dx."""

import numpy as np
import pytest

from gradcheck import report_vjp

pytestmark = pytest.mark.usefixtures("unexplained")

Z = np.array([0.5 + 1.0j, -1.25 - 0.5j, 0.75 + 0.25j])
W = np.array([1.5 - 0.5j, 0.25 + 2.0j, -1.0 + 0.5j])
R = np.array([0.5, -1.5, 2.0])


def op_of(forward, backward):
    def op(*inputs):
        def op_vjp(dy):
            return backward(dy, *inputs)

        return forward(*inputs), op_vjp

    return op


CORRECT = [
    ("square", lambda z: z * z, lambda dy, z: (dy * np.conj(2 * z),), (Z,)),
    ("product", lambda z, w: z * w, lambda dy, z, w: (dy * np.conj(w), dy * np.conj(z)), (Z, W)),
    ("conjugate", np.conj, lambda dy, z: (np.conj(dy),), (Z,)),
    ("absolute value", np.abs, lambda dy, z: (dy * z / np.abs(z),), (Z,)),
    ("real part", lambda z: z.real.copy(), lambda dy, z: (dy + 0j,), (Z,)),
    ("power", lambda z: np.sum(np.abs(z) ** 2), lambda dy, z: (2 * dy * z,), (Z,)),
    ("real times complex", lambda r, z: r * z, lambda dy, r, z: ((dy * np.conj(z)).real, dy * r), (R, Z)),
    ("fft", np.fft.fft, lambda dy, z: (len(z) * np.fft.ifft(dy),), (Z,)),
    ("exponential of i r", lambda r: np.exp(1j * r), lambda dy, r: ((dy * np.conj(1j * np.exp(1j * r))).real,), (R,)),
]
WRONG = [
    ("square", lambda z: z * z, lambda dy, z: (dy * 2 * z,), (Z,), "GC301"),
    ("product", lambda z, w: z * w, lambda dy, z, w: (dy * np.conj(w), dy * z), (Z, W), "GC301"),
    ("absolute value", np.abs, lambda dy, z: (dy * np.conj(z) / np.abs(z),), (Z,), "GC301"),
    ("half", lambda z: np.sum(np.abs(z) ** 2), lambda dy, z: (dy * z,), (Z,), "GC301"),
    ("keeps the imaginary part", lambda r, z: r * z, lambda dy, r, z: (dy * np.conj(z), dy * r), (R, Z), "GC106"),
    ("loses it", lambda z: z * z, lambda dy, z: ((dy * np.conj(2 * z)).real,), (Z,), "GC106"),
    ("takes the modulus", lambda z: z * z, lambda dy, z: (np.abs(dy) * np.conj(2 * z),), (Z,), "GC201"),
]


@pytest.mark.parametrize(("name", "forward", "backward", "inputs"), CORRECT, ids=lambda part: str(part)[:20])
def test_the_convention_is_that_of_pytorch(name, forward, backward, inputs):
    report = report_vjp(op_of(forward, backward), *inputs)
    assert report.verdict == "correct", str(report)
    assert report.worst_floor < 1e-8


@pytest.mark.parametrize(("name", "forward", "backward", "inputs", "code"), WRONG, ids=lambda part: str(part)[:20])
def test_another_convention_is_wrong(name, forward, backward, inputs, code):
    report = report_vjp(op_of(forward, backward), *inputs)
    assert report.verdict == "wrong"
    assert code in {finding.code for finding in report.errors}, str(report)


def test_the_part_of_a_complex_entry_is_named():
    def imaginary_part_off(dy, z):
        g = dy * np.conj(2 * z)
        g[1] = g[1].real + 1.001j * g[1].imag
        return (g,)

    report = report_vjp(op_of(lambda z: z * z, imaginary_part_off), Z)
    finding = next(f for f in report.errors if f.code == "GC301")
    assert finding.index == (1,)
    assert "the imaginary part of `inputs[0]` at [1]" in finding.message


def test_single_precision():
    z = Z.astype(np.complex64)
    assert report_vjp(op_of(*CORRECT[0][1:3]), z).verdict == "correct"
    assert report_vjp(op_of(lambda z: z * z, lambda dy, z: (dy * 2 * z,)), z).verdict == "wrong"
