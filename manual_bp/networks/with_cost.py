"""A network with a cost behind it: two ops become one, and its backward calls their vjps in reverse order."""

from collections.abc import Callable
from typing import Any

from .._typing import Cotangent, FloatScalar

Op = Callable[..., Any]


def with_cost(network: Op, cost: Op, **options: Any) -> Op:
    """The op `(parameters, x, target) -> J` that is `cost(network(parameters, x), target)`.

    `options` are those of the network. With `data_gradients=False` that of the target is None too. What `fit` minimises
    is such an op.

    Derivation. J depends on the parameters and on x through y = network(parameters, x) alone, so the chain rule has one
    link: the gradient dy that the vjp of the cost gives is the cotangent of the network. That of the target is the
    cost's own.

    >>> import numpy as np
    >>> from manual_bp import cross_entropy, mlp, mlp_parameters
    >>> classifier = with_cost(mlp, cross_entropy, activation="tanh")
    >>> parameters = mlp_parameters((2, 3, 2), seed=0)
    >>> J, vjp = classifier(parameters, np.zeros((4, 2)), np.array([0, 1, 1, 0]))
    >>> J.round(4)
    np.float64(0.6931)
    >>> dparameters, dx, dtarget = vjp(1.0)
    >>> [layer["weight"].shape for layer in dparameters], dx.shape, dtarget
    ([(3, 2), (2, 3)], (4, 2), None)
    """

    data_gradients = options.get("data_gradients", True)

    def network_with_cost(parameters: Any, x: Any, target: Any) -> tuple[FloatScalar, Callable[[Cotangent], Any]]:
        y, network_vjp = network(parameters, x, **options)
        J, cost_vjp = cost(y, target)

        def network_with_cost_vjp(dJ: Cotangent) -> tuple[Any, Any, Any]:
            if not data_gradients:
                # Nobody holds dy and dtarget: their memory is free again as soon as the network is done with dy.
                return *network_vjp(cost_vjp(dJ)[0]), None
            dy, dtarget = cost_vjp(dJ)
            return *network_vjp(dy), dtarget

        return J, network_with_cost_vjp

    return network_with_cost
