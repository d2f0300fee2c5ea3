"""GC208: the gradient of one input does not depend on which others want one."""

from gradcheck import Case


def wrong() -> Case:
    def product(x, w):
        def product_vjp(dy):
            return dy * w, dy * x

        return x * w, product_vjp

    def wanting(wanted):
        def product_some(x, w):
            def product_some_vjp(dy):
                return dy * w if wanted[0] else None, dy * x if wanted[0] else None

            return x * w, product_some_vjp

        return product_some

    product.wanting = wanting
    return Case(product, "(n),(n)->(n)")


def right() -> Case:
    def product(x, w):
        def product_vjp(dy):
            return dy * w, dy * x

        return x * w, product_vjp

    def wanting(wanted):
        def product_some(x, w):
            def product_some_vjp(dy):
                return dy * w if wanted[0] else None, dy * x if wanted[1] else None

            return x * w, product_some_vjp

        return product_some

    product.wanting = wanting
    return Case(product, "(n),(n)->(n)")
