import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

/** A loss that DL4J lacks: quadratic up to a distance of 1 and linear beyond, the mean over the outputs of an example. */
public class SmoothL1Loss implements ILossFunction {
    @Override
    public INDArray computeScoreArray(INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
        INDArray distance = Transforms.abs(activation.getActivation(preOutput.dup(), true).sub(labels));
        INDArray quadratic = Transforms.min(distance, 1);
        return quadratic.mul(distance.sub(quadratic.mul(0.5))).mean(true, 1);
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
        INDArray slope = Transforms.max(Transforms.min(difference, 1), -1).div(preOutput.size(1));
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
        return "SmoothL1Loss";
    }
}
