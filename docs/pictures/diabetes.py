"""The diabetes set as the article's network takes it: samples as columns, a third of them held out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.datasets import load_diabetes

HIDDEN = 5


@dataclass(frozen=True)
class Split:
    """X (10, m), standardised by the samples to learn from; Y (1, m), on [0, 1]."""

    X: np.ndarray
    Y: np.ndarray
    X_held_out: np.ndarray
    Y_held_out: np.ndarray


def diabetes(seed: int = 0) -> Split:
    """295 patients to learn from, 147 held out, drawn by `seed`."""
    data = load_diabetes(scaled=False)
    order = np.random.default_rng(seed).permutation(len(data.target))
    learn, held_out = order[147:], order[:147]
    mean, spread = data.data[learn].mean(axis=0), data.data[learn].std(axis=0)
    X = ((data.data - mean) / spread).T
    low, high = data.target[learn].min(), data.target[learn].max()
    Y = ((data.target - low) / (high - low))[np.newaxis]
    return Split(X[:, learn], Y[:, learn], X[:, held_out], Y[:, held_out])
