"""Memory read or written as if it were dense and in C order.

``ravel(order="K")`` is what a kernel sees that was handed a pointer and no strides.
"""

import numpy as np

from .exhibit import two_backwards


def read_dense(array, shape):
    """The memory of ``array`` in its own order, read as a C-ordered array of this shape."""
    return array.ravel(order="K").reshape(shape)


def attention(q, k, v):
    scores = q @ k.T
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    out = p @ v
    return out, (q, k, v, p, out)


def attention_backward_dense_cotangent(saved, dout):
    q, k, v, p, out = saved
    dout = read_dense(dout, out.shape)
    dp = dout @ v.T
    ds = p * (dp - (dout * out).sum(axis=1, keepdims=True))
    return ds @ k, ds.T @ q, p.T @ dout


def attention_backward_strides_of_the_other(saved, dout):
    q, k, v, p, out = saved
    order = "F" if dout.flags.f_contiguous and not dout.flags.c_contiguous else "C"
    addressed = out.ravel(order="K").reshape(out.shape, order=order)
    dp = dout @ v.T
    ds = p * (dp - (dout * addressed).sum(axis=1, keepdims=True))
    return ds @ k, ds.T @ q, p.T @ dout


def attention_backward_allocated_like_another(saved, dout):
    q, k, v, p, out = saved
    dv = np.zeros_like(k)
    dv.ravel(order="K")[...] = (p.T @ dout).ravel()
    dp = dout @ v.T
    ds = p * (dp - (dout * out).sum(axis=1, keepdims=True))
    return ds @ k, ds.T @ q, dv


def attention_backward(saved, dout):
    q, k, v, p, out = saved
    dv = np.zeros(v.shape)
    dv.ravel(order="K")[...] = (p.T @ dout).ravel()
    dp = dout @ v.T
    ds = p * (dp - (dout * out).sum(axis=1, keepdims=True))
    return ds @ k, ds.T @ q, dv


def short_convolution(x, weight):
    """y[t] = weight[0] x[t] + weight[1] x[t-1] for each channel; x (t,d), weight (2,d)."""
    before = np.vstack([np.zeros_like(x[:1]), x[:-1]])
    return weight[0] * x + weight[1] * before, (x, before, weight)


def short_convolution_backward_dense_cotangent(saved, dy):
    x, before, weight = saved
    dy = dy.ravel(order="K").reshape(x.shape)
    dx = weight[0] * dy
    dx[:-1] += weight[1] * dy[1:]
    return dx, np.stack([(dy * x).sum(axis=0), (dy * before).sum(axis=0)])


def short_convolution_backward(saved, dy):
    x, before, weight = saved
    dy = dy.reshape(x.shape)
    dx = weight[0] * dy
    dx[:-1] += weight[1] * dy[1:]
    return dx, np.stack([(dy * x).sum(axis=0), (dy * before).sum(axis=0)])


def pointwise(x, kernel):
    """x (n,i), kernel (o,i)."""
    return x @ kernel.T, (x, kernel)


def pointwise_backward_dense_kernel(saved, dy):
    x, kernel = saved
    dx = dy @ kernel.ravel(order="K").reshape(kernel.shape)
    return dx, dy.T @ x


def pointwise_backward(saved, dy):
    x, kernel = saved
    dx = dy @ kernel.reshape(kernel.shape)
    return dx, dy.T @ x


def region_mean(x):
    """The mean of each pair of rows of x (2,n,c)."""
    return x.mean(axis=0), x.shape


def region_mean_backward_dense_cotangent(shape, dy):
    rows = dy.ravel(order="K").reshape(shape[1:])
    return (np.stack([rows, rows]) / 2,)


def region_mean_backward(shape, dy):
    rows = dy.ravel(order="C").reshape(shape[1:])
    return (np.stack([rows, rows]) / 2,)


def similarity(image, target):
    """2 a b / (a^2 + b^2 + 1), pixel by pixel."""
    return 2 * image * target / (image**2 + target**2 + 1), (image, target)


def similarity_backward_dense_image(saved, dy):
    image, target = saved
    a = image.ravel(order="K").reshape(image.shape)
    bottom = a**2 + target**2 + 1
    da = 2 * target / bottom - 4 * a**2 * target / bottom**2
    return dy * da, dy * (2 * a / bottom - 4 * a * target**2 / bottom**2)


def similarity_backward(saved, dy):
    image, target = saved
    a = image.ravel(order="C").reshape(image.shape)
    bottom = a**2 + target**2 + 1
    da = 2 * target / bottom - 4 * a**2 * target / bottom**2
    return dy * da, dy * (2 * a / bottom - 4 * a * target**2 / bottom**2)


EXHIBITS = [
    two_backwards(
        "B177",
        "attention reads its cotangent as dense",
        "(n,d),(m,d),(m,d)->(n,d)",
        cause="layout",
        forward=attention,
        wrong=attention_backward_dense_cotangent,
        right=attention_backward,
        law="GC207",
    ),
    two_backwards(
        "B184",
        "attention reads its output with the strides of the cotangent",
        "(n,d),(m,d),(m,d)->(n,d)",
        cause="layout",
        forward=attention,
        wrong=attention_backward_strides_of_the_other,
        right=attention_backward,
        law="GC207",
    ),
    two_backwards(
        "B185",
        "attention allocates dv in the layout of k",
        "(n,d),(m,d),(m,d)->(n,d)",
        cause="layout",
        forward=attention,
        wrong=attention_backward_allocated_like_another,
        right=attention_backward,
        law="GC207",
    ),
    two_backwards(
        "B178",
        "causal convolution reads its cotangent as dense",
        "(t,d),(2,d)->(t,d)",
        cause="layout",
        forward=short_convolution,
        wrong=short_convolution_backward_dense_cotangent,
        right=short_convolution_backward,
        law="GC207",
    ),
    two_backwards(
        "B180",
        "convolution reads a transposed kernel as dense",
        "(n,i),(o,i)->(n,o)",
        cause="layout",
        forward=pointwise,
        wrong=pointwise_backward_dense_kernel,
        right=pointwise_backward,
        law="GC207",
    ),
    two_backwards(
        "B181",
        "region mean reads its cotangent as dense",
        "(2,n,c)->(n,c)",
        cause="layout",
        forward=region_mean,
        wrong=region_mean_backward_dense_cotangent,
        right=region_mean_backward,
        law="GC207",
    ),
    two_backwards(
        "B183",
        "similarity reads a permuted image as dense",
        "(h,w),(h,w)->(h,w)",
        cause="layout",
        forward=similarity,
        wrong=similarity_backward_dense_image,
        right=similarity_backward,
        law="GC207",
    ),
]
