"""Writes test/parity/fixtures/keras-more-layers.json and friends with the real Keras (3.15 on torch): the layers beyond
those of the first fixtures, each in at least three configurations, odd sizes among them.

    KERAS_BACKEND=torch python tools/keras-layer-fixtures.py
"""

import importlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
base = importlib.import_module("keras-fixtures")
keras, L, layer_case, write = base.keras, base.L, base.layer_case, base.write

ACTIVATIONS = [
    *["celu", "selu", "gelu", "silu", "mish", "softsign", "squareplus", "soft_shrink", "hard_shrink", "tanh_shrink"],
    *["hard_sigmoid", "hard_silu", "hard_tanh", "log_sigmoid", "log_softmax", "sparse_plus", "sparse_sigmoid"],
]


def convolutions():
    R, C = keras.regularizers, keras.constraints
    return [
        layer_case(L.Conv2D(3, 3, dilation_rate=2, padding="same", name="c"), (2, 7, 5, 2)),
        layer_case(L.Conv2D(2, (2, 3), dilation_rate=(3, 1), name="c"), (1, 9, 6, 3)),
        layer_case(L.Conv2D(4, 2, dilation_rate=(1, 2), activation="gelu", name="c"), (2, 5, 7, 1)),
        layer_case(L.Conv2D(6, 3, groups=2, padding="same", name="c"), (2, 5, 3, 4)),
        layer_case(L.Conv2D(6, 2, groups=3, strides=2, name="c"), (1, 7, 5, 3)),
        layer_case(L.Conv2D(4, 3, groups=4, padding="same", use_bias=False, name="c"), (1, 4, 5, 4)),
        layer_case(L.Conv2D(2, 2, kernel_regularizer=R.L2(0.02), bias_regularizer=R.L1(0.5), activity_regularizer=R.L1L2(0.1, 0.2), kernel_constraint=C.MaxNorm(3, axis=[0, 1, 2]), bias_constraint=C.NonNeg(), name="c"), (1, 3, 4, 2)),
        layer_case(L.Dense(3, kernel_regularizer="l1l2", kernel_constraint=C.UnitNorm(), bias_constraint=C.MinMaxNorm(0.1, 2.0, 0.5), activity_regularizer="l2", kernel_initializer=keras.initializers.Orthogonal(0.5, seed=3), name="d"), (2, 5)),
        layer_case(L.Conv2DTranspose(3, 3, name="t"), (2, 4, 5, 2)),
        layer_case(L.Conv2DTranspose(2, 3, strides=2, padding="same", activation="relu", name="t"), (1, 3, 5, 3)),
        layer_case(L.Conv2DTranspose(2, (4, 2), strides=(2, 3), name="t"), (1, 3, 2, 3)),
        layer_case(L.Conv2DTranspose(2, 3, strides=2, padding="same", output_padding=1, name="t"), (1, 3, 4, 2)),
        layer_case(L.Conv2DTranspose(2, 3, strides=3, output_padding=(0, 2), use_bias=False, name="t"), (1, 2, 3, 2)),
        layer_case(L.Conv2DTranspose(1, 3, dilation_rate=2, padding="same", name="t"), (1, 4, 5, 2)),
        layer_case(L.DepthwiseConv2D(3, padding="same", name="w"), (2, 5, 7, 3)),
        layer_case(L.DepthwiseConv2D((2, 3), depth_multiplier=2, activation="relu", name="w"), (1, 4, 5, 3)),
        layer_case(L.DepthwiseConv2D(3, strides=2, padding="same", use_bias=False, name="w"), (1, 7, 6, 5)),
        layer_case(L.DepthwiseConv2D(2, dilation_rate=(2, 3), depth_multiplier=3, name="w"), (1, 5, 7, 1)),
        layer_case(L.SeparableConv2D(4, 3, padding="same", name="s"), (2, 5, 3, 3)),
        layer_case(L.SeparableConv2D(2, (3, 2), strides=2, depth_multiplier=2, activation="silu", name="s"), (1, 7, 5, 2)),
        layer_case(L.SeparableConv2D(3, 2, dilation_rate=2, use_bias=False, depthwise_regularizer="l2", pointwise_constraint="non_neg", name="s"), (1, 5, 6, 2)),
    ]


def pointwise():
    cases = [
        layer_case(L.ELU(name="a"), (3, 7)),
        layer_case(L.ELU(alpha=0.3, name="a"), (2, 3, 5)),
        layer_case(L.ELU(alpha=2.0, name="a"), (1, 2, 3, 3)),
        layer_case(L.PReLU(name="a"), (3, 7)),
        layer_case(L.PReLU(shared_axes=[1, 2], name="a"), (2, 3, 5, 2)),
        layer_case(L.PReLU(alpha_regularizer="l1", shared_axes=[1], name="a"), (2, 3, 5)),
        layer_case(L.Softmax(axis=-2, name="a"), (2, 3, 4)),
        layer_case(L.LayerNormalization(name="n"), (3, 7)),
        layer_case(L.LayerNormalization(axis=[1, 2, 3], epsilon=1e-5, name="n"), (2, 3, 5, 2)),
        layer_case(L.LayerNormalization(axis=[-2, -1], center=False, name="n"), (2, 5, 3)),
        layer_case(L.LayerNormalization(scale=False, gamma_regularizer="l2", name="n"), (2, 3, 5)),
        layer_case(L.GaussianNoise(0.5, name="g"), (3, 7)),
        layer_case(L.GaussianNoise(0.0, name="g"), (2, 3)),
        layer_case(L.GaussianNoise(0.1, seed=3, name="g"), (1, 2, 3, 3)),
        layer_case(L.SpatialDropout2D(0.5, name="o"), (2, 3, 5, 2)),
        layer_case(L.SpatialDropout2D(0.0, name="o"), (1, 3, 1, 2)),
        layer_case(L.SpatialDropout2D(0.25, seed=7, name="o"), (1, 2, 3, 3)),
    ]
    return cases + [layer_case(L.Activation(name, name="a"), (3, 7)) for name in ACTIVATIONS]


def reshaping():
    return [
        layer_case(L.ZeroPadding2D(name="z"), (2, 3, 5, 2)),
        layer_case(L.ZeroPadding2D((0, 2), name="z"), (1, 3, 4, 1)),
        layer_case(L.ZeroPadding2D(((0, 1), (3, 0)), name="z"), (1, 3, 2, 3)),
        layer_case(L.Cropping2D(1, name="k"), (2, 5, 7, 2)),
        layer_case(L.Cropping2D((0, 2), name="k"), (1, 3, 7, 3)),
        layer_case(L.Cropping2D(((2, 0), (0, 1)), name="k"), (1, 5, 3, 1)),
        layer_case(L.UpSampling2D(name="u"), (2, 3, 5, 2)),
        layer_case(L.UpSampling2D((3, 1), name="u"), (1, 2, 3, 3)),
        layer_case(L.UpSampling2D(2, interpolation="bilinear", name="u"), (2, 3, 5, 2)),
        layer_case(L.UpSampling2D((1, 3), interpolation="bilinear", name="u"), (1, 3, 4, 1)),
        layer_case(L.Reshape((5, 3), name="r"), (2, 3, 5)),
        layer_case(L.Reshape((-1, 2), name="r"), (3, 2, 7)),
        layer_case(L.Reshape((1, 1, 6), name="r"), (2, 6)),
        layer_case(L.Permute((2, 1), name="p"), (2, 3, 5)),
        layer_case(L.Permute((3, 1, 2), name="p"), (2, 3, 5, 2)),
        layer_case(L.Permute((1,), name="p"), (3, 7)),
        layer_case(L.GlobalMaxPooling2D(name="g"), (2, 5, 7, 3)),
        layer_case(L.GlobalMaxPooling2D(keepdims=True, name="g"), (1, 3, 1, 2)),
        layer_case(L.GlobalMaxPooling2D(name="g"), (3, 1, 1, 4)),
    ]


if __name__ == "__main__":
    write("more-layers", convolutions() + pointwise() + reshaping())
