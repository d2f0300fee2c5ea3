"""GC103: one gradient per positional input."""

from gradcheck import Case


def wrong() -> Case:
    def affine(x, w, b):
        def affine_vjp(dy):
            return dy @ w.T, x.T @ dy

        return x @ w + b, affine_vjp

    return Case(affine, "(n,i),(i,o),(o)->(n,o)")


def right() -> Case:
    def affine(x, w, b):
        def affine_vjp(dy):
            return dy @ w.T, x.T @ dy, dy.sum(axis=0)

        return x @ w + b, affine_vjp

    return Case(affine, "(n,i),(i,o),(o)->(n,o)")
