/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.examples.digits;

import io.github.dl4jlosses.parity.TorchFunction;
import io.github.dl4jlosses.parity.TorchResult;
import io.github.dl4jlosses.parity.TorchTensor;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The same network in torch: its kernels compute, its autograd differentiates, its {@code add} takes the step. */
final class TorchDigitsTraining implements Training {
    private static final String[] PARAMETERS = {"w1", "b1", "w2", "b2"};

    private static final String LOGITS = """
            hidden = torch.tanh(torch.addmm(b1, x, torch.t(w1)))
            torch.addmm(b2, hidden, torch.t(w2))
            """;

    // the 1 is reduction='mean'
    private static final String LOSS = """
            hidden = torch.tanh(torch.addmm(b1, x, torch.t(w1)))
            logits = torch.addmm(b2, hidden, torch.t(w2))
            torch.cross_entropy_loss(logits, t, weight, 1, %d, %s)
            """.formatted(DigitsTask.IGNORE_INDEX, DigitsTask.LABEL_SMOOTHING);

    private static final TorchFunction FORWARD = TorchFunction.of(LOGITS, "x", "w1", "b1", "w2", "b2");
    private static final TorchFunction BATCH_LOSS = TorchFunction.of(LOSS, "x", "t", "weight", "w1", "b1", "w2", "b2");
    private static final TorchFunction BATCH_LOSS_AND_GRADIENT = BATCH_LOSS.withRespectTo(PARAMETERS);

    /** The line of torch.optim.SGD: {@code param.add_(grad, alpha=-lr)}. */
    private static final TorchFunction DESCENT =
            TorchFunction.of("torch.add(p, gradient, alpha=-" + DigitsTask.LEARNING_RATE + ")", "p", "gradient");

    private Parameters parameters;

    TorchDigitsTraining(Parameters initial) {
        this.parameters = initial;
    }

    @Override
    public Step step(DigitsBatch batch) {
        TorchResult result = call(BATCH_LOSS_AND_GRADIENT, parameters, batch);
        Parameters gradient = new Parameters(Stream.of(PARAMETERS)
                .map(name -> result.gradient(name).toArray())
                .toList());
        List<INDArray> before = parameters.all();
        parameters = new Parameters(IntStream.range(0, before.size())
                .mapToObj(i -> descend(before.get(i), gradient.all().get(i)))
                .toList());
        return new Step(result.value().item(), gradient);
    }

    private static INDArray descend(INDArray parameter, INDArray gradient) {
        return DESCENT.call(parameter, gradient).value().toArray();
    }

    @Override
    public Parameters parameters() {
        return parameters;
    }

    @Override
    public double accuracy(DigitsBatch batch) {
        INDArray scores = call(FORWARD, parameters, batch.pixels()).value().toArray();
        return batch.accuracy(scores);
    }

    /** Torch's loss of a network with these parameters, wherever they were trained. */
    static double loss(Parameters parameters, DigitsBatch batch) {
        return call(BATCH_LOSS, parameters, batch).value().item();
    }

    private static TorchResult call(TorchFunction function, Parameters parameters, DigitsBatch batch) {
        // torch wants the class weights in the dtype of the logits
        INDArray weight = Nd4j.createFromArray(DigitsTask.classWeight())
                .castTo(batch.pixels().dataType());
        return call(function, parameters, batch.pixels(), batch.target(), weight);
    }

    private static TorchResult call(TorchFunction function, Parameters parameters, INDArray... others) {
        return function.call(Stream.concat(Stream.of(others), parameters.all().stream())
                .map(TorchTensor::of)
                .toArray(TorchTensor[]::new));
    }
}
