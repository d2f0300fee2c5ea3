"""For every operator a backward that it edits, the edits, and a near miss that it leaves alone.

An edit is written ``before -> after``; the vjp's body stands in an op of ``x`` and ``w`` with output ``y``, and takes
``dy``. Edits of a whole statement name only what they become.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    operator: str
    body: str
    edits: tuple[str, ...]
    near_miss: str


ROWS = (
    Row(
        "swap-operands",
        "return dy @ w.T, np.dot(x, dy)",
        ("dy @ w.T -> w.T @ dy", "np.dot(x, dy) -> np.dot(dy, x)"),
        "return dy * w, np.sum(x, dy)",
    ),
    Row(
        "drop-factor",
        "return dy * w / 2, x",
        ("dy * w / 2 -> dy * w", "dy * w -> dy", "dy * w -> w"),
        "return dy + w, x",
    ),
    Row(
        "drop-matrix",
        "return dy @ w.T, x.T.dot(dy)",
        ("dy @ w.T -> dy", "dy @ w.T -> w.T", "x.T.dot(dy) -> x.T", "x.T.dot(dy) -> dy"),
        "return dy * w, x",
    ),
    Row(
        "times-for-divide",
        "return dy * w, dy / x",
        ("dy * w -> dy / w", "dy / x -> dy * x"),
        "return dy @ w, x",
    ),
    Row(
        "entry-by-entry",
        "return dy @ w.T, np.dot(x, dy)",
        ("dy @ w.T -> dy * w.T", "np.dot(x, dy) -> (x) * (dy)"),
        "return dy * w, x",
    ),
    Row(
        "factor-twice",
        "return dy * w, x",
        ("dy * w -> (dy * w) * dy", "dy * w -> (dy * w) * w"),
        "return dy @ w, x.sum() / 2",
    ),
    Row(
        "drop-transpose",
        "return dy @ w.T, np.transpose(x), x.swapaxes(0, 1)",
        ("w.T -> w", "np.transpose(x) -> x", "x.swapaxes(0, 1) -> x"),
        "return dy @ w, x",
    ),
    Row(
        "add-transpose",
        "return dy @ w, np.dot(x, dy)",
        ("dy -> dy.T", "w -> w.T", "x -> x.T", "dy -> dy.T"),
        "return np.exp(dy) * w, -x",
    ),
    Row(
        "reshape-order",
        "return dy.reshape(2, 3), np.ravel(x, order='F')",
        ('dy.reshape(2, 3) -> dy.reshape(2, 3, order="F")', "np.ravel(x, order='F') -> np.ravel(x)"),
        "return dy, x",
    ),
    Row(
        "other-einsum",
        "return np.einsum('ij,jk->ik', x, w), x",
        (
            "np.einsum('ij,jk->ik', x, w) -> np.einsum('ji,jk->ik', x, w)",
            "np.einsum('ij,jk->ik', x, w) -> np.einsum('ij,kj->ik', x, w)",
            "np.einsum('ij,jk->ik', x, w) -> np.einsum('ij,jk->ki', x, w)",
        ),
        "return np.einsum('i,i', x, w), x",
    ),
    Row(
        "drop-term",
        "return dy + w, x - dy",
        ("dy + w -> dy", "dy + w -> w", "x - dy -> x", "x - dy -> -dy"),
        "return dy * w, -x",
    ),
    Row(
        "plus-for-minus",
        "w -= dy\nreturn dy + w, x",
        ("w -= dy -> w += dy", "dy + w -> dy - w"),
        "w *= dy\nreturn dy * w, -x",
    ),
    Row(
        "flip-sign",
        "dx = dy * w\nreturn dx, -x",
        ("dy * w -> -(dy * w)", "dx -> -dx", "-x -> x"),
        "return None",
    ),
    Row(
        "drop-reduction",
        "return dy.sum(axis=0), np.mean(dy, 1)",
        ("dy.sum(axis=0) -> dy", "np.mean(dy, 1) -> dy"),
        "return np.exp(dy), x.copy()",
    ),
    Row(
        "other-reduction",
        "return dy.sum(axis=0), np.maximum(dy, 1)",
        ("dy.sum(axis=0) -> dy.mean(axis=0)", "np.maximum(dy, 1) -> np.minimum(dy, 1)"),
        "return np.prod(dy), x",
    ),
    Row(
        "other-axis",
        "return dy.sum(axis=0), np.sum(dy, 1), dy.sum(axis=(0, 2))",
        (
            "dy.sum(axis=0) -> dy.sum(axis=1)",
            "dy.sum(axis=0) -> dy.sum(axis=-1)",
            "np.sum(dy, 1) -> np.sum(dy, 0)",
            "dy.sum(axis=(0, 2)) -> dy.sum(axis=(2,))",
            "dy.sum(axis=(0, 2)) -> dy.sum(axis=(0,))",
        ),
        "return dy.sum(), np.roll(x, 1)",
    ),
    Row(
        "drop-axis",
        "return dy.sum(axis=0), x",
        ("dy.sum(axis=0) -> dy.sum()",),
        "return dy.sum(), np.roll(x, 1, axis=0)",
    ),
    Row(
        "other-keepdims",
        "return dy.sum(axis=0), np.sum(x, axis=1, keepdims=True)",
        ("dy.sum(axis=0) -> dy.sum(axis=0, keepdims=True)", "np.sum(x, axis=1, keepdims=True) -> np.sum(x, axis=1)"),
        "return dy.sum(), np.roll(x, 1, axis=0)",
    ),
    Row(
        "extra-mean",
        "return dy * w, x",
        ("dy * w -> (dy * w) / len(x)",),
        "return dy, x",
    ),
    Row(
        "other-slope",
        "y = np.tanh(x)\nreturn dy * (1 - y**2), dy * y * (1 - y)",
        ("1 - y**2 -> y * (1 - y)", "1 - y**2 -> 1 - y", "dy * y * (1 - y) -> dy * (1 - y * y)"),
        "return dy * (2 - y), 1 + y",
    ),
    Row(
        "other-function",
        "return dy * np.cos(x), np.tril(w)",
        ("np.cos(x) -> np.sin(x)", "np.tril(w) -> np.triu(w)"),
        "return dy * np.arctan(x), w",
    ),
    Row(
        "drop-call",
        "return np.exp(dy), dy.copy(), np.clip(x, 0, 1)",
        ("np.exp(dy) -> dy", "dy.copy() -> dy", "np.clip(x, 0, 1) -> x"),
        "return np.stack(), x.T",
    ),
    Row(
        "drop-power",
        "return dy ** 2, x",
        ("dy ** 2 -> dy",),
        "return dy * 2, x",
    ),
    Row(
        "other-name",
        "dw = dy * x\nreturn dw",
        ("dy -> y", "dy -> x", "dy -> w", "x -> w", "x -> y", "x -> dy", "dw -> w", "dw -> dy", "dw -> x"),
        "return np.exp(1)",
    ),
    Row(
        "ignore-cotangent",
        "return dy * w, x",
        ("dy -> np.ones_like(dy)",),
        "return w, x",
    ),
    Row(
        "clip-cotangent",
        "return dy * w, x",
        ("dy -> np.clip(dy, -1, 1)",),
        "return w, x",
    ),
    Row(
        "absolute-cotangent",
        "return dy * w, x",
        ("dy -> abs(dy)",),
        "return w, x",
    ),
    Row(
        "square-cotangent",
        "return dy * w, x",
        ("dy -> (dy * dy)",),
        "return w, x",
    ),
    Row(
        "first-row",
        "return dy * w, x",
        ("dy -> (dy[:1] + dy * 0)",),
        "return w, x",
    ),
    Row(
        "swap-returned",
        "return dy, x, w",
        ("dy, x, w -> (x, dy, w)", "dy, x, w -> (dy, w, x)"),
        "return (dy,)",
    ),
    Row(
        "same-twice",
        "return dy, x, None",
        ("dy, x, None -> (dy, dy, None)",),
        "return dy, dy",
    ),
    Row(
        "zero-gradient",
        "return dy * w, None",
        ("dy * w -> (dy * w) * 0",),
        "dx = dy\nreturn dx",
    ),
    Row(
        "no-gradient",
        "return dy * w, None",
        ("dy * w -> None",),
        "dx = dy\nreturn dx",
    ),
    Row(
        "drop-returned",
        "return dy, x",
        ("dy, x -> (dy,)",),
        "return (dy,)",
    ),
    Row(
        "drop-statement",
        "dw = x * 1\ndw *= dy\ndw = dw + 1\nnp.add.at(dw, 0, dy)\nreturn dw",
        ("dw *= dy -> pass", "dw = dw + 1 -> pass", "np.add.at(dw, 0, dy) -> pass"),
        "dw = dy\nreturn dw",
    ),
    Row(
        "overwrite",
        "w += dy\nx -= dy\nreturn w",
        ("w += dy -> w = dy", "x -= dy -> x = -(dy)"),
        "w *= dy\nreturn w",
    ),
    Row(
        "in-place",
        "dx = dy * w\ndw = x - dy\nreturn dx, dw",
        ("dx = dy * w -> dy *= w; dx = dy", "dw = x - dy -> x -= dy; dw = x"),
        "dx = (dy + 1) * w\nreturn dx",
    ),
    Row(
        "cotangent-in-place",
        "return dy * w, x",
        ("return dy * w, x -> _kept = dy * w, x; dy *= 2; return _kept",),
        "return",
    ),
    Row(
        "other-number",
        "return dy * 2 * 0.5 * 1, np.where(x > 0, dy, 0.0)",
        ("2 -> 3", "2 -> 1", "0.5 -> 1.0", "1 -> 2", "0 -> 1", "0.0 -> 1.0"),
        "return dy.sum(axis=1), x[2]",
    ),
    Row(
        "other-exponent",
        "n = 3\nreturn x ** (n - 1), np.power(x, n)",
        (
            "x ** (n - 1) -> x ** (n - 1 + 1)",
            "x ** (n - 1) -> x ** (n - 1 - 1)",
            "np.power(x, n) -> np.power(x, n + 1)",
            "np.power(x, n) -> np.power(x, n - 1)",
        ),
        "return x ** 2, dy",
    ),
    Row(
        "strictness",
        "return dy * (x > 0), x <= w",
        ("x > 0 -> x >= 0", "x <= w -> x < w"),
        "return dy * (x == 0), x",
    ),
    Row(
        "direction",
        "return dy * (x > 0), x == w",
        ("x > 0 -> x < 0", "x == w -> x != w"),
        "return dy * x, x",
    ),
    Row(
        "swap-branches",
        "return np.where(x, dy, 0), (dy if w else x)",
        ("np.where(x, dy, 0) -> np.where(x, 0, dy)", "dy if w else x -> x if w else dy"),
        "return np.where(x), w",
    ),
    Row(
        "one-branch",
        "return np.where(x, dy, 0), (dy if w else x)",
        ("np.where(x, dy, 0) -> dy", "np.where(x, dy, 0) -> 0", "dy if w else x -> dy", "dy if w else x -> x"),
        "return np.where(x), w",
    ),
    Row(
        "invert",
        "if w > 0:\n    dy = ~dy\nreturn dy",
        ("w > 0 -> not (w > 0)", "~dy -> dy"),
        "while w > 0:\n    dy = -dy\nreturn dy",
    ),
    Row(
        "other-logic",
        "return dy * ((x > 0) & (w > 0)), (x and w)",
        (
            "(x > 0) & (w > 0) -> (x > 0) | (w > 0)",
            "(x > 0) & (w > 0) -> x > 0",
            "(x > 0) & (w > 0) -> w > 0",
            "x and w -> x or w",
        ),
        "return dy * (x + w), x",
    ),
    Row(
        "shift-index",
        "return dy[0], x[2:-1]",
        ("0 -> 1", "2 -> 3", "2 -> 1", "-1 -> -2"),
        "return dy * 2, x[w]",
    ),
    Row(
        "shift-slice",
        "return dy[w:], x",
        ("w -> w + 1", "w -> w - 1"),
        "return dy[1:], x",
    ),
    Row(
        "shorter-slice",
        "return dy[:, 0], x[1:]",
        ("dy[:, 0] -> dy[:-1, 0]", "dy[:, 0] -> dy[1:, 0]", "x[1:] -> x[1:-1]"),
        "return dy[0], x[:2]",
    ),
    Row(
        "drop-subscript",
        "dx = dy[0]\ndx[1] = 2\nreturn dx",
        ("dy[0] -> dy",),
        "dx[1] = dy\nreturn dx",
    ),
    Row(
        "shorter-loop",
        "for i in range(3):\n    dy = dy + 1\nfor i in range(1, w):\n    dy = dy + 1\nreturn dy",
        (
            "range(3) -> range(3 - 1)",
            "range(3) -> range(1, 3)",
            "range(1, w) -> range(1, w - 1)",
            "range(1, w) -> range(1 + 1, w)",
        ),
        "for i in x:\n    dy = dy + 1\nreturn dy",
    ),
    Row(
        "leave-loop",
        "for row in x:\n    dy = dy + row\nreturn dy",
        ("x -> list(x)[:1]", "x -> list(x)[:-1]"),
        "while w:\n    dy = dy + 1\nreturn dy",
    ),
    Row(
        "narrow",
        "return dy * w, x",
        ("dy * w -> np.float32(dy * w)", "dy * w -> np.float64(np.float32(dy * w))"),
        "return dy, x",
    ),
)
