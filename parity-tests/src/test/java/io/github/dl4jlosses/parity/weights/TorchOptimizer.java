/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.weights;

import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import java.util.HashMap;
import java.util.Map;

/** The arithmetic of torch's optimizers, by torch's kernels, for the parameters of a model. */
interface TorchOptimizer {

    /** The parameter of this number after a step, which counts from 0. */
    TorchTensor step(int number, TorchTensor parameter, TorchTensor gradient, int step);

    /** torch.optim.SGD without momentum. */
    final class Sgd implements TorchOptimizer {
        private static final TorchFunction DESCENT =
                TorchFunction.of("torch.add(p, gradient, alpha=-float(rate))", "p", "gradient", "rate");

        private final double learningRate;

        Sgd(double learningRate) {
            this.learningRate = learningRate;
        }

        @Override
        public TorchTensor step(int number, TorchTensor parameter, TorchTensor gradient, int step) {
            return DESCENT.call(parameter, gradient, scalar(learningRate)).value();
        }
    }

    /** torch.optim.Adam with its defaults but for the learning rate. */
    final class Adam implements TorchOptimizer {
        private static final double BETA1 = .9;
        private static final double BETA2 = .999;
        private static final TorchFunction MEAN = TorchFunction.of(
                "torch.add(torch.mul(m, float(beta)), gradient, alpha=1. - float(beta))", "m", "gradient", "beta");
        private static final TorchFunction SQUARES = TorchFunction.of(
                "torch.addcmul(torch.mul(v, float(beta)), gradient, gradient, value=1. - float(beta))",
                "v",
                "gradient",
                "beta");
        private static final TorchFunction DESCENT = TorchFunction.of(
                "torch.addcdiv(p, m, torch.add(torch.div(torch.sqrt(v), float(root)), 1e-8), value=-float(rate))",
                "p",
                "m",
                "v",
                "root",
                "rate");

        private final double learningRate;
        private final Map<Integer, TorchTensor> means = new HashMap<>();
        private final Map<Integer, TorchTensor> squares = new HashMap<>();

        Adam(double learningRate) {
            this.learningRate = learningRate;
        }

        @Override
        public TorchTensor step(int number, TorchTensor parameter, TorchTensor gradient, int step) {
            TorchTensor mean = averaged(MEAN, means.get(number), gradient, BETA1);
            TorchTensor square = averaged(SQUARES, squares.get(number), gradient, BETA2);
            means.put(number, mean);
            squares.put(number, square);
            double rate = learningRate / (1 - Math.pow(BETA1, step + 1));
            double root = Math.sqrt(1 - Math.pow(BETA2, step + 1));
            return DESCENT.call(parameter, mean, square, scalar(root), scalar(rate))
                    .value();
        }

        private static TorchTensor averaged(
                TorchFunction function, TorchTensor old, TorchTensor gradient, double beta) {
            TorchTensor start = old != null
                    ? old
                    : TorchTensor.of(gradient.type(), new double[gradient.toDoubles().length], gradient.shape());
            return function.call(start, gradient, scalar(beta)).value();
        }
    }

    private static TorchTensor scalar(double value) {
        return TorchTensor.scalar(TorchType.FLOAT64, value);
    }
}
