"""JAX functions, those with rules of their own included."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from gradcheck import Case, ConventionError, report_case, report_vjp
from gradcheck.adapters import from_jax
from gradcheck.generation import search

pytestmark = pytest.mark.usefixtures("unexplained")

X = np.array([[0.5, -1.25, 2.0], [1.5, 0.75, -0.25]])


def scaled_sine(backward, value=lambda x, scale: jnp.sin(x) * scale):
    """A custom_vjp: sin(x) * scale."""

    @jax.custom_vjp
    def sine(x, scale=1.0):
        return jnp.sin(x) * scale

    sine.defvjp(lambda x, scale: (value(x, scale), (x, scale)), backward)
    return sine


def right(saved, dy):
    x, scale = saved
    return dy * jnp.cos(x) * scale, None


def codes(report):
    return {finding.code for finding in report.errors}


def test_right_rules_pass():
    op = from_jax(scaled_sine(right))
    assert report_vjp(op, X).verdict == "correct"
    assert report_vjp(op, X, options={"scale": 2.0}).verdict == "correct"
    assert report_vjp(from_jax(jnp.tanh), X).verdict == "correct"


@pytest.mark.parametrize(
    ("backward", "code", "words"),
    [
        (lambda saved, dy: (dy * jnp.sin(saved[0]), None), "GC301", "finite differences"),
        (lambda saved, dy: (dy.sum(axis=0), None), "GC101", "shapes do not match"),
        (lambda saved, dy: (dy,), "GC101", "tuple"),
    ],
)
def test_wrong_rules_are_named(backward, code, words):
    report = report_vjp(from_jax(scaled_sine(backward)), X)
    assert codes(report) == {code}
    assert words in " ".join(str(report).split())


def test_a_forward_rule_that_is_another_function_is_named():
    op = from_jax(scaled_sine(right, value=lambda x, scale: jnp.sin(x) * scale * 1.25))
    assert "GC209" in codes(report_vjp(op, X))


def test_a_custom_jvp_is_judged_both_ways():
    @jax.custom_jvp
    def cube(x):
        return x**3

    cube.defjvp(lambda inputs, tangents: (inputs[0] ** 3, 3 * inputs[0] ** 2 * tangents[0]))
    assert report_case(Case(from_jax(cube), inputs=(X,), order=2), examples=2).verdict == "correct"
    cube.defjvp(lambda inputs, tangents: (inputs[0] ** 3, 2 * inputs[0] ** 2 * tangents[0]))
    assert codes(report_vjp(from_jax(cube), X)) == {"GC301"}


def test_float64_is_float64_and_the_setting_stays():
    before = jax.config.jax_enable_x64
    y, vjp = from_jax(jnp.sin)(X)
    (dx,) = vjp(np.ones_like(X))
    assert (y.dtype, dx.dtype) == (np.float64, np.float64)
    np.testing.assert_allclose(dx, np.cos(X), rtol=1e-15)
    y, vjp = from_jax(jnp.sin)(X.astype(np.float32))
    assert y.dtype == np.float32
    assert jax.config.jax_enable_x64 == before
    assert jnp.ones(2).dtype == (np.float64 if before else np.float32)


def test_complex_gradients_are_conjugated_into_our_convention():
    z = X + 1j * X[::-1]
    assert report_case(Case(from_jax(lambda z: z * z.conj() * z), inputs=(z,), order=2)).verdict == "correct"
    _, vjp = from_jax(lambda z: z * z)(z)
    np.testing.assert_allclose(vjp(np.ones_like(z))[0], 2 * z.conj())


def test_nested_inputs_integers_and_several_outputs():
    def layer(parameters, x, rows):
        return (x @ parameters["weight"] + parameters["shift"])[rows], jnp.argmax(x), {"cost": x.sum()}

    parameters = {"weight": X.T.copy(), "shift": np.array([1, 2])}
    op = from_jax(layer)
    y, vjp = op(parameters, X, np.array([0, 0]))
    assert [part.shape for part in y] == [(2, 2), ()]
    gradient, _dx, rows = vjp((np.ones((2, 2)), np.array(1.0)))
    assert gradient["shift"] is None
    assert rows is None
    assert report_case(Case(op, inputs=(parameters, X, np.array([0, 0])), order=2)).verdict == "correct"


def test_every_offer_is_kept():
    op = from_jax(jnp.matmul)
    np.testing.assert_allclose(op.forward(X, X.T), X @ X.T)
    _, vjp = op.wanting((False, True))(X, X.T)
    dx, dw = vjp(np.ones((2, 2)))
    assert dx is None
    np.testing.assert_allclose(dw, X.T @ np.ones((2, 2)))
    _, dy = op.jvp((X, X.T), (X, None))
    np.testing.assert_allclose(dy, X @ X.T)


def test_a_custom_vjp_has_no_forward_mode():
    inner = scaled_sine(right)
    assert not hasattr(from_jax(inner), "jvp")
    op = from_jax(lambda x: inner(x))
    with pytest.raises(NotImplementedError):
        op.jvp((X,), (X,))
    assert report_vjp(op, X).verdict == "correct"


def test_what_cannot_be_judged_is_a_sentence():
    with pytest.raises(ConventionError, match="returned a str"):
        report_vjp(from_jax(lambda x: "no"), X)
    with pytest.raises(ConventionError, match="no array of floats"):
        report_vjp(from_jax(jnp.argmax), X)
    with pytest.raises(ConventionError, match="from_jax needs a function"):
        from_jax(3)


def test_the_source_is_found():
    def own(x):
        return x * 2

    assert from_jax(own).__wrapped__ is own
    assert from_jax(own).__name__ == "own"


def dropout(x, key):
    return jnp.where(jax.random.bernoulli(key, 0.5, x.shape), 2 * x, 0.0)


def masked(backward_key):
    """Dropout whose backward draws its mask anew, from the key that ``backward_key`` makes of that of the forward."""

    @jax.custom_vjp
    def drop(x, key):
        return dropout(x, key)

    drop.defvjp(
        lambda x, key: (dropout(x, key), key),
        lambda key, dy: (dropout(dy, backward_key(key)), None),
    )
    return drop


FIXED = "(2,3)->(2,3)"  # what JAX compiles for each shape takes longer than all else


def test_random_numbers_come_from_keys_so_that_nothing_has_to_be_held():
    for key in (jax.random.key(0), jax.random.PRNGKey(3)):
        saved = Case(from_jax(lambda x, key=key: dropout(x, key)), FIXED, order=2)
        again = Case(from_jax(lambda x, key=key: masked(lambda key: key)(x, key)), FIXED)
        other = Case(from_jax(lambda x, key=key: masked(lambda key: jax.random.fold_in(key, 1))(x, key)), FIXED)
        assert report_case(saved, examples=3).verdict == "correct"
        assert report_case(again, examples=3).verdict == "correct"
        assert search(other, 8, 0, verdict_only=True).verdict == "wrong"
    report = report_vjp(from_jax(dropout), X, np.array([0, 7], np.uint32))
    assert report.verdict == "correct"
    option = report_vjp(from_jax(lambda x, *, key: dropout(x, key)), X, options={"key": jax.random.key(1)})
    assert option.verdict == "correct"


def with_backward(backward):
    """x * w with any backward, as a custom_vjp."""

    @jax.custom_vjp
    def product(x, w):
        return x * w

    product.defvjp(lambda x, w: (x * w, (x, w)), backward)
    return product


def multiplied(saved, dy):
    x, w = saved
    return dy * w, dy * x


def test_a_batch_and_a_compiled_form_are_judged():
    report = report_vjp(from_jax(with_backward(multiplied)), X, X + 1)
    assert report.verdict == "correct"
    assert any("second derivatives were not asked for" in remark for remark in report.remarks)


def _is_traced_whole(x):
    return "DynamicJaxprTracer" in type(x).__name__


def test_what_is_another_function_when_compiled_is_named():
    def two_faced(x, w):
        return x * w * (2.0 if _is_traced_whole(x) else 1.0)

    report = report_vjp(from_jax(two_faced), X, X + 1)
    assert codes(report) == {"GC404"}, str(report)
    assert "compiled gives" in str(report)


def test_what_is_another_function_in_a_batch_is_named():
    def whole(saved, dy):
        x, w = saved
        return dy * w, dy * x * (0.5 if "BatchTracer" in type(x).__name__ else 1.0)

    report = report_vjp(from_jax(with_backward(whole)), X, X + 1)
    assert codes(report) == {"GC403"}, str(report)


def test_a_function_that_jax_does_not_trace_has_no_batch_and_no_compiled_form():
    def branches(x):
        return x * 2 if float(x.sum()) > 0 else x * 3

    op = from_jax(branches)
    for call in (op.batched((0,)), op.compiled):
        with pytest.raises(NotImplementedError, match="JAX does not trace"):
            call(X)


def test_options_are_static_where_it_is_compiled():
    op = from_jax(lambda x, *, kind, by: (jnp.sin if kind == "sin" else jnp.cos)(x) * by)
    assert report_vjp(op, X, options={"kind": "sin", "by": 2.0}).verdict == "correct"
    assert report_vjp(op, X, options={"kind": "cos", "by": X}).verdict == "correct"


def test_a_surrogate_is_a_function_of_jax_arrays():
    @jax.custom_vjp
    def rounded(x):
        return jnp.round(x)

    rounded.defvjp(lambda x: (jnp.round(x), None), lambda _, dy: (dy,))
    assert report_vjp(from_jax(rounded), X, surrogate=lambda x: x).verdict == "correct"
    assert report_vjp(from_jax(rounded), X).verdict != "correct"
