"""log(1 + exp(x)) that does not overflow, with a rule of its own: the derivative is the logistic function."""

import jax
import jax.numpy as jnp


@jax.custom_vjp
def softplus(x):
    return jnp.maximum(x, 0) + jnp.log1p(jnp.exp(-jnp.abs(x)))


def softplus_forward(x):
    return softplus(x), x


def softplus_backward(x, dy):
    return (dy * jax.nn.sigmoid(x),)


softplus.defvjp(softplus_forward, softplus_backward)
