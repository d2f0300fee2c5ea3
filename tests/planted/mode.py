"""Training and evaluation."""

import numpy as np

from .exhibit import two_backwards, two_ops

RUNNING_MEAN, RUNNING_VARIANCE = 0.25, 2.0


def batch_norm(x, weight, *, training=True, eps=1e-5):
    """x (m,n), each column over the batch, or over running statistics."""
    mean = x.mean(axis=0) if training else np.full(x.shape[1], RUNNING_MEAN)
    variance = x.var(axis=0) if training else np.full(x.shape[1], RUNNING_VARIANCE)
    rstd = 1 / np.sqrt(variance + eps)
    hat = (x - mean) * rstd
    return hat * weight, (hat, rstd, weight, training)


def batch_norm_backward_training_formula(saved, dy):
    hat, rstd, weight, training = saved
    g = dy * weight
    dx = rstd * (g - g.mean(axis=0) - hat * (g * hat).mean(axis=0))
    return dx, (dy * hat).sum(axis=0)


def batch_norm_backward(saved, dy):
    hat, rstd, weight, training = saved
    g = dy * weight
    dx = rstd * (g - g.mean(axis=0) - hat * (g * hat).mean(axis=0)) if training else rstd * g
    return dx, (dy * hat).sum(axis=0)


def batch_norm_saves_in_training_only(x, weight, *, training=True, eps=1e-5):
    """What the backward needs is saved in buffers, in training."""
    save_mean, save_rstd = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    mean = x.mean(axis=0) if training else np.full(x.shape[1], RUNNING_MEAN)
    rstd = 1 / np.sqrt((x.var(axis=0) if training else np.full(x.shape[1], RUNNING_VARIANCE)) + eps)
    if training:
        save_mean[...], save_rstd[...] = mean, rstd

    def batch_norm_vjp(dy):
        hat, g = (x - save_mean) * save_rstd, dy * weight
        inner = g.mean(axis=0) + hat * (g * hat).mean(axis=0) if training else 0
        return save_rstd * (g - inner), (dy * hat).sum(axis=0)

    return (x - mean) * rstd * weight, batch_norm_vjp


def batch_norm_saves_always(x, weight, *, training=True, eps=1e-5):
    """What the backward needs is saved in buffers."""
    save_mean, save_rstd = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    mean = x.mean(axis=0) if training else np.full(x.shape[1], RUNNING_MEAN)
    rstd = 1 / np.sqrt((x.var(axis=0) if training else np.full(x.shape[1], RUNNING_VARIANCE)) + eps)
    save_mean[...], save_rstd[...] = mean, rstd

    def batch_norm_vjp(dy):
        hat, g = (x - save_mean) * save_rstd, dy * weight
        inner = g.mean(axis=0) + hat * (g * hat).mean(axis=0) if training else 0
        return save_rstd * (g - inner), (dy * hat).sum(axis=0)

    return (x - mean) * rstd * weight, batch_norm_vjp


MODES = {"training": [True, False]}

EXHIBITS = [
    two_backwards(
        "B228",
        "batch norm in evaluation by the formula of training",
        "(m,n),(n)->(m,n)",
        cause={"other-option", "wrong-axis"},
        forward=batch_norm,
        wrong=batch_norm_backward_training_formula,
        right=batch_norm_backward,
        options=MODES,
    ),
    two_ops(
        "B230",
        "batch norm saves its statistics in training only",
        "(m,n),(n)->(m,n)",
        cause={"stale", "other-option", "missing"},
        wrong=batch_norm_saves_in_training_only,
        right=batch_norm_saves_always,
        options=MODES,
    ),
]
