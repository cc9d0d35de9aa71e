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
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
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

    private static final String OF_ADAM = "m v x s lr b1 b2 wd eps amsgrad";
    private static final TorchFunction ADAM_STEP = step(ADAM.formatted("_fused_adam"), OF_ADAM);
    private static final TorchFunction ADAMW_STEP = step(ADAM.formatted("_fused_adamw"), OF_ADAM);
    private static final TorchFunction SGD_STEP = step(SGD, "m lr momentum dampening wd nesterov first");
    private static final TorchFunction ADAGRAD_STEP = step(ADAGRAD, "v s lr decay wd eps");
    private static final TorchFunction RMSPROP_STEP = step(RMSPROP, "m v x lr a eps momentum centered wd");
    private static final TorchFunction NADAM_STEP = step(NADAM, "m v x s lr b1 b2 wd eps psi decoupled");

    /** Every step has the parameter p and its gradient g; then its state, and its options. */
    private static TorchFunction step(String text, String others) {
        return TorchFunction.of(text, ("p g " + others).split(" ", -1));
    }

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
        keep(moved(gradient));
        steps++;
    }

    /** The parameter after the step and the state, one behind the other. */
    private TorchTensor moved(TorchTensor gradient) {
        double lr = options.getLearningRate(steps, 0);
        double decay = options.getWeightDecay();
        if (options instanceof TorchSGD sgd) {
            return new Call(SGD_STEP, parameter, gradient, mean)
                    .with(
                            lr,
                            sgd.getMomentum(steps, 0),
                            sgd.getDampening(),
                            decay,
                            flag(sgd.isNesterov()),
                            flag(steps == 0));
        }
        if (options instanceof TorchAdagrad adagrad) {
            return new Call(ADAGRAD_STEP, parameter, gradient, square, counted())
                    .with(lr, adagrad.getLrDecay(), decay, adagrad.getEps());
        }
        if (options instanceof TorchRMSprop rms) {
            return new Call(RMSPROP_STEP, parameter, gradient, mean, square, third)
                    .with(lr, rms.getAlpha(), rms.getEps(), rms.getMomentum(steps, 0), flag(rms.isCentered()), decay);
        }
        if (options instanceof TorchNAdam adam) {
            return new Call(NADAM_STEP, parameter, gradient, mean, square, third, scalar(steps))
                    .with(
                            lr,
                            adam.getBeta1(steps, 0),
                            adam.getBeta2(),
                            decay,
                            adam.getEps(),
                            adam.getMomentumDecay(),
                            flag(adam.isDecoupledWeightDecay()));
        }
        BaseAdam adam = (BaseAdam) options;
        TorchFunction step = adam instanceof TorchAdamW ? ADAMW_STEP : ADAM_STEP;
        return new Call(step, parameter, gradient, mean, square, third, counted())
                .with(lr, adam.getBeta1(steps, 0), adam.getBeta2(), decay, adam.getEps(), flag(adam.isAmsgrad()));
    }

    /** A step with the tensors that it takes. */
    private record Call(TorchFunction step, List<TorchTensor> tensors) {
        Call(TorchFunction step, TorchTensor... tensors) {
            this(step, List.of(tensors));
        }

        TorchTensor with(double... options) {
            return step.call(Stream.concat(
                                    tensors.stream(), DoubleStream.of(options).mapToObj(TorchOptimizer::scalar))
                            .toArray(TorchTensor[]::new))
                    .value();
        }
    }

    /** The kernels correct for the step that they are told, which the caller has counted already. */
    private TorchTensor counted() {
        return TorchTensor.scalar(TorchType.FLOAT32, steps + 1);
    }

    private static double flag(boolean option) {
        return option ? 1 : 0;
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
