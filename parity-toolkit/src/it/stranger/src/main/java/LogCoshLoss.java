import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

/** A loss that DL4J lacks: the logarithm of the hyperbolic cosine of the distance, the mean over the outputs of an example. */
public class LogCoshLoss implements ILossFunction {
    @Override
    public INDArray computeScoreArray(INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
        INDArray distance = Transforms.abs(activation.getActivation(preOutput.dup(), true).sub(labels));
        // log cosh d = d + log(1 + exp(-2 d)) - log 2, where no exp can overflow
        return distance.add(Transforms.softPlus(distance.mul(-2))).sub(Math.log(2)).mean(true, 1);
    }

    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
        double sum = computeScoreArray(labels, preOutput, activation, mask).sumNumber().doubleValue();
        return average ? sum / preOutput.size(0) : sum;
    }

    @Override
    public INDArray computeGradient(INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
        INDArray difference = activation.getActivation(preOutput.dup(), true).sub(labels);
        INDArray slope = Transforms.tanh(difference).div(preOutput.size(1));
        return activation.backprop(preOutput.dup(), slope).getFirst();
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
        return Pair.of(
                computeScore(labels, preOutput, activation, mask, average),
                computeGradient(labels, preOutput, activation, mask));
    }

    @Override
    public String name() {
        return "LogCoshLoss";
    }
}
