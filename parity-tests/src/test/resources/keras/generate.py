# SPDX-License-Identifier: Apache-2.0
"""Writes small models as Keras 2 saves them: python3 generate.py. Needs h5py and numpy, and not Keras itself."""
import json
import pathlib

import h5py
import numpy

RANDOM = numpy.random.default_rng(7)
GLOROT = {"class_name": "GlorotUniform", "config": {"seed": None}}
ORTHOGONAL = {"class_name": "Orthogonal", "config": {"gain": 1.0, "seed": None}}
ZEROS = {"class_name": "Zeros", "config": {}}


def layer(kind, name, shapes=None, **config):
    """A layer's configuration, and the shapes of its weights by name."""
    common = {"name": name, "trainable": True, "dtype": "float32"}
    return {"class_name": kind, "config": {**common, **config}}, shapes or {}


def weighted(**config):
    return {
        "use_bias": True, "kernel_initializer": GLOROT, "bias_initializer": ZEROS, "kernel_regularizer": None,
        "bias_regularizer": None, "activity_regularizer": None, "kernel_constraint": None, "bias_constraint": None,
        **config}


def dense(name, inputs, units, activation):
    return layer("Dense", name, {"kernel": (inputs, units), "bias": (units,)},
                 **weighted(units=units, activation=activation))


def time_distributed(name, inner):
    config, shapes = inner
    return layer("TimeDistributed", name, shapes, layer=config)


def lstm(name, inputs, units, sequences):
    return layer("LSTM", name, {"kernel": (inputs, 4 * units), "recurrent_kernel": (units, 4 * units), "bias": (4 * units,)},
                 **weighted(units=units, activation="tanh", recurrent_activation="sigmoid", unit_forget_bias=True,
                            recurrent_initializer=ORTHOGONAL, recurrent_regularizer=None, recurrent_constraint=None,
                            dropout=0.0, recurrent_dropout=0.0, implementation=2, return_sequences=sequences,
                            return_state=False, go_backwards=False, stateful=False, unroll=False, time_major=False))


def conv(name, channels, filters, size, activation, data_format="channels_first"):
    return layer("Conv2D", name, {"kernel": (size, size, channels, filters), "bias": (filters,)},
                 **weighted(filters=filters, kernel_size=[size, size], strides=[1, 1], padding="same",
                            data_format=data_format, dilation_rate=[1, 1], groups=1, activation=activation))


def activation(name, function):
    return layer("Activation", name, activation=function)


def pooling(name):
    return layer("GlobalAveragePooling2D", name, data_format="channels_first")


def flatten(name):
    return layer("Flatten", name, data_format="channels_first")


def dropout(name):
    return layer("Dropout", name, rate=0.25, noise_shape=None, seed=None)


def softmax(name):
    return layer("Softmax", name, axis=-1)


def save(name, model, layers, loss):
    training = {"loss": loss, "metrics": None, "weighted_metrics": None, "loss_weights": None, "sample_weight_mode": None,
                "optimizer_config": {"class_name": "SGD", "config": {"name": "SGD", "learning_rate": 0.5, "decay": 0.0,
                                                                     "momentum": 0.0, "nesterov": False}}}
    with h5py.File(pathlib.Path(__file__).with_name(name + ".h5"), "w", libver="latest") as file:
        file.attrs["keras_version"] = "2.4.0"
        file.attrs["backend"] = "tensorflow"
        file.attrs["model_config"] = json.dumps(model)
        file.attrs["training_config"] = json.dumps(training)
        weights = file.create_group("model_weights")
        weights.attrs["keras_version"] = "2.4.0"
        weights.attrs["backend"] = "tensorflow"
        weights.attrs["layer_names"] = [config["config"]["name"].encode() for config, _ in layers]
        for config, shapes in layers:
            layer_name = config["config"]["name"]
            group = weights.create_group(layer_name)
            cell = "/lstm_cell" if config["class_name"] == "LSTM" else ""
            names = [f"{layer_name}{cell}/{weight}:0" for weight in shapes]
            group.attrs["weight_names"] = [weight.encode() for weight in names]
            for weight, shape in zip(names, shapes.values()):
                scale = .1 if weight.endswith("bias:0") else .7
                group.create_dataset(weight, data=RANDOM.normal(0, scale, shape).astype("float32"))


def sequential(name, shape, layers, loss):
    config = [config for config, _ in layers]
    config[0]["config"]["batch_input_shape"] = [None] + shape
    save(name, {"class_name": "Sequential", "config": {"name": name, "layers": config}}, layers, loss)


def functional(name, shape, layers, outputs, loss):
    """Each layer with the names of those that it follows."""
    first = layer("InputLayer", "features", batch_input_shape=[None] + shape, sparse=False, ragged=False)
    nodes = [(first, [])] + layers
    config = [{**config, "name": config["config"]["name"], "inbound_nodes": [[[before, 0, 0, {}] for before in inputs]] if inputs else []}
              for (config, _), inputs in nodes]
    model = {"name": name, "layers": config, "input_layers": [["features", 0, 0]],
             "output_layers": [[output, 0, 0] for output in outputs]}
    save(name, {"class_name": "Functional", "config": model}, [node for node, _ in nodes], loss)


CATEGORICAL = "categorical_crossentropy"
SPARSE = "sparse_categorical_crossentropy"
BINARY = "binary_crossentropy"

sequential("dense_softmax", [3], [dense("hidden", 3, 4, "tanh"), dense("kind", 4, 3, "softmax")], CATEGORICAL)
sequential("dense_softmax_sparse", [3], [dense("hidden", 3, 4, "tanh"), dense("kind", 4, 3, "softmax")], SPARSE)
sequential("dense_softmax_kld", [3], [dense("hidden", 3, 4, "tanh"), dense("kind", 4, 3, "softmax")],
           "kullback_leibler_divergence")
sequential("dense_softmax_mse", [3], [dense("hidden", 3, 4, "tanh"), dense("kind", 4, 3, "softmax")], "mse")
sequential("dense_softmax_binary", [3], [dense("hidden", 3, 4, "tanh"), dense("kind", 4, 2, "softmax")], BINARY)
sequential("dense_sigmoid_categorical", [3], [dense("hidden", 3, 4, "tanh"), dense("kind", 4, 3, "sigmoid")], CATEGORICAL)
sequential("dense_linear_mse", [3], [dense("hidden", 3, 4, "tanh"), dense("value", 4, 2, "linear")], "mean_squared_error")
sequential("dense_activation", [3],
           [dense("hidden", 3, 4, "tanh"), dense("kind", 4, 3, "linear"), activation("shares", "softmax")], CATEGORICAL)
sequential("dense_softmax_layer", [3],
           [dense("hidden", 3, 4, "tanh"), dense("kind", 4, 3, "linear"), softmax("shares")], SPARSE)
sequential("dense_softmax_dropout", [3],
           [dense("hidden", 3, 4, "tanh"), dense("kind", 4, 3, "softmax"), dropout("drop")], CATEGORICAL)
sequential("dense_sigmoid", [3], [dense("hidden", 3, 4, "relu"), dense("yes", 4, 1, "sigmoid")], BINARY)
sequential("dense_sigmoid_tags", [3], [dense("hidden", 3, 4, "relu"), dense("tags", 4, 3, "sigmoid")], BINARY)
sequential("dense_sigmoid_activation", [3],
           [dense("hidden", 3, 4, "relu"), dense("yes", 4, 1, "linear"), activation("share", "sigmoid")], BINARY)
sequential("lstm_last", [5, 2], [lstm("memory", 2, 4, False), dense("kind", 4, 3, "softmax")], CATEGORICAL)
sequential("lstm_time_distributed", [5, 2],
           [lstm("memory", 2, 4, True), time_distributed("kinds", dense("kind", 4, 3, "softmax"))], CATEGORICAL)
sequential("lstm_dense", [5, 2], [lstm("memory", 2, 4, True), dense("kinds", 4, 3, "softmax")], CATEGORICAL)
sequential("lstm_dense_sparse", [5, 2], [lstm("memory", 2, 4, True), dense("kinds", 4, 3, "softmax")], SPARSE)
sequential("lstm_sigmoid", [5, 2], [lstm("memory", 2, 4, True), dense("tags", 4, 3, "sigmoid")], BINARY)
sequential("lstm_activation", [5, 2],
           [lstm("memory", 2, 4, True), time_distributed("kinds", dense("kind", 4, 3, "linear")),
            activation("shares", "softmax")], CATEGORICAL)
sequential("conv_pooling_dense", [1, 4, 6],
           [conv("edges", 1, 2, 3, "relu"), pooling("mean"), dense("kind", 2, 3, "softmax")], CATEGORICAL)
sequential("conv_pooling_softmax", [1, 4, 6],
           [conv("edges", 1, 2, 3, "relu"), conv("maps", 2, 3, 1, "linear"), pooling("mean"),
            activation("shares", "softmax")], CATEGORICAL)
sequential("conv_flatten", [1, 4, 6],
           [conv("edges", 1, 2, 3, "relu"), flatten("flat"), dense("kind", 48, 3, "softmax")], SPARSE)
sequential("conv_sigmoid", [1, 4, 6], [conv("edges", 1, 2, 3, "relu"), conv("tags", 2, 3, 1, "sigmoid")], BINARY)
sequential("conv_softmax", [1, 4, 6], [conv("edges", 1, 2, 3, "relu"), conv("kinds", 2, 3, 1, "softmax")], CATEGORICAL)
LAST = "channels_last"
sequential("conv_sigmoid_channels_last", [4, 6, 1],
           [conv("edges", 1, 2, 3, "relu", LAST), conv("tags", 2, 3, 1, "sigmoid", LAST)], BINARY)
sequential("conv_softmax_channels_last", [4, 6, 1],
           [conv("edges", 1, 2, 3, "relu", LAST), conv("kinds", 2, 3, 1, "softmax", LAST)], CATEGORICAL)
functional("two_outputs", [3],
           [(dense("hidden", 3, 4, "tanh"), ["features"]), (dense("kind", 4, 3, "softmax"), ["hidden"]),
            (dense("tags", 4, 2, "sigmoid"), ["hidden"])], ["kind", "tags"], {"kind": CATEGORICAL, "tags": BINARY})
functional("shares_feed", [3],
           [(dense("hidden", 3, 4, "tanh"), ["features"]), (dense("kind", 4, 3, "softmax"), ["hidden"]),
            (dense("tags", 3, 2, "sigmoid"), ["kind"])], ["kind", "tags"], {"kind": CATEGORICAL, "tags": BINARY})
functional("graph_dense", [3],
           [(dense("hidden", 3, 4, "tanh"), ["features"]), (dense("kind", 4, 3, "softmax"), ["hidden"])], ["kind"], CATEGORICAL)
functional("graph_activation", [3],
           [(dense("hidden", 3, 4, "tanh"), ["features"]), (dense("kind", 4, 3, "linear"), ["hidden"]),
            (activation("shares", "softmax"), ["kind"])], ["shares"], SPARSE)
functional("graph_lstm", [5, 2],
           [(lstm("memory", 2, 4, True), ["features"]), (time_distributed("kinds", dense("kind", 4, 3, "softmax")), ["memory"])],
           ["kinds"], CATEGORICAL)
