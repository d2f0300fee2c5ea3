"""GC208: the gradient of one input does not depend on which others want one."""

from gradcheck import Case

from .explanation import Explanation


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


EXPLANATION = Explanation(
    "GC208",
    "The gradient of one input does not depend on which others want one (needs_input_grad in PyTorch).",
    "Freeze one layer, and another one gets the wrong gradient, or none. The path with everything switched on is the "
    "one that is tested; fine-tuning runs the others.",
    (
        "ctx.needs_input_grad[0] asked where [1] was meant",
        "a shortcut for the only wanted gradient, with a formula of its own",
        "an intermediate that is computed inside the branch of one gradient and used in another",
    ),
    "Compute what several gradients share outside the branches; let each branch ask for its own position.",
    wrong,
    right,
)
