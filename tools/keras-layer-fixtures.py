"""Writes fixtures of the layers beyond the first ones with the real Keras (3.15 on torch), each in at least three
configurations, odd sizes among them: test/parity/fixtures/keras-{more-layers,preprocessing,encodings,augmentations}.json.

    KERAS_BACKEND=torch python tools/keras-layer-fixtures.py
"""

import importlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
base = importlib.import_module("keras-fixtures")
keras, L, layer_case, plain, write = base.keras, base.L, base.layer_case, base.plain, base.write

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
        layer_case(L.LeakyReLU(negative_slope=0.7, name="a"), (1, 3, 5, 2)),
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


def normalization_case(layer, shape, adapt=True):
    """layer_case for weights that come from data and have no gradients."""
    x = base.torch.tensor(base.normal(*shape) * 3 + 1, requires_grad=True)
    if adapt:
        layer.adapt(x.detach().numpy())
    else:
        layer.build(shape)
    y = layer(x)
    cotangent = base.normal(*y.shape)
    (y * base.torch.tensor(cotangent)).sum().backward()
    return {
        "layer": keras.saving.serialize_keras_object(layer),
        "input": plain(x),
        "weights": [plain(w.value) for w in layer.weights],
        "output": plain(y),
        "cotangent": plain(cotangent),
        "inputGradient": plain(x.grad),
        "weightGradients": [],
        "params": layer.count_params(),
    }


def preprocessing():
    return [
        layer_case(L.Resizing(3, 4, name="r"), (2, 5, 7, 2)),
        layer_case(L.Resizing(9, 5, name="r"), (1, 4, 3, 3)),
        layer_case(L.Resizing(7, 3, interpolation="nearest", name="r"), (1, 3, 5, 2)),
        layer_case(L.Resizing(3, 8, interpolation="nearest", name="r"), (2, 7, 5, 1)),
        layer_case(L.Resizing(4, 4, crop_to_aspect_ratio=True, name="r"), (1, 5, 9, 2)),
        layer_case(L.Resizing(3, 5, pad_to_aspect_ratio=True, fill_value=0.5, name="r"), (1, 7, 4, 1)),
        layer_case(L.CenterCrop(3, 4, name="k"), (2, 6, 7, 2)),
        layer_case(L.CenterCrop(5, 3, name="k"), (1, 5, 8, 1)),
        layer_case(L.CenterCrop(4, 5, name="k"), (1, 3, 7, 2)),
        normalization_case(L.Normalization(name="n"), (5, 3)),
        normalization_case(L.Normalization(axis=None, name="n"), (3, 2, 3, 1)),
        normalization_case(L.Normalization(axis=(1, 3), invert=True, name="n"), (4, 3, 2, 2)),
        normalization_case(L.Normalization(mean=[1.0, 2.0, 0.5], variance=[3.0, 0.25, 1.0], name="n"), (5, 3), adapt=False),
        normalization_case(L.Normalization(mean=0.5, variance=4.0, name="n"), (2, 3, 5), adapt=False),
    ]


def encodings():
    """Layers on whole numbers: no gradients."""
    cases = []
    for layer, shape in [
        (L.CategoryEncoding(4, name="e"), (5, 3)),
        (L.CategoryEncoding(7, output_mode="count", name="e"), (3, 5)),
        (L.CategoryEncoding(3, output_mode="one_hot", name="e"), (5, 1)),
        (L.CategoryEncoding(5, output_mode="one_hot", name="e"), (2, 3)),
    ]:
        x = base.rng.integers(0, layer.num_tokens, shape)
        cases.append({"layer": keras.saving.serialize_keras_object(layer), "input": plain(x), "output": plain(layer(x))})
    write("encodings", cases)


def augmentations():
    """Keras's affine sampling at given maps, and the configs of the layers that draw them."""
    # No position lies halfway between two pixels, where rounding would decide.
    turn = [0.8, -0.6, 1.31, 0.6, 0.8, -1.71]
    maps = [turn, [1, 0, -2.4, 0, 1, 1.25], [1.4, 0, -0.81, 0, 0.7, 0.6], [-1, 0, 9, 0.1, 1, -6.53]]
    cases = []
    for fill_mode in ["constant", "nearest", "reflect", "wrap"]:
        for interpolation in ["bilinear", "nearest"]:
            x = base.normal(len(maps), 5, 7, 2)
            fill_value = 0.75 if interpolation == "bilinear" else 0.0
            transform = base.np.array([m + [0, 0] for m in maps], "float32")
            y = keras.ops.image.affine_transform(x, transform, interpolation=interpolation, fill_mode=fill_mode, fill_value=fill_value)
            cases.append({"fillMode": fill_mode, "interpolation": interpolation, "fillValue": fill_value, "maps": plain(maps), "input": plain(x), "output": plain(y)})
    layers = [
        *[L.RandomFlip(name="a"), L.RandomFlip("horizontal", seed=3, name="a"), L.RandomFlip("vertical", name="a")],
        *[L.RandomRotation(0.1, name="a"), L.RandomRotation((-0.2, 0.5), fill_mode="wrap", name="a")],
        *[L.RandomZoom(0.2, name="a"), L.RandomZoom((-0.2, 0.1), 0.3, fill_mode="constant", fill_value=2.0, name="a")],
        *[L.RandomTranslation(0.1, 0.2, name="a"), L.RandomTranslation(0.1, (-0.2, 0.0), interpolation="nearest", name="a")],
        *[L.RandomContrast((0.1, 0.2), name="a"), L.RandomContrast((0.5, 0.5), value_range=(0, 1), seed=1, name="a")],
        *[L.RandomBrightness(0.2, name="a"), L.RandomBrightness((0.1, 0.3), value_range=(-1, 1), name="a")],
        *[L.RandomCrop(3, 4, seed=1, name="a")],
    ]
    # Intervals of one point leave nothing to chance.
    fixed = [
        (L.RandomRotation((0.1, 0.1), fill_mode="constant", name="a"), (2, 5, 7, 2)),
        (L.RandomRotation((-0.3, -0.3), fill_mode="nearest", name="a"), (1, 6, 5, 1)),
        (L.RandomZoom((0.2, 0.2), name="a"), (2, 5, 7, 2)),
        (L.RandomZoom((-0.3, -0.3), (0.5, 0.5), fill_mode="wrap", name="a"), (1, 4, 5, 3)),
        (L.RandomTranslation((0.3, 0.3), (-0.15, -0.15), name="a"), (2, 5, 7, 1)),
        (L.RandomTranslation((-0.2, -0.2), (0.4, 0.4), interpolation="nearest", fill_mode="constant", fill_value=3.0, name="a"), (1, 5, 5, 2)),
        (L.RandomRotation((0.5, 0.5), fill_mode="wrap", interpolation="nearest", name="a"), (1, 4, 7, 2)),
        (L.RandomZoom((0.4, 0.4), interpolation="nearest", fill_mode="nearest", name="a"), (1, 7, 3, 1)),
        (L.RandomTranslation((0.15, 0.15), (0.0, 0.0), fill_mode="wrap", name="a"), (1, 3, 7, 3)),
        (L.RandomBrightness((0.2, 0.2), value_range=(-1, 1), name="a"), (2, 3, 5, 3)),
        (L.RandomBrightness((-0.6, -0.6), value_range=(-3, 3), name="a"), (1, 5, 2, 1)),
        (L.RandomBrightness((0.01, 0.01), name="a"), (1, 2, 3, 2)),
        (L.RandomContrast((0.0, 0.0), value_range=(-0.5, 0.5), name="a"), (2, 3, 5, 3)),
    ]
    sure = []
    for layer, shape in fixed:
        x = base.normal(*shape)
        layer_object = keras.saving.serialize_keras_object(layer)
        sure.append({"layer": layer_object, "input": plain(x), "output": plain(layer(x, training=True))})
    write("augmentations", {"affine": cases, "sure": sure, "layers": [keras.saving.serialize_keras_object(one) for one in layers]})


def regularized_fit():
    """Three epochs of a small model with every regularizer and constraint."""
    R, C = keras.regularizers, keras.constraints

    def build():
        keras.utils.clear_session()
        return keras.Sequential(
            [
                L.Input((4, 3, 1)),
                L.Conv2D(2, 2, kernel_regularizer=R.L2(0.02), bias_regularizer=R.L1(0.01), activity_regularizer=R.L1L2(0.003, 0.002), kernel_constraint=C.MaxNorm(0.5, axis=[0, 1, 2]), bias_constraint=C.NonNeg()),
                L.PReLU(shared_axes=[1, 2], alpha_regularizer="l2"),
                L.Flatten(),
                L.Dense(3, activation="tanh", kernel_constraint=C.UnitNorm(), activity_regularizer="l2"),
                L.Dense(1, kernel_regularizer=R.L1(0.03), kernel_constraint=C.MinMaxNorm(0.2, 0.6, 0.7)),
            ],
            name="regularized",
        )

    x, y = base.normal(19, 4, 3, 1), base.normal(19)
    case = base.fit_case(
        build,
        *[x, y, (base.normal(5, 4, 3, 1), base.normal(5))],
        optimizer=keras.optimizers.SGD(0.1, momentum=0.5),
        loss="mse",
        metrics=["mse"],
    )
    write("regularized-fit", [{**case, "case": "regularized"}])


def more_initializers():
    I = keras.initializers
    kinds = [
        *[I.VarianceScaling(), I.VarianceScaling(0.5, "fan_out", "uniform"), I.VarianceScaling(2.0, "fan_avg", "untruncated_normal", seed=5)],
        *[I.Orthogonal(), I.Orthogonal(0.5, seed=3)],
    ]
    write("more-initializers", [keras.saving.serialize_keras_object(kind) for kind in kinds])


def saved_model():
    """A .keras file with most of these layers, and what it predicts."""
    keras.utils.clear_session()
    normalization = L.Normalization()
    model = keras.Sequential(
        [
            *[L.Input((9, 11, 4)), L.RandomFlip(), L.RandomRotation(0.1), L.RandomZoom(0.1, 0.2), L.RandomTranslation(0.1, 0.1)],
            *[L.RandomContrast(0.2), L.RandomBrightness((-0.1, 0.2)), L.Resizing(8, 10), L.CenterCrop(8, 9), normalization],
            *[L.GaussianNoise(0.1), L.ZeroPadding2D(((1, 0), (2, 1)))],
            L.Conv2D(6, 3, groups=2, activation="gelu", kernel_regularizer="l2", kernel_constraint="max_norm"),
            *[L.Conv2D(4, 3, dilation_rate=2, padding="same"), L.LayerNormalization(), L.UpSampling2D(interpolation="bilinear")],
            *[L.Conv2DTranspose(3, 3, strides=2, padding="same"), L.DepthwiseConv2D(3, depth_multiplier=2, strides=2, padding="same")],
            *[L.SeparableConv2D(5, 3, padding="same"), L.SpatialDropout2D(0.2), L.PReLU(shared_axes=[1, 2]), L.ELU(0.5)],
            *[L.Cropping2D(1), L.Permute((2, 1, 3)), L.GlobalMaxPooling2D(keepdims=True), L.Reshape((-1,))],
            L.Dense(3, activation="log_softmax"),
        ],
        name="layers",
    )
    x = base.normal(3, 9, 11, 4)
    normalization.adapt(x)
    folder = base.OUT.parent.parent / "formats" / "fixtures"
    model.save(folder / "layers.keras")
    text = base.json.dumps({"x": plain(x), "y": plain(model(x, training=False))}, separators=(",", ":"))
    (folder / "layers.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write("more-layers", convolutions() + pointwise() + reshaping())
    write("preprocessing", preprocessing())
    encodings()
    augmentations()
    regularized_fit()
    more_initializers()
    saved_model()
