/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.training;

import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.updater.BaseAdam;
import io.github.dl4jlosses.updater.TorchAdamW;
import io.github.dl4jlosses.updater.TorchSGD;
import io.github.dl4jlosses.updater.TorchUpdater;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** torch's own optimizer of one parameter array: the kernels behind {@code torch.optim} with {@code fused=True}. */
public final class TorchOptimizer {
    private static final String ADAM = """
            none = annotate(List[Tensor], [])
            ps, gs, ms, vs, _ = torch.%s([p], [g], [m], [v], none, [s], \
            lr=float(lr), beta1=float(b1), beta2=float(b2), weight_decay=float(wd), eps=float(eps), amsgrad=False, maximize=False)
            torch.cat([torch.reshape(ps[0], [-1]), torch.reshape(ms[0], [-1]), torch.reshape(vs[0], [-1])])
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
    private static final String[] ADAM_ARGUMENTS = {"p", "g", "m", "v", "s", "lr", "b1", "b2", "wd", "eps"};
    private static final TorchFunction ADAM_STEP = TorchFunction.of(ADAM.formatted("_fused_adam"), ADAM_ARGUMENTS);
    private static final TorchFunction ADAMW_STEP = TorchFunction.of(ADAM.formatted("_fused_adamw"), ADAM_ARGUMENTS);
    private static final TorchFunction SGD_STEP =
            TorchFunction.of(SGD, "p", "g", "m", "lr", "momentum", "dampening", "wd", "nesterov", "first");

    private final TorchUpdater options;
    private TorchTensor parameter;
    private TorchTensor mean;
    private TorchTensor square;
    private int steps;

    /**
     * @param options what the optimizer is to be; only its options are read
     * @param parameter where it begins
     */
    public TorchOptimizer(TorchUpdater options, INDArray parameter) {
        this.options = options;
        this.parameter = TorchTensor.of(parameter);
        this.mean = TorchTensor.of(Nd4j.zerosLike(parameter));
        this.square = mean;
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
        } else {
            BaseAdam adam = (BaseAdam) options;
            keep((adam instanceof TorchAdamW ? ADAMW_STEP : ADAM_STEP)
                    .call(
                            parameter,
                            gradient,
                            mean,
                            square,
                            // the kernel corrects for the step that it is told, which the caller has counted already
                            TorchTensor.scalar(TorchType.FLOAT32, steps + 1),
                            scalar(adam.getLearningRate(steps, 0)),
                            scalar(adam.getBeta1(steps, 0)),
                            scalar(adam.getBeta2()),
                            scalar(adam.getWeightDecay()),
                            scalar(adam.getEps()))
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
    }

    private TorchTensor part(double[] all, int from, int n) {
        return TorchTensor.of(parameter.type(), Arrays.copyOfRange(all, from, from + n), parameter.shape());
    }

    private static TorchTensor scalar(double value) {
        return TorchTensor.scalar(TorchType.FLOAT64, value);
    }
}
