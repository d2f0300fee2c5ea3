"""Linear algebra: singular matrices, matrices that are not their set's, bad input. (The gradients: the gate.)"""

import numpy as np
import pytest

import manual_bp

SQUARE = np.array([[2.0, 1.0], [1.0, 3.0]])


@pytest.mark.parametrize("scale", [0.0, 1e-18, 1e-9])
def test_the_slope_of_a_determinant_exists_where_the_inverse_has_no_digits(scale):
    A = np.array([[1.0, 2.0, 0.0], [2.0, 4.0, 1.0], [1.0, 2.0 + scale, 3.0]])
    cofactors = [
        [(-1) ** (i + j) * np.linalg.det(np.delete(np.delete(A, i, 0), j, 1)) for j in range(3)] for i in range(3)
    ]
    _, vjp = manual_bp.det(A)
    np.testing.assert_allclose(vjp(1.0)[0], cofactors, atol=1e-13)


def test_of_a_stack_the_singular_ones_alone_go_the_other_way():
    A = np.stack([SQUARE, np.ones((2, 2))])
    _, vjp = manual_bp.det(A)
    np.testing.assert_allclose(vjp(np.ones(2))[0], [[[3, -1], [-1, 2]], [[1, -1], [-1, 1]]], atol=1e-15)


def test_gradients_that_do_not_exist_are_nan_and_no_error():
    singular = np.ones((2, 2))
    (_, logabsdet), vjp = manual_bp.slogdet(singular)
    assert logabsdet == -np.inf
    assert np.isnan(vjp((0.0, 1.0))[0]).all()
    (Q, R), vjp = manual_bp.qr(np.zeros((2, 2)))
    assert not np.isfinite(vjp((Q, R))[0]).all()


def test_of_a_stack_only_dependent_columns_have_no_gradient():
    (Q, R), vjp = manual_bp.qr(np.stack([SQUARE, np.zeros((2, 2))]))
    (dA,) = vjp((np.zeros_like(Q), np.ones_like(R)))
    (alone,) = manual_bp.qr(SQUARE)[1]((np.zeros((2, 2)), np.ones((2, 2))))
    np.testing.assert_array_equal(dA[0], alone)
    assert np.isnan(dA[1]).all()


def test_a_cost_that_does_not_distinguish_equal_eigenvalues_has_a_gradient():
    (w, V), vjp = manual_bp.eigh(np.eye(3))
    np.testing.assert_allclose(vjp((np.ones(3), np.zeros_like(V)))[0], np.eye(3))
    assert (w == 1).all()


def test_eigh_reads_the_triangle_that_it_is_told():
    A = np.array([[2.0, 99.0], [1.0, 3.0]])
    np.testing.assert_allclose(manual_bp.eigh(A)[0][0], np.linalg.eigvalsh(SQUARE))
    np.testing.assert_allclose(manual_bp.eigh(A.T, UPLO="U")[0][0], np.linalg.eigvalsh(SQUARE))


@pytest.mark.parametrize(
    ("call", "part"),
    [
        (lambda: manual_bp.inv(np.ones(2)), "at least two axes"),
        (lambda: manual_bp.inv(np.ones((2, 3))), "square matrices"),
        (lambda: manual_bp.inv(np.ones((2, 2))), "singular"),
        (lambda: manual_bp.inv(np.ones((2, 2), np.float16)), "float32 or float64"),
        (lambda: manual_bp.solve(SQUARE, np.ones((3, 1))), "must have 2 rows"),
        (lambda: manual_bp.solve(SQUARE, np.ones((1, 3)), left=False), "must have 2 columns"),
        (lambda: manual_bp.solve(SQUARE, np.ones(2), left=False), "B must hold matrices"),
        (lambda: manual_bp.solve(np.ones((2, 2)), np.ones(2)), "singular"),
        (lambda: manual_bp.solve(np.ones((3, 2, 2)), np.ones((4, 2, 1))), "do not broadcast"),
        (lambda: manual_bp.cholesky(-SQUARE), "positive definite"),
        (lambda: manual_bp.cholesky(SQUARE, upper=1), "upper must be True or False"),
        (lambda: manual_bp.eigh(SQUARE, UPLO="lower"), "UPLO must be 'L' or 'U'"),
        (lambda: manual_bp.qr(SQUARE)[1](SQUARE), "the cotangent must be a pair"),
        (lambda: manual_bp.svdvals(SQUARE)[1](SQUARE), "the cotangent must have the shape of the output"),
    ],
)
def test_bad_input_gets_one_sentence(call, part):
    with pytest.raises((ValueError, TypeError), match=part) as caught:
        call()
    assert "\n" not in str(caught.value)
