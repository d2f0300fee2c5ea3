"""A path of the product or chain rule left out."""

import numpy as np

from gradcheck import Reals

from .exhibit import two_backwards


def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    s = e / e.sum(axis=1, keepdims=True)
    return s, s


def softmax_backward_diagonal(s, dy):
    dx = dy * s * (1 - s)
    return (dx,)


def softmax_backward(s, dy):
    dx = dy * s
    return (dx - s * dx.sum(axis=1, keepdims=True),)


def rotation(q):
    """q (n,4) -> rotation matrices (n,3,3) of q over its length."""
    length = np.linalg.norm(q, axis=1, keepdims=True)
    hat = q / length
    w, u = hat[:, :1, None], hat[:, 1:]
    cross = np.cross(np.eye(3)[None], u[:, None])
    square = (w**2)[:, :, :] - (u * u).sum(axis=1)[:, None, None]
    return square * np.eye(3) + 2 * u[:, :, None] * u[:, None] + 2 * w * cross, (hat, length, cross)


def rotation_backward_of_unit(saved, dy):
    hat, length, cross = saved
    w, u = hat[:, :1], hat[:, 1:]
    trace = np.einsum("nii->n", dy)[:, None]
    axial = np.einsum("nij,ijk->nk", dy, np.cross(np.eye(3)[:, None], np.eye(3)[None]).transpose(0, 2, 1))
    dw = 2 * w * trace + 2 * (dy * cross).sum(axis=(1, 2))[:, None]
    du = -2 * u * trace + 2 * np.einsum("nij,nj->ni", dy + dy.transpose(0, 2, 1), u) + 2 * w * axial
    dhat = np.concatenate([dw, du], axis=1)
    return (dhat,)


def rotation_backward(saved, dy):
    hat, length, cross = saved
    w, u = hat[:, :1], hat[:, 1:]
    trace = np.einsum("nii->n", dy)[:, None]
    axial = np.einsum("nij,ijk->nk", dy, np.cross(np.eye(3)[:, None], np.eye(3)[None]).transpose(0, 2, 1))
    dw = 2 * w * trace + 2 * (dy * cross).sum(axis=(1, 2))[:, None]
    du = -2 * u * trace + 2 * np.einsum("nij,nj->ni", dy + dy.transpose(0, 2, 1), u) + 2 * w * axial
    dhat = np.concatenate([dw, du], axis=1)
    return ((dhat - hat * (hat * dhat).sum(axis=1, keepdims=True)) / length,)


def running_average(key, value):
    """sum of key value over sum of key, up to each step: normalised linear attention of one channel."""
    total = np.cumsum(key)
    y = np.cumsum(key * value) / total
    return y, (key, value, y, total)


def running_average_backward_numerator(saved, dy):
    key, value, y, total = saved
    tail = np.cumsum((dy / total)[::-1])[::-1]
    dkey = value * tail
    return dkey, key * tail


def running_average_backward(saved, dy):
    key, value, y, total = saved
    tail = np.cumsum((dy / total)[::-1])[::-1]
    dkey = value * tail - np.cumsum((dy * y / total)[::-1])[::-1]
    return dkey, key * tail


def standardise(x, *, eps=0.1):
    """(x - mean) / (std + eps) of each row."""
    centred = x - x.mean(axis=1, keepdims=True)
    std = np.sqrt((centred**2).mean(axis=1, keepdims=True))
    return centred / (std + eps), (centred, std, eps)


def standardise_backward_eps_inside(saved, dy):
    centred, std, eps = saved
    dstd = -(dy * centred).sum(axis=1, keepdims=True) / (std + eps) ** 2
    dvar = dstd * 0.5 / (std + eps)
    dcentred = dy / (std + eps) + dvar * 2 * centred / centred.shape[1]
    return (dcentred - dcentred.mean(axis=1, keepdims=True),)


def standardise_backward(saved, dy):
    centred, std, eps = saved
    dstd = -(dy * centred).sum(axis=1, keepdims=True) / (std + eps) ** 2
    dvar = dstd * 0.5 / np.where(std > 0, std, 1)
    dcentred = dy / (std + eps) + dvar * 2 * centred / centred.shape[1]
    return (dcentred - dcentred.mean(axis=1, keepdims=True),)


def three_layers(w1, w2, w3, x):
    """W3 tanh(W2 tanh(W1 X)); samples are columns."""
    a1 = np.tanh(w1 @ x)
    a2 = np.tanh(w2 @ a1)
    return w3 @ a2, (w1, w2, w3, x, a1, a2)


def three_layers_backward_activation_dropped(saved, dy):
    w1, w2, w3, x, a1, a2 = saved
    delta2 = w3.T @ dy * (1 - a2**2)
    delta1 = w2.T @ delta2
    return delta1 @ x.T, delta2 @ a1.T, dy @ a2.T, w1.T @ delta1


def three_layers_backward(saved, dy):
    w1, w2, w3, x, a1, a2 = saved
    delta2 = w3.T @ dy * (1 - a2**2)
    delta1 = w2.T @ delta2 * (1 - a1**2)
    return delta1 @ x.T, delta2 @ a1.T, dy @ a2.T, w1.T @ delta1


def forget_gate(z, cell):
    """sigmoid(z) cell."""
    gate = 0.5 * (1 + np.tanh(0.5 * z))
    return gate * cell, (gate, cell)


def forget_gate_backward_without_derivative(saved, dy):
    gate, cell = saved
    dz = dy * cell * gate
    return dz, dy * gate


def forget_gate_backward(saved, dy):
    gate, cell = saved
    dz = dy * cell * gate * (1 - gate)
    return dz, dy * gate


def two_equations(x, y):
    """2 x + y and 3 x - y."""
    return (2 * x + y, 3 * x - y), None


def two_equations_backward_first_only(saved, dz):
    dx = 2 * dz[0]
    dy = dz[0] - dz[1]
    return dx, dy


def two_equations_backward(saved, dz):
    dx = 2 * dz[0] + 3 * dz[1]
    dy = dz[0] - dz[1]
    return dx, dy


EXHIBITS = [
    two_backwards(
        "B067",
        "softmax with the diagonal of its Jacobian only",
        "(m,n)->(m,n)",
        cause="diagonal-only",
        forward=softmax,
        wrong=softmax_backward_diagonal,
        right=softmax_backward,
    ),
    two_backwards(
        "B073",
        "the normalisation of a quaternion not differentiated",
        "(n,4)->(n,3,3)",
        cause={"missing-projection", "missing-term"},
        forward=rotation,
        wrong=rotation_backward_of_unit,
        right=rotation_backward,
    ),
    two_backwards(
        "B075",
        "normalised attention without the path of its denominator",
        "(t),(t)->(t)",
        cause={"missing-mean", "missing-term"},
        forward=running_average,
        wrong=running_average_backward_numerator,
        right=running_average_backward,
        domains={"key": Reals(0, None)},
    ),
    two_backwards(
        "B076",
        "standardise as if eps were inside the root",
        "(m,n)->(m,n)",
        cause={"missing-projection", "missing-term"},
        forward=standardise,
        wrong=standardise_backward_eps_inside,
        right=standardise_backward,
    ),
    two_backwards(
        "B077",
        "the activation dropped on the way down",
        "(h,i),(k,h),(o,k),(i,m)->(o,m)",
        cause={"activation-missing", "elementwise-factor"},
        forward=three_layers,
        wrong=three_layers_backward_activation_dropped,
        right=three_layers_backward,
    ),
    two_backwards(
        "B079",
        "forget gate by its sigmoid instead of the derivative",
        "(n),(n)->(n)",
        cause={"elementwise-factor", "other-function"},
        forward=forget_gate,
        wrong=forget_gate_backward_without_derivative,
        right=forget_gate_backward,
    ),
    two_backwards(
        "B080",
        "an input of two equations counted in the first",
        "(n),(n)->(n),(n)",
        cause="cotangent-dropped",
        forward=two_equations,
        wrong=two_equations_backward_first_only,
        right=two_equations_backward,
    ),
]
