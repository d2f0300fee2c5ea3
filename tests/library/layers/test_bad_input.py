"""What layers, attention and sequences are given wrongly: one sentence each, naming the input and what it must be."""

import numpy as np
import pytest

import manual_bp as m

X, IMAGE, KERNEL = np.ones((2, 3)), np.ones((2, 4, 6, 5)), np.ones((6, 4, 3, 3))
KEPT, ROWS, MASK = np.ones(4), np.array([0, 2]), np.ones((2, 3), bool)
TOKENS, WEIGHTS = np.ones((5, 2, 4)), (np.ones((12, 4)), np.ones(12), np.ones((4, 4)), np.ones(4))
SEQUENCE, STATE, CELL = np.ones((5, 2, 4)), np.ones((1, 2, 3)), (np.ones((12, 4)), np.ones((12, 3)), *[np.ones(12)] * 2)


@pytest.mark.parametrize(
    ("call", "parts"),
    [
        (lambda: m.linear(X, np.ones((4, 2))), ("x is (2, 3)", "weight is (4, 2)")),
        (lambda: m.linear(X, np.ones((4, 3)), np.ones(3)), ("bias", "(4,)")),
        (lambda: m.linear(X, np.ones((4, 3)), np.ones(4, np.float32)), ("bias", "float32")),
        (lambda: m.linear(np.array(1.0), np.ones((4, 3))), ("x",)),
        (lambda: m.linear(X, np.ones(3)), ("weight", "(o, i)")),
        (lambda: m.bilinear(X, X, np.ones((4, 3, 2))), ("x2", "(4, 3, 2)")),
        (lambda: m.embedding(np.array([0, 5]), X), ("[0, 2)", "5")),
        (lambda: m.embedding(np.array([-1]), X), ("-1",)),
        (lambda: m.embedding(np.array([0.0]), X), ("x", "integers")),
        (lambda: m.embedding(ROWS[:1], X, padding_idx=2), ("padding_idx", "2 rows")),
        (lambda: m.dropout(X, MASK.astype(int)), ("mask", "booleans", "int64")),
        (lambda: m.dropout(X, MASK[0]), ("mask", "(2, 3)")),
        (lambda: m.dropout(X, MASK, p=1.5), ("p ", "1.5")),
        (lambda: m.dropout(X, MASK, p=float("nan")), ("p ", "nan")),
        (lambda: m.conv2d(X, KERNEL), ("x", "(n, c, height, width)", "(2, 3)")),
        (lambda: m.conv2d(IMAGE, KERNEL[:, :3]), ("axis 1 of weight", "4")),
        (lambda: m.conv2d(IMAGE, KERNEL[:, :2], groups=3), ("groups", "4 channels", "3")),
        (lambda: m.conv2d(IMAGE, KERNEL, np.ones(5)), ("bias", "(6,)")),
        (lambda: m.conv2d(IMAGE, KERNEL, stride=0), ("stride", "at least 1", "0")),
        (lambda: m.conv2d(IMAGE, KERNEL, padding=(1, 2, 3)), ("padding", "tuple of 2", "(1, 2, 3)")),
        (lambda: m.conv2d(IMAGE, KERNEL, padding="same"), ("padding", "integer", "same")),
        (lambda: m.conv2d(IMAGE, KERNEL, dilation=1.5), ("dilation", "1.5")),
        (lambda: m.conv2d(IMAGE, KERNEL, dilation=3), ("window covers 7", "(6, 5)")),
        (lambda: m.conv2d(IMAGE, KERNEL, groups=True), ("groups", "True")),
        (lambda: m.conv1d(IMAGE, KERNEL), ("x", "(n, c, length)")),
        (lambda: m.conv_transpose2d(IMAGE, KERNEL), ("4 channels", "weight is (6, 4, 3, 3)")),
        (lambda: m.conv_transpose2d(IMAGE, KERNEL.swapaxes(0, 1), output_padding=1), ("output_padding", "1")),
        (lambda: m.conv_transpose2d(IMAGE[:, :, :1, :1], KERNEL.swapaxes(0, 1), padding=2), ("padding", "(-1, -1)")),
        (lambda: m.max_pool2d(IMAGE, kernel_size=2, padding=2), ("padding", "half of kernel_size")),
        (lambda: m.max_pool2d(IMAGE, kernel_size=7), ("window covers 7",)),
        (lambda: m.max_pool1d(IMAGE, kernel_size=2), ("x", "(n, c, length)")),
        (lambda: m.avg_pool2d(IMAGE, kernel_size=(2, 0)), ("kernel_size", "at least 1")),
        (lambda: m.avg_pool2d(IMAGE, kernel_size=2, divisor_override=0), ("divisor_override", "0")),
        (lambda: m.adaptive_avg_pool2d(IMAGE, output_size=(0, 1)), ("output_size", "at least 1")),
        (lambda: m.adaptive_max_pool1d(np.ones((2, 3, 0)), output_size=1), ("at least one entry", "(2, 3, 0)")),
        (lambda: m.batch_norm(IMAGE, KEPT, KEPT[:3]), ("running_var", "(4,)")),
        (lambda: m.batch_norm(IMAGE, None, None), ("running_mean", "training=True")),
        (lambda: m.batch_norm(X[:1], None, None, training=True), ("more than one entry", "(1, 3)")),
        (lambda: m.batch_norm(IMAGE, KEPT, KEPT, eps=-1.0), ("eps", "-1.0")),
        (lambda: m.instance_norm(IMAGE[:, :, :1, :1]), ("more than one place",)),
        (lambda: m.layer_norm(X, np.ones(2)), ("(2,)", "x is (2, 3)")),
        (lambda: m.layer_norm(X, np.ones(3), np.ones(2)), ("bias", "(3,)")),
        (lambda: m.layer_norm(np.ones((2, 0))), ("(0,)",)),
        (lambda: m.rms_norm(X, normalized_shape=(3, 2)), ("(3, 2)", "x is (2, 3)")),
        (lambda: m.group_norm(IMAGE, num_groups=3), ("num_groups", "4 channels", "3")),
        (lambda: m.running_statistics(IMAGE, KEPT, KEPT, momentum=2.0), ("momentum", "2.0")),
        (lambda: m.scaled_dot_product_attention(X, X[:, :2], X), ("query and key", "(2, 2)")),
        (lambda: m.scaled_dot_product_attention(X, X, X[:1]), ("key and value", "(1, 3)")),
        (lambda: m.scaled_dot_product_attention(X, X[:0], X[:0]), ("at least one key",)),
        (lambda: m.scaled_dot_product_attention(X, X, X, np.ones((2, 3))), ("attn_mask", "(2, 2)", "(2, 3)")),
        (lambda: m.scaled_dot_product_attention(X, X, X, np.ones((2, 2), int)), ("attn_mask", "booleans", "int64")),
        (lambda: m.scaled_dot_product_attention(X, X, X, scale=0.0), ("scale", "0.0")),
        (lambda: m.multi_head_attention(TOKENS, TOKENS, TOKENS, *WEIGHTS, num_heads=3), ("num_heads", "4", "3")),
        (lambda: m.multi_head_attention(TOKENS, TOKENS, TOKENS[:3], *WEIGHTS), ("value", "(5, 2, 4)")),
        (
            lambda: m.multi_head_attention(TOKENS, TOKENS, TOKENS, WEIGHTS[2], *WEIGHTS[1:]),
            ("in_proj_weight", "(12, 4)"),
        ),
        (lambda: m.multi_head_attention(TOKENS, TOKENS, TOKENS, *WEIGHTS, MASK), ("attn_mask", "(5, 5)", "(2, 3)")),
        (lambda: m.multi_head_attention(TOKENS, TOKENS, TOKENS, *WEIGHTS, None, MASK), ("key_padding_mask", "(2, 5)")),
        (lambda: m.rotary_embedding(X), ("even", "(2, 3)")),
        (lambda: m.rotary_embedding(TOKENS, offset=-1), ("offset", "-1")),
        (lambda: m.rnn_cell(X, X, np.eye(3), np.eye(3), nonlinearity="gelu"), ("nonlinearity", "'gelu'")),
        (lambda: m.rnn_cell(X, X, np.eye(3), np.eye(3), np.ones(3)), ("b_ih and b_hh",)),
        (lambda: m.lstm_cell(X, X, X[:1], *CELL), ("c ", "(2, 3)", "(1, 3)")),
        (lambda: m.gru_cell(X, X, *CELL), ("w_ih", "(9, 3)", "(12, 4)")),
        (lambda: m.lstm(SEQUENCE, STATE, STATE, *CELL[:3]), ("4 weights", "3")),
        (lambda: m.lstm(SEQUENCE, STATE, STATE, *CELL, bidirectional=True), ("8 weights", "4")),
        (lambda: m.lstm(SEQUENCE, STATE, STATE, *CELL, *CELL), ("h0", "(2, 2, 3)")),
        (lambda: m.lstm(SEQUENCE, STATE, STATE[:, :1], *CELL), ("c0", "(1, 2, 3)")),
        (lambda: m.gru(SEQUENCE, STATE, *CELL), ("w_ih_l0", "(9, 4)", "(12, 4)")),
        (lambda: m.rnn(X, STATE, *CELL), ("x", "(t, n, i)")),
        (lambda: m.conv2d(IMAGE, KERNEL)[1](IMAGE), ("cotangent", "(2, 6, 4, 3)")),
        (lambda: m.lstm(SEQUENCE, STATE, STATE, *CELL)[1]((STATE, STATE, STATE)), ("cotangent", "(5, 2, 3)")),
    ],
)
def test_bad_input_gets_one_sentence(call, parts):
    with pytest.raises((ValueError, TypeError)) as caught:
        call()
    message = str(caught.value)
    assert all(part in message for part in parts), message
    assert "\n" not in message
    assert message.split(":")[0] in m.__all__
