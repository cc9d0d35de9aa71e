"""A model in the file format of Keras 2, trained on the handwritten digits without Keras.

    python3 generate.py          needs numpy and h5py (made with Debian's python3-h5py 3.7.0), writes digit_answers.h5

The network answers four questions about a digit: is it even, above 4, prime, does it have a loop. It is trained by numpy,
in float64, on the first 1440 digits, and so long that it is sure of its mistakes about the others. The attributes are those that
model.save("digit_answers.h5") of Keras 2 writes and DL4J's importer reads.
"""
import gzip
import json
import os

import h5py
import numpy

HERE = os.path.dirname(os.path.abspath(__file__))
HIDDEN, STEPS, RATE, MOMENTUM = 16, 2000, 0.3, 0.9
ANSWERS = numpy.array([
    [1, 0, 0, 1], [0, 0, 0, 0], [1, 0, 1, 0], [0, 0, 1, 0], [1, 0, 0, 0],
    [0, 1, 1, 0], [1, 1, 0, 1], [0, 1, 1, 0], [1, 1, 0, 1], [0, 1, 0, 1]], float)


def sigmoid(z):
    return 1 / (1 + numpy.exp(-z))


def trained(x, y):
    """Gradient descent on the mean of the binary cross entropies, all digits at once."""
    random = numpy.random.default_rng(1)
    weights = [random.normal(0, (2 / 64) ** .5, (64, HIDDEN)), numpy.zeros(HIDDEN),
               random.normal(0, HIDDEN ** -.5, (HIDDEN, 4)), numpy.zeros(4)]
    speeds = [numpy.zeros_like(w) for w in weights]
    for _ in range(STEPS):
        hidden = numpy.maximum(0, x @ weights[0] + weights[1])
        at_logits = (sigmoid(hidden @ weights[2] + weights[3]) - y) / y.size
        at_hidden = (at_logits @ weights[2].T) * (hidden > 0)
        gradients = [x.T @ at_hidden, at_hidden.sum(0), hidden.T @ at_logits, at_logits.sum(0)]
        for w, speed, gradient in zip(weights, speeds, gradients):
            speed *= MOMENTUM
            speed -= RATE * gradient
            w += speed
    return weights


def dense(name, units, activation, **more):
    initializer = {"class_name": "GlorotUniform", "config": {"seed": None}}
    config = {"name": name, "trainable": True, "dtype": "float32", "units": units, "activation": activation,
              "use_bias": True, "kernel_initializer": initializer,
              "bias_initializer": {"class_name": "Zeros", "config": {}}, "kernel_regularizer": None,
              "bias_regularizer": None, "activity_regularizer": None, "kernel_constraint": None,
              "bias_constraint": None}
    return {"class_name": "Dense", "config": {**config, **more}}


def save(weights, file):
    layers = [dense("hidden", HIDDEN, "relu", batch_input_shape=[None, 64]), dense("answers", 4, "sigmoid")]
    training = {"loss": "binary_crossentropy", "metrics": [], "weighted_metrics": None, "loss_weights": None,
                "optimizer_config": {"class_name": "SGD", "config": {
                    "name": "SGD", "learning_rate": RATE, "decay": 0.0, "momentum": MOMENTUM, "nesterov": False}}}
    with h5py.File(file, "w", track_order=False) as f:
        versions = {"keras_version": "2.11.0", "backend": "tensorflow"}
        f.attrs.update(versions)
        f.attrs["model_config"] = json.dumps(
            {"class_name": "Sequential", "config": {"name": "digit_answers", "layers": layers}})
        f.attrs["training_config"] = json.dumps(training)
        group = f.create_group("model_weights")
        group.attrs.update(versions)
        group.attrs["layer_names"] = numpy.array([b"hidden", b"answers"])
        for name, kernel, bias in (("hidden", *weights[:2]), ("answers", *weights[2:])):
            layer = group.create_group(name)
            layer.attrs["weight_names"] = numpy.array([f"{name}/kernel:0".encode(), f"{name}/bias:0".encode()])
            inner = layer.create_group(name)
            inner.create_dataset("kernel:0", data=kernel.astype("float32"), track_times=False)
            inner.create_dataset("bias:0", data=bias.astype("float32"), track_times=False)


if __name__ == "__main__":
    with gzip.open(os.path.join(HERE, "../digits/digits.csv.gz"), "rt") as digits:
        table = numpy.loadtxt(digits, delimiter=",")
    pixels, truth = table[:, :64] / 16, ANSWERS[table[:, 64].astype(int)]
    weights = trained(pixels[:1440], truth[:1440])
    save(weights, os.path.join(HERE, "digit_answers.h5"))
