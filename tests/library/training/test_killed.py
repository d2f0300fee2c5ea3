"""A run that is killed at random moments and called again arrives at bitwise the same parameters."""

import os
import random
import signal
import subprocess
import sys
import time

import numpy as np

import manual_bp
from manual_bp import Adam, CosineDecay, MiniBatches, mlp, mlp_parameters, mse, with_cost

STEPS = 300
KILLS = 3

PROGRAM = """
import sys
from tests.library.training.test_killed import fit
fit(sys.argv[1])
"""


def fit(checkpoint=None):
    """Long enough to be killed several times: it writes its file at every step."""
    x = np.linspace(-1, 1, 32)[:, None]
    return manual_bp.fit(
        with_cost(mlp, mse, activation="tanh"),
        mlp_parameters((1, 6, 1), seed=0),
        MiniBatches((x, np.sin(3 * x)), 8, seed=0),
        Adam(CosineDecay(0.02, steps=STEPS)),
        steps=STEPS,
        score=lambda parameters: float(parameters[0]["bias"].sum()),
        score_every=50,
        checkpoint=checkpoint,
        save_every=1,
    )


def changed(file):
    """When the file was last written."""
    return file.stat().st_mtime_ns if file.exists() else 0


def test_killed_at_any_moment_it_arrives_at_the_same_bits(tmp_path):
    file = tmp_path / "run.npz"
    moments = random.Random(0)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    steps = []
    for _ in range(KILLS):
        before = changed(file)
        process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(file)], env=environment)
        while process.poll() is None and changed(file) == before:
            time.sleep(0.005)
        time.sleep(moments.uniform(0, 0.1))
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL, "it was done before it was killed, so this test shows nothing"
        with np.load(file) as stored:
            steps.append(stored["costs"].size)
    assert steps == sorted(steps), "each goes on where the one before was"
    whole, resumed = fit(), fit(file)
    assert resumed.costs == whole.costs
    assert resumed.scores == whole.scores
    for ours, theirs in zip(resumed.parameters, whole.parameters, strict=True):
        assert all(np.array_equal(ours[key], theirs[key]) for key in theirs)
