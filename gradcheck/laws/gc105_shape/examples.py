"""GC105: each raw gradient has the shape of its input."""

from gradcheck import Case


def wrong() -> Case:
    def add_bias(x, b):
        def add_bias_vjp(dy):
            return dy.copy(), dy.copy()

        return x + b, add_bias_vjp

    return Case(add_bias, "(n,o),(o)->(n,o)")


def right() -> Case:
    def add_bias(x, b):
        def add_bias_vjp(dy):
            return dy.copy(), dy.sum(axis=0)

        return x + b, add_bias_vjp

    return Case(add_bias, "(n,o),(o)->(n,o)")
