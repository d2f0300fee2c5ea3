"""A language model of characters, on a short text in the public domain."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from .._typing import IntegerArray
from ..networks.gpt import gpt, gpt_logits, gpt_parameters
from ..training.adam import AdamW
from ..training.checkpoint import save_parameters
from ..training.fit import fit
from ..training.schedules import CosineDecay, WarmUp
from .result import Result

TEXT = Path(__file__).with_name("text.txt")
CONTEXT, WIDTH, DEPTH, HEADS, BATCH = 48, 64, 2, 4, 16
STEPS = 600
SPLIT = 0.8, 0.9
"""Shares of the text before the part that says when to stop, and before the part that the result is of."""
SMOOTHING = (0.01, 0.03, 0.1, 0.3, 1.0)
"""Counts that a bigram is given beforehand: the one that is best on the part that says when to stop is taken."""
SAMPLE = 300
"""Characters that the trained model writes."""


def run(folder: Path, steps: int | None, progress: Callable[[int, float], None]) -> Result:
    """Cost of a gpt on text that it has never seen, beside that of counting which character follows which."""
    steps = STEPS if steps is None else steps
    text = TEXT.read_text(encoding="utf-8")
    alphabet = sorted(set(text))
    tokens = np.array([alphabet.index(character) for character in text])
    known, chosen_by, unseen = np.split(tokens, [int(share * len(tokens)) for share in SPLIT])
    start = gpt_parameters(
        vocabulary=len(alphabet), context=CONTEXT, width=WIDTH, depth=DEPTH, seed=0, dtype=np.float32
    )

    def batches(step: int) -> tuple[IntegerArray, IntegerArray]:
        places = np.random.default_rng([0, step]).integers(0, len(known) - CONTEXT, size=BATCH)
        windows = places[:, None] + np.arange(CONTEXT)
        return known[windows], known[windows + 1]

    training = fit(
        partial(gpt, num_heads=HEADS),
        start,
        batches,
        AdamW(WarmUp(CosineDecay(3e-3, max(1, steps - 50), end=1e-4), steps=50), weight_decay=0.1),
        steps=steps,
        clip_norm=1.0,
        score=lambda parameters: _cost(parameters, chosen_by),
        score_every=50,
        patience=4,
        on_step=progress,
        checkpoint=folder / "run.npz",
        save_every=50,
    )
    save_parameters(folder / "parameters.npz", training.parameters)
    written = _written(training.parameters, known[:CONTEXT], alphabet)
    (folder / "sample.txt").write_text(written + "\n", encoding="utf-8")
    bigrams = {count: _bigram_cost(known, chosen_by, len(alphabet), count) for count in SMOOTHING}
    smoothing = min(bigrams, key=bigrams.__getitem__)
    baseline = _bigram_cost(known, unseen, len(alphabet), smoothing)
    cost = _cost(training.parameters, unseen)
    return Result(
        f"gpt: {cost:.3f} nats a character on text that it has never seen, counting bigrams {baseline:.3f}",
        {"cost": cost, "cost of bigrams": baseline},
        training.costs,
        training.scores,
        {"bigrams, held out": bigrams[smoothing]},
    )


def _cost(parameters: Any, tokens: IntegerArray) -> float:
    """Over all windows that lie side by side."""
    windows = np.arange(0, len(tokens) - CONTEXT, CONTEXT)[:, None] + np.arange(CONTEXT)
    return float(gpt(parameters, tokens[windows], tokens[windows + 1], num_heads=HEADS)[0])


def _bigram_cost(known: IntegerArray, asked: IntegerArray, size: int, smoothing: float) -> float:
    counts = np.full((size, size), smoothing)
    np.add.at(counts, (known[:-1], known[1:]), 1)
    share = counts / counts.sum(axis=1, keepdims=True)
    return float(-np.log(share[asked[:-1], asked[1:]]).mean())


def _written(parameters: Any, first: IntegerArray, alphabet: list[str]) -> str:
    """What the model goes on with, each character drawn by its probability."""
    random = np.random.default_rng(0)
    tokens = first
    for _ in range(SAMPLE):
        logits, _ = gpt_logits(parameters, tokens[None, -CONTEXT:], num_heads=HEADS)
        scores = np.exp(logits[0, -1] - logits[0, -1].max(), dtype=np.float64)
        tokens = np.append(tokens, random.choice(len(alphabet), p=scores / scores.sum()))
    return "".join(alphabet[token] for token in tokens)
