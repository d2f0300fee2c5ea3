"""GC205: gradients share no memory with anything else."""

from gradcheck import Case


def wrong() -> Case:
    def add(a, b):
        def add_vjp(dy):
            return dy, dy

        return a + b, add_vjp

    return Case(add, "(n),(n)->(n)")


def right() -> Case:
    def add(a, b):
        def add_vjp(dy):
            return dy.copy(), dy.copy()

        return a + b, add_vjp

    return Case(add, "(n),(n)->(n)")
