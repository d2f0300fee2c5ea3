"""The loop: batches, early stop, what it refuses, and files from which it goes on."""

import math
import zipfile

import numpy as np
import pytest

from manual_bp import (
    SGD,
    Adam,
    CheckpointError,
    CosineDecay,
    MiniBatches,
    NonFiniteCostError,
    load_parameters,
    save_parameters,
)
from manual_bp import (
    fit as fit_tree,
)


def squares(parameters, x):
    """Half the squared distance of w from x, in the mean over the batch."""
    w = parameters["w"]

    def squares_vjp(dJ):
        return {"w": dJ * (w - x).mean(axis=0)}, None

    return 0.5 * ((w - x) ** 2).sum() / len(x), squares_vjp


X = np.random.default_rng(0).normal(size=(10, 3))
START = {"w": np.zeros(3)}


def fit(**changes):
    settings = {"cost": squares, "parameters": START, "batches": MiniBatches((X,), 4, seed=1), "optimizer": Adam(0.05)}
    settings |= {"steps": 20} | changes
    return fit_tree(**settings)


def test_each_sample_is_used_once_in_a_pass_and_the_order_changes():
    batches = MiniBatches((X.T, np.arange(10)[None]), 4, seed=3, axis=1)
    passes = [np.concatenate([batches(step)[1][0] for step in range(3 * n, 3 * n + 3)]) for n in range(3)]
    assert [batches(step)[0].shape for step in range(3)] == [(3, 4), (3, 4), (3, 2)]
    assert all(sorted(order) == list(range(10)) for order in passes)
    assert not np.array_equal(passes[0], passes[1])
    x, number = batches(7)
    np.testing.assert_array_equal(x, X.T[:, number[0]])
    late = MiniBatches((X.T, np.arange(10)[None]), 4, seed=3, axis=1)
    np.testing.assert_array_equal(late(7)[1], number)


def test_a_run_is_the_steps_of_its_optimiser():
    run = fit(optimizer=SGD(0.5), steps=3, batches=lambda step: (X[step : step + 1],))
    w = np.zeros(3)
    for step in range(3):
        assert run.costs[step] == 0.5 * ((w - X[step]) ** 2).sum()
        w = w - 0.5 * (w - X[step])
    np.testing.assert_array_equal(run.parameters["w"], w)
    np.testing.assert_array_equal(START["w"], 0)


def test_clipping_bounds_each_step():
    run = fit(optimizer=SGD(1.0), steps=1, clip_norm=0.25, batches=lambda step: (100 * X,))
    assert np.linalg.norm(run.parameters["w"]) == pytest.approx(0.25)
    run = fit(optimizer=SGD(1.0), steps=1, clip_value=0.25, batches=lambda step: (100 * X,))
    np.testing.assert_allclose(abs(run.parameters["w"]), 0.25)


def test_early_stop_returns_the_best():
    scores = iter([3.0, 2.0, 2.5, 2.0, 9.0])
    seen = []

    def score(parameters):
        seen.append(parameters["w"].copy())
        return next(scores)

    run = fit(score=score, score_every=2, patience=2, steps=100)
    assert run.scores == ((2, 3.0), (4, 2.0), (6, 2.5), (8, 2.0))
    assert run.stopped_early
    assert len(run.costs) == 8
    np.testing.assert_array_equal(run.parameters["w"], seen[1])


def test_a_score_is_asked_after_the_last_step_too():
    run = fit(score=lambda parameters: float(abs(parameters["w"]).sum()), score_every=8)
    assert [step for step, _ in run.scores] == [8, 16, 20]
    assert not run.stopped_early


def test_progress_is_reported():
    seen = []
    run = fit(on_step=lambda step, J: seen.append((step, J)))
    assert seen == list(enumerate(run.costs))


def test_a_run_that_was_ended_goes_on_to_the_same_bits(tmp_path):
    whole = fit(steps=20, score=lambda p: float(p["w"].sum()), score_every=3)
    file = tmp_path / "run.npz"
    for steps in (4, 5, 13, 20, 20):
        run = fit(steps=steps, score=lambda p: float(p["w"].sum()), score_every=3, checkpoint=file, save_every=3)
    np.testing.assert_array_equal(run.parameters["w"], whole.parameters["w"])
    assert run.costs == whole.costs
    assert list(tmp_path.iterdir()) == [file]


def test_a_schedule_that_is_a_plain_function_can_go_on(tmp_path):
    for steps in (2, 4):
        run = fit(
            optimizer=SGD(lambda step: 0.1), batches=lambda step: (X,), steps=steps, checkpoint=tmp_path / "r.npz"
        )
    assert len(run.costs) == 4


def test_a_file_of_a_run_gives_its_parameters(tmp_path):
    run = fit(checkpoint=tmp_path / "run.npz")
    loaded = load_parameters(tmp_path / "run.npz", like=START)
    np.testing.assert_array_equal(loaded["w"], run.parameters["w"])


@pytest.mark.parametrize(
    "changes",
    [
        {"optimizer": Adam(0.06)},
        {"optimizer": SGD(0.05)},
        {"optimizer": Adam(CosineDecay(0.05, steps=9))},
        {"batches": MiniBatches((X,), 4, seed=2)},
        {"batches": MiniBatches((X + 1,), 4, seed=1)},
        {"clip_norm": 1.0},
        {"parameters": {"w": np.zeros(4)}},
        {"parameters": {"w": np.zeros(3, np.float32)}},
        {"parameters": {"w": np.zeros(3), "v": np.zeros(1)}},
        {"parameters": {"u": np.zeros(3)}},
        {"parameters": (np.zeros(3),)},
    ],
)
def test_the_file_of_another_run_is_refused(tmp_path, changes):
    file = tmp_path / "run.npz"
    fit(checkpoint=file)
    before = file.read_bytes()
    with pytest.raises(CheckpointError) as caught:
        fit(checkpoint=file, **changes)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert file.read_bytes() == before


def test_files_that_are_cut_short_or_none_of_ours(tmp_path):
    file = tmp_path / "network.npz"
    save_parameters(file, START)
    whole = file.read_bytes()
    contents = [whole[:length] for length in range(0, len(whole), 7)]
    contents += [b"", b"hello", whole.replace(b"PK", b"KP")]
    for content in contents:
        file.write_bytes(content)
        with pytest.raises(CheckpointError, match=r"network.npz: is cut short"):
            load_parameters(file, like=START)
    damaged = bytearray(whole)
    damaged[whole.index(b"\x93NUMPY") + 130] ^= 255  # within the numbers, which the checksum covers
    file.write_bytes(bytes(damaged))
    with pytest.raises(CheckpointError):
        load_parameters(file, like=START)
    np.savez(file, w=np.zeros(3))
    with pytest.raises(CheckpointError, match="no file of manual_bp"):
        load_parameters(file, like=START)
    np.save(tmp_path / "array.npy", np.zeros(3))
    with pytest.raises(CheckpointError, match="no file of manual_bp"):
        load_parameters(tmp_path / "array.npy", like=START)
    np.savez(file, manual_bp=np.array(1), parameters=np.array({"w": 1}, object), allow_pickle=True)
    with pytest.raises(CheckpointError):
        load_parameters(file, like=START)
    with pytest.raises(FileNotFoundError):
        load_parameters(tmp_path / "absent.npz", like=START)


def test_a_file_of_a_later_version(tmp_path):
    file = tmp_path / "network.npz"
    np.savez(file, manual_bp=np.array(2), **{"parameters['w']": np.zeros(3)})
    with pytest.raises(CheckpointError, match="later version"):
        load_parameters(file, like=START)


def test_parameters_alone_are_no_run(tmp_path):
    save_parameters(tmp_path / "network.npz", START)
    with pytest.raises(CheckpointError, match="no run"):
        fit(checkpoint=tmp_path / "network.npz")


def test_what_cannot_be_written_leaves_the_old_file(tmp_path):
    file = tmp_path / "network.npz"
    save_parameters(file, START)
    before = file.read_bytes()
    with pytest.raises(TypeError, match="parameters"):
        save_parameters(file, {"w": np.zeros(3), "name": "mlp"})
    with pytest.raises(OSError, match="absent"):
        save_parameters(tmp_path / "absent" / "network.npz", START)
    assert file.read_bytes() == before
    assert zipfile.is_zipfile(file)


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"steps": -1}, "steps"),
        ({"steps": 2.5}, "steps"),
        ({"score_every": 0}, "score_every"),
        ({"save_every": 0}, "save_every"),
        ({"patience": 0, "score": len}, "patience"),
        ({"patience": 3}, "score"),
        ({"clip_norm": -1.0}, "limit"),
        ({"parameters": [1.0]}, "parameters[0]"),
        ({"cost": lambda p, x: 3.0}, "pair"),
        ({"cost": lambda p, x: (np.zeros(2), squares(p, x)[1])}, "scalar"),
        ({"cost": lambda p, x: (1.0, lambda dJ: (None,))}, "gradients"),
        ({"cost": lambda p, x: (1.0, lambda dJ: ({"w": np.zeros(2)},))}, "gradients['w']"),
    ],
)
def test_bad_input_gets_one_sentence(changes, part):
    with pytest.raises((ValueError, TypeError)) as caught:
        fit(**changes)
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda: MiniBatches(X, 2, seed=0), "data"),
        (lambda: MiniBatches((), 2, seed=0), "sample"),
        (lambda: MiniBatches((X, X[:4]), 2, seed=0), "data[1] 4"),
        (lambda: MiniBatches((X[:0],), 2, seed=0), "sample"),
        (lambda: MiniBatches((X,), 0, seed=0), "size"),
        (lambda: MiniBatches((X,), 2, seed=-1), "seed"),
        (lambda: MiniBatches((X,), 2, seed=0, axis=2), "axis 2"),
        (lambda: MiniBatches(([1.0],), 2, seed=0), "data[0]"),
    ],
)
def test_data_that_make_no_batches(make, part):
    with pytest.raises((ValueError, TypeError)) as caught:
        make()
    assert part in str(caught.value)


def test_a_cost_or_gradient_that_is_not_finite_ends_the_run():
    with pytest.raises(NonFiniteCostError, match=r"step \d+; the cost before"):
        fit(optimizer=SGD(1e200), steps=50)
    with pytest.raises(NonFiniteCostError, match="nothing has moved"):
        fit(batches=lambda step: (X * math.nan,))
    with pytest.raises(NonFiniteCostError, match=r"gradient of parameters\['w'\] is nan"):
        fit(cost=lambda p, x: (1.0, lambda dJ: ({"w": np.array([0.0, math.nan, 0.0])},)))
    largest = np.array([np.finfo(float).max] * 3)
    fit(cost=lambda p, x: (1.0, lambda dJ: ({"w": largest},)), optimizer=SGD(1e-300), steps=1)
