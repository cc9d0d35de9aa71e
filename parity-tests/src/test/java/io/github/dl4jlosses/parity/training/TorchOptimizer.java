/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.training;

import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.updater.BaseAdam;
import io.github.dl4jlosses.updater.TorchAdagrad;
import io.github.dl4jlosses.updater.TorchAdamW;
import io.github.dl4jlosses.updater.TorchNAdam;
import io.github.dl4jlosses.updater.TorchRMSprop;
import io.github.dl4jlosses.updater.TorchSGD;
import io.github.dl4jlosses.updater.TorchUpdater;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * torch's own optimizer of one parameter array: the kernels behind {@code torch.optim} with {@code fused=True}, and where there
 * is none the calls of its Python.
 */
public final class TorchOptimizer {
    private static final String ADAM = """
            largest = annotate(List[Tensor], [])
            if bool(amsgrad):
              largest = [x]
            ps, gs, ms, vs, xs = torch.%s([p], [g], [m], [v], largest, [s], \
            lr=float(lr), beta1=float(b1), beta2=float(b2), weight_decay=float(wd), eps=float(eps), amsgrad=bool(amsgrad), \
            maximize=False)
            z = x
            if bool(amsgrad):
              z = xs[0]
            torch.cat([torch.reshape(ps[0], [-1]), torch.reshape(ms[0], [-1]), torch.reshape(vs[0], [-1]), torch.reshape(z, [-1])])
            """;
    private static final String SGD = """
            buffers = annotate(List[Tensor], [])
            if bool(torch.ne(momentum, 0)):
              buffers = [m]
            ps, gs, ms = torch._fused_sgd([p], [g], buffers, weight_decay=float(wd), momentum=float(momentum), \
            lr=float(lr), dampening=float(dampening), nesterov=bool(nesterov), maximize=False, is_first_step=bool(first))
            moved = torch.reshape(ps[0], [-1])
            if bool(torch.ne(momentum, 0)):
              moved = torch.cat([moved, torch.reshape(ms[0], [-1])])
            moved
            """;
    private static final String ADAGRAD = """
            ps, gs, vs, ss = torch._fused_adagrad([p], [g], [v], [s], \
            lr=float(lr), lr_decay=float(decay), weight_decay=float(wd), eps=float(eps), maximize=False)
            torch.cat([torch.reshape(ps[0], [-1]), torch.reshape(p * 0, [-1]), torch.reshape(vs[0], [-1])])
            """;
    /** Of optim/rmsprop.py. */
    private static final String RMSPROP = """
            grad = torch.add(g, p, alpha=float(wd))
            square = torch.addcmul(torch.mul(v, float(a)), grad, grad, value=1 - float(a))
            mean = m
            avg = torch.sqrt(square)
            if bool(centered):
              mean = torch.lerp(m, grad, 1 - float(a))
              avg = torch.sqrt(torch.addcmul(square, mean, mean, value=-1.))
            step = torch.div(grad, torch.add(avg, float(eps)))
            buffer = x
            if bool(torch.gt(momentum, 0)):
              buffer = torch.add(torch.mul(x, float(momentum)), step)
              step = buffer
            q = torch.sub(p, step, alpha=float(lr))
            torch.cat([torch.reshape(q, [-1]), torch.reshape(mean, [-1]), torch.reshape(square, [-1]), torch.reshape(buffer, [-1])])
            """;
    /** Of optim/nadam.py. */
    private static final String NADAM = """
            q = p
            grad = g
            if bool(decoupled):
              q = torch.mul(p, 1 - float(lr) * float(wd))
            else:
              grad = torch.add(g, p, alpha=float(wd))
            n = float(s) + 1
            b = float(b1)
            mu = b * (1. - 0.5 * (0.96 ** (n * float(psi))))
            next = b * (1. - 0.5 * (0.96 ** ((n + 1) * float(psi))))
            product = float(torch.reshape(x, [-1])[0])
            if n == 1.:
              product = 1.
            product = product * mu
            mean = torch.lerp(m, grad, 1 - b)
            square = torch.addcmul(torch.mul(v, float(b2)), grad, grad, value=1 - float(b2))
            denom = torch.add(torch.sqrt(torch.div(square, 1 - float(b2) ** n)), float(eps))
            q = torch.addcdiv(q, grad, denom, value=-float(lr) * (1. - mu) / (1. - product))
            q = torch.addcdiv(q, mean, denom, value=(-float(lr) * next) / (1. - product * next))
            torch.cat([torch.reshape(q, [-1]), torch.reshape(mean, [-1]), torch.reshape(square, [-1]), \
            torch.reshape(torch.add(torch.mul(p, 0), product), [-1])])
            """;

    private static final String[] ADAM_ARGUMENTS = {
        "p", "g", "m", "v", "x", "s", "lr", "b1", "b2", "wd", "eps", "amsgrad"
    };
    private static final TorchFunction ADAGRAD_STEP =
            TorchFunction.of(ADAGRAD, "p", "g", "v", "s", "lr", "decay", "wd", "eps");
    private static final TorchFunction RMSPROP_STEP =
            TorchFunction.of(RMSPROP, "p", "g", "m", "v", "x", "lr", "a", "eps", "momentum", "centered", "wd");
    private static final TorchFunction NADAM_STEP =
            TorchFunction.of(NADAM, "p", "g", "m", "v", "x", "s", "lr", "b1", "b2", "wd", "eps", "psi", "decoupled");
    private static final TorchFunction ADAM_STEP = TorchFunction.of(ADAM.formatted("_fused_adam"), ADAM_ARGUMENTS);
    private static final TorchFunction ADAMW_STEP = TorchFunction.of(ADAM.formatted("_fused_adamw"), ADAM_ARGUMENTS);
    private static final TorchFunction SGD_STEP =
            TorchFunction.of(SGD, "p", "g", "m", "lr", "momentum", "dampening", "wd", "nesterov", "first");

    private final TorchUpdater options;
    private TorchTensor parameter;
    private TorchTensor mean;
    private TorchTensor square;
    private TorchTensor third;
    private int steps;

    /**
     * @param options what the optimizer is to be; only its options are read
     * @param parameter where it begins
     */
    public TorchOptimizer(TorchUpdater options, INDArray parameter) {
        this.options = options;
        this.parameter = TorchTensor.of(parameter);
        this.mean = TorchTensor.of(Nd4j.zerosLike(parameter));
        this.square = options instanceof TorchAdagrad adagrad
                ? TorchTensor.of(Nd4j.zerosLike(parameter).addi(adagrad.getInitialAccumulatorValue()))
                : mean;
        this.third = mean;
    }

    public TorchTensor parameter() {
        return parameter;
    }

    public void step(TorchTensor gradient) {
        if (options instanceof TorchSGD sgd) {
            keep(SGD_STEP.call(
                            parameter,
                            gradient,
                            mean,
                            scalar(sgd.getLearningRate(steps, 0)),
                            scalar(sgd.getMomentum(steps, 0)),
                            scalar(sgd.getDampening()),
                            scalar(sgd.getWeightDecay()),
                            scalar(sgd.isNesterov() ? 1 : 0),
                            scalar(steps == 0 ? 1 : 0))
                    .value());
        } else if (options instanceof TorchAdagrad adagrad) {
            keep(ADAGRAD_STEP
                    .call(
                            parameter,
                            gradient,
                            square,
                            // the kernel corrects for the step that it is told, which the caller has counted already
                            TorchTensor.scalar(TorchType.FLOAT32, steps + 1),
                            scalar(adagrad.getLearningRate(steps, 0)),
                            scalar(adagrad.getLrDecay()),
                            scalar(adagrad.getWeightDecay()),
                            scalar(adagrad.getEps()))
                    .value());
        } else if (options instanceof TorchRMSprop rms) {
            keep(RMSPROP_STEP
                    .call(
                            parameter,
                            gradient,
                            mean,
                            square,
                            third,
                            scalar(rms.getLearningRate(steps, 0)),
                            scalar(rms.getAlpha()),
                            scalar(rms.getEps()),
                            scalar(rms.getMomentum(steps, 0)),
                            scalar(rms.isCentered() ? 1 : 0),
                            scalar(rms.getWeightDecay()))
                    .value());
        } else if (options instanceof TorchNAdam adam) {
            keep(NADAM_STEP
                    .call(
                            parameter,
                            gradient,
                            mean,
                            square,
                            third,
                            scalar(steps),
                            scalar(adam.getLearningRate(steps, 0)),
                            scalar(adam.getBeta1(steps, 0)),
                            scalar(adam.getBeta2()),
                            scalar(adam.getWeightDecay()),
                            scalar(adam.getEps()),
                            scalar(adam.getMomentumDecay()),
                            scalar(adam.isDecoupledWeightDecay() ? 1 : 0))
                    .value());
        } else {
            BaseAdam adam = (BaseAdam) options;
            keep((adam instanceof TorchAdamW ? ADAMW_STEP : ADAM_STEP)
                    .call(
                            parameter,
                            gradient,
                            mean,
                            square,
                            third,
                            // the kernel corrects for the step that it is told, which the caller has counted already
                            TorchTensor.scalar(TorchType.FLOAT32, steps + 1),
                            scalar(adam.getLearningRate(steps, 0)),
                            scalar(adam.getBeta1(steps, 0)),
                            scalar(adam.getBeta2()),
                            scalar(adam.getWeightDecay()),
                            scalar(adam.getEps()),
                            scalar(adam.isAmsgrad() ? 1 : 0))
                    .value());
        }
        steps++;
    }

    private void keep(TorchTensor flat) {
        double[] all = flat.toDoubles();
        int n = parameter.toDoubles().length;
        parameter = part(all, 0, n);
        mean = all.length > n ? part(all, n, n) : mean;
        square = all.length > 2 * n ? part(all, 2 * n, n) : square;
        third = all.length > 3 * n ? part(all, 3 * n, n) : third;
    }

    private TorchTensor part(double[] all, int from, int n) {
        return TorchTensor.of(parameter.type(), Arrays.copyOfRange(all, from, from + n), parameter.shape());
    }

    private static TorchTensor scalar(double value) {
        return TorchTensor.scalar(TorchType.FLOAT64, value);
    }
}
