"""A conjugate missing, or one too many.

The gradient g of a complex input z satisfies dL = Re(sum conj(g) dz). So a holomorphic f has dz = conj(f'(z)) dy.
"""

import numpy as np

from .exhibit import two_backwards


def product(a, b):
    return a @ b, (a, b)


def product_backward_transposed(saved, dy):
    a, b = saved
    da = dy @ b.T
    db = a.conj().T @ dy
    return da, db


def product_backward(saved, dy):
    a, b = saved
    da = dy @ b.conj().T
    db = a.conj().T @ dy
    return da, db


def scale(factor, a):
    """A complex number times an array."""
    return factor * a, (factor, a)


def scale_backward_in_place_unconjugated(saved, dy):
    factor, a = saved
    dfactor = np.zeros_like(factor)
    dfactor = dfactor + np.sum(a * dy)
    return dfactor, np.conj(factor) * dy


def scale_backward(saved, dy):
    factor, a = saved
    dfactor = np.zeros_like(factor)
    dfactor = dfactor + np.sum(a.conj() * dy)
    return dfactor, np.conj(factor) * dy


def residual(matrix, x):
    """matrix x + x, so that a gradient is there already when that of the product comes."""
    return matrix @ x + x, (matrix, x)


def residual_backward_conjugates_the_sum(saved, dy):
    matrix, x = saved
    dx = dy.copy()
    dx += matrix.T @ dy.conj()
    dx = dx.conj()
    return np.outer(dy, x.conj()), dx


def residual_backward(saved, dy):
    matrix, x = saved
    dx = dy.copy()
    dx += (matrix.T @ dy.conj()).conj()
    return np.outer(dy, x.conj()), dx


def determinant(x):
    y = np.linalg.det(x)
    return y, (x, y)


def determinant_backward_unconjugated(saved, dy):
    x, y = saved
    dx = y * dy * np.linalg.inv(x).conj().T
    return (dx,)


def determinant_backward(saved, dy):
    x, y = saved
    dx = y.conj() * dy * np.linalg.inv(x).conj().T
    return (dx,)


def real_times(x, w):
    """Re(x) w with complex w."""
    return x.real * w, (x, w)


def real_times_backward_keeps_imaginary(saved, dy):
    x, w = saved
    dreal = w.conj() * dy
    dx = dreal + 0j
    return dx, x.real * dy


def real_times_backward(saved, dy):
    x, w = saved
    dreal = w.conj() * dy
    dx = dreal.real + 0j
    return dx, x.real * dy


def matrix_exponential(a, *, terms=20):
    """The Taylor series of exp(a)."""
    powers = [np.eye(len(a), dtype=a.dtype)]
    for k in range(1, terms):
        powers.append(powers[-1] @ a / k)
    return sum(powers), (a, terms)


def matrix_exponential_backward_real_part(saved, dy):
    a, terms = saved
    da, part, h = np.zeros_like(a), dy, a.conj().T
    left = right = dy
    for k in range(1, terms):
        right = right @ h / (k + 1)
        da = da + part
        left = h @ left / (k + 1)
        part = h @ part / (k + 1) + right
    return (da.real + 0j,)


def matrix_exponential_backward(saved, dy):
    a, terms = saved
    da, part, h = np.zeros_like(a), dy, a.conj().T
    left = right = dy
    for k in range(1, terms):
        right = right @ h / (k + 1)
        da = da + part
        left = h @ left / (k + 1)
        part = h @ part / (k + 1) + right
    return (da,)


A = np.array([[1.5 - 0.5j, -0.75 + 1.0j], [0.25 + 2.0j, 1.0 - 1.25j]])
B = np.array([[0.5 + 1.5j, -1.0 - 0.25j], [2.0 - 0.5j, 0.75 + 0.5j]])
Z = np.array([1.25 - 0.5j, -0.75 + 2.0j])
ONE = np.array(0.75 - 1.5j)

EXHIBITS = [
    two_backwards(
        "B208",
        "matrix product transposes without conjugating",
        cause="conjugate",
        forward=product,
        wrong=product_backward_transposed,
        right=product_backward,
        inputs=(A, B),
    ),
    two_backwards(
        "B211",
        "conjugate missing where the gradient is added in place",
        cause="conjugate",
        forward=scale,
        wrong=scale_backward_in_place_unconjugated,
        right=scale_backward,
        inputs=(ONE, A),
    ),
    two_backwards(
        "B212",
        "the last conjugate also hits what was added before",
        cause="conjugate",
        forward=residual,
        wrong=residual_backward_conjugates_the_sum,
        right=residual_backward,
        inputs=(A, Z),
    ),
    two_backwards(
        "B213",
        "determinant not conjugated",
        cause="conjugate",
        forward=determinant,
        wrong=determinant_backward_unconjugated,
        right=determinant_backward,
        inputs=(A,),
    ),
    two_backwards(
        "B214",
        "real part keeps an imaginary gradient",
        cause="imaginary-part",
        forward=real_times,
        wrong=real_times_backward_keeps_imaginary,
        right=real_times_backward,
        inputs=(Z, Z[::-1].copy()),
    ),
    two_backwards(
        "B215",
        "matrix exponential returns the real part",
        cause="imaginary-part",
        forward=matrix_exponential,
        wrong=matrix_exponential_backward_real_part,
        right=matrix_exponential_backward,
        inputs=(A / 4,),
    ),
]
