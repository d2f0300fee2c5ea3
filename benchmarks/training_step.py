"""One framework in its own process: ``python -m benchmarks.training_step FRAMEWORK QUESTION`` prints seconds a step."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from .measuring import resident_peak

RATE = 0.1
LEAST = 0.05  # seconds that a repetition takes at least
REPETITIONS = 3
GPT = {"vocabulary": 60, "context": 48, "width": 64, "depth": 2}
HEADS, SAMPLES = 4, 16
Step = Callable[[], object]


def main(framework: str, question: dict[str, Any]) -> list[Any]:
    """Seconds of a step for each dtype and size; bytes where memory is asked for, tokens a second of gpt."""
    if framework == "kernel":
        return [kernel()]
    if question["network"] == "gpt":
        return [SAMPLES * GPT["context"] / seconds(GPT_STEPS[framework]())]
    answers: list[Any] = []
    for dtype in question["dtypes"]:
        for size in question["sizes"]:
            step = STEPS[framework](question["network"], tuple(size), dtype)
            if step is None:
                answers.append(None)
            elif question.get("memory"):
                step()
                step()
                answers.append(resident_peak(step))
            else:
                answers.append(seconds(step))
    return answers


def seconds(step: Step) -> float:
    """Of the processor, a step: the median of a few repetitions that are long enough to be measured."""
    step()
    step()
    start = time.process_time()
    step()
    count = max(1, int(LEAST / max(time.process_time() - start, 1e-7)))
    found = []
    for _ in range(REPETITIONS):
        start = time.process_time()
        for _ in range(count):
            step()
        found.append((time.process_time() - start) / count)
    return statistics.median(found)


def data(network: str, size: tuple[int, ...], dtype: str) -> tuple[Any, Any, Any]:
    """Parameters, inputs and targets; samples are columns of the article's network, rows of `mlp`."""
    import manual_bp

    i, h, o, m = size
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(i, m)).astype(dtype), rng.uniform(size=(o, m)).astype(dtype)
    if network == "two_layer":
        return manual_bp.initial_parameters((i, h, o), seed=0, dtype=dtype), x, y
    layers = manual_bp.mlp_parameters((i, h, o), seed=0, dtype=dtype)
    return layers, np.ascontiguousarray(x.T), np.ascontiguousarray(y.T)


def ours(network: str, size: tuple[int, ...], dtype: str) -> Step:
    """One step of gradient descent by this library."""
    import manual_bp

    parameters, x, y = data(network, size, dtype)
    if network == "two_layer":

        def step() -> object:
            _, vjp = manual_bp.two_layer(*parameters, x, y, data_gradients=False)
            return manual_bp.gradient_step(parameters, vjp(1.0)[:4], RATE)

        return step
    cost = manual_bp.with_cost(manual_bp.mlp, manual_bp.mse_loss, activation="sigmoid", data_gradients=False)
    optimizer = manual_bp.SGD(RATE)
    state = optimizer.start(parameters)

    def step_of_mlp() -> object:
        gradients = cost(parameters, x, y)[1](1.0)[0]  # the vjp and what it keeps are let go here, as torch's graph is
        return optimizer.step(parameters, gradients, state)

    return step_of_mlp


def products(network: str, size: tuple[int, ...], dtype: str) -> Step:
    """The five matrix products of a step, and nothing else."""
    parameters, x, _ = data(network, size, dtype)
    if network == "two_layer":
        w1, _, w2, _ = parameters

        def step() -> object:
            a1 = w1 @ x
            z2 = w2 @ a1
            return z2 @ a1.T, (w2.T @ z2) @ x.T

        return step
    w1, w2 = (layer["weight"] for layer in parameters)

    def step_of_rows() -> object:
        a1 = x @ w1.T
        z2 = a1 @ w2.T
        return z2.T @ a1, (z2 @ w2).T @ x

    return step_of_rows


def torch_cost(network: str) -> Callable[..., Any]:
    """The cost of `flat` parameters at x and y."""
    import torch

    def two_layer(flat: Any, x: Any, y: Any) -> Any:
        w1, b1, w2, b2 = flat
        hidden = torch.sigmoid(w1 @ x + b1)
        return ((torch.sigmoid(w2 @ hidden + b2) - y) ** 2).sum() / x.shape[1]

    def mlp(flat: Any, x: Any, y: Any) -> Any:
        w1, b1, w2, b2 = flat
        linear = torch.nn.functional.linear
        return torch.nn.functional.mse_loss(linear(torch.sigmoid(linear(x, w1, b1)), w2, b2), y)

    return {"two_layer": two_layer, "mlp": mlp}[network]


def flat_of(parameters: Any) -> list[Any]:
    """The arrays in order."""
    if isinstance(parameters[0], dict):
        return [array for layer in parameters for array in (layer["weight"], layer["bias"])]
    return list(parameters)


def of_torch(network: str, size: tuple[int, ...], dtype: str, *, compiled: bool = False) -> Step:
    """One step of torch.optim.SGD."""
    import torch

    torch.set_num_threads(1)
    parameters, x, y = data(network, size, dtype)
    flat = [torch.from_numpy(array.copy()).requires_grad_() for array in flat_of(parameters)]
    inputs, targets = torch.from_numpy(x), torch.from_numpy(y)
    cost = torch_cost(network)
    if compiled:
        cost = torch.compile(cost)
    optimizer = torch.optim.SGD(flat, lr=RATE)

    def step() -> None:
        cost(flat, inputs, targets).backward()
        optimizer.step()
        optimizer.zero_grad()  # at the end: as ours, a step begins without the gradients of the one before in memory

    return step


def compiled(network: str, size: tuple[int, ...], dtype: str) -> Step | None:
    """The same with torch.compile; None where that cannot be had here (it needs a compiler)."""
    try:
        step = of_torch(network, size, dtype, compiled=True)
        step()
    except Exception:  # noqa: BLE001 - whatever it lacks
        return None
    return step


def of_jax(network: str, size: tuple[int, ...], dtype: str) -> Step:
    """One step of gradient descent, compiled as a whole."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    parameters, x, y = data(network, size, dtype)
    flat, inputs, targets = [jnp.asarray(array) for array in flat_of(parameters)], jnp.asarray(x), jnp.asarray(y)

    def cost(flat: Any) -> Any:
        w1, b1, w2, b2 = flat
        if network == "two_layer":
            hidden = jax.nn.sigmoid(w1 @ inputs + b1)
            return ((jax.nn.sigmoid(w2 @ hidden + b2) - targets) ** 2).sum() / inputs.shape[1]
        return ((jax.nn.sigmoid(inputs @ w1.T + b1) @ w2.T + b2 - targets) ** 2).mean()

    @jax.jit
    def stepped(flat: Any) -> Any:
        return [theta - RATE * dtheta for theta, dtheta in zip(flat, jax.grad(cost)(flat), strict=True)]

    return lambda: jax.block_until_ready(stepped(flat))


def of_sklearn(network: str, size: tuple[int, ...], dtype: str) -> Step:
    """One `partial_fit` of scikit-learn's MLPRegressor on one batch."""
    from sklearn.neural_network import MLPRegressor

    _, h, o, m = size
    _, x, y = data("mlp", size, dtype)
    network_of_sklearn = MLPRegressor(
        hidden_layer_sizes=(h,),
        activation="logistic",
        solver="sgd",
        learning_rate_init=1e-9,  # which stays where it is, as the others do: thousands of steps on one batch diverge
        momentum=0.0,
        alpha=0.0,
        batch_size=m,
    )
    target = y[:, 0] if o == 1 else y
    return lambda: network_of_sklearn.partial_fit(x, target)


def gpt_of_ours() -> Step:
    """One step of AdamW by this library."""
    import manual_bp

    parameters = manual_bp.gpt_parameters(**GPT, seed=0, dtype=np.float32)
    tokens, targets = np.random.default_rng(0).integers(0, GPT["vocabulary"], (2, SAMPLES, GPT["context"]))
    optimizer = manual_bp.AdamW()
    state = optimizer.start(parameters)

    def step() -> object:
        _, vjp = manual_bp.gpt(parameters, tokens, targets, num_heads=HEADS)
        return optimizer.step(parameters, vjp(1.0)[0], state)

    return step


def gpt_of_torch() -> Step:
    """The same by torch, with its fused attention."""
    import torch
    from torch.nn import functional

    import manual_bp

    torch.set_num_threads(1)
    flat: list[Any] = []

    def tensors(tree: Any) -> Any:
        if isinstance(tree, dict):
            return {key: tensors(part) for key, part in tree.items()}
        if isinstance(tree, tuple):
            return [tensors(part) for part in tree]
        flat.append(torch.from_numpy(tree.copy()).requires_grad_())
        return flat[-1]

    parameters = tensors(manual_bp.gpt_parameters(**GPT, seed=0, dtype=np.float32))
    drawn = np.random.default_rng(0).integers(0, GPT["vocabulary"], (2, SAMPLES, GPT["context"]))
    tokens, targets = torch.from_numpy(drawn)
    optimizer = torch.optim.AdamW(flat)
    width = GPT["width"]

    def linear(layer: Any, x: Any) -> Any:
        return functional.linear(x, layer["weight"], layer["bias"])

    def norm(layer: Any, x: Any) -> Any:
        return functional.layer_norm(x, (width,), layer["weight"], layer["bias"])

    def block(layers: Any, x: Any) -> Any:
        n, t, _ = x.shape
        packed = linear(layers["attend"], norm(layers["norm1"], x))
        query, key, value = packed.view(n, t, 3, HEADS, width // HEADS).permute(2, 0, 3, 1, 4)
        attended = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + linear(layers["project"], attended.transpose(1, 2).reshape(n, t, width))
        wide = functional.gelu(linear(layers["expand"], norm(layers["norm2"], x)), approximate="tanh")
        return x + linear(layers["shrink"], wide)

    def step() -> object:
        optimizer.zero_grad()
        x = functional.embedding(tokens, parameters["token"]) + parameters["position"][: tokens.shape[1]]
        for layers in parameters["blocks"]:
            x = block(layers, x)
        logits = norm(parameters["norm"], x) @ parameters["token"].T
        functional.cross_entropy(logits.flatten(0, 1), targets.flatten()).backward()
        return optimizer.step()

    return step


def kernel() -> str:
    """Which kernel NumPy's OpenBLAS has chosen, as threadpoolctl sees it."""
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return "threadpoolctl is not installed"
    np.ones((2, 2)) @ np.ones((2, 2))
    return ", ".join(str(found.get("architecture")) for found in threadpool_info() if found["user_api"] == "blas")


STEPS: dict[str, Callable[[str, tuple[int, ...], str], Step | None]] = {
    "ours": ours,
    "products": products,
    "torch": partial(of_torch, compiled=False),
    "torch compiled": compiled,
    "jax": of_jax,
    "sklearn": of_sklearn,
}
GPT_STEPS = {"ours": gpt_of_ours, "torch": gpt_of_torch}

if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], json.loads(sys.argv[2]))))
