/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.network;

import io.github.dl4jlosses.parity.TorchTensor;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.spec.SpecHead;
import io.github.dl4jlosses.spec.TargetForm;
import io.github.dl4jlosses.spec.TargetRange;
import io.github.dl4jlosses.spec.memory.FilledArray;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** The numbers of a scenario, the same for both sides: parameters, features, labels and mask. */
final class Numbers {
    /** A label that stands where a mask leaves it out: no class, and not ignored either. */
    private static final double NO_CLASS = 99;

    /** Steps whose products add up without rounding in float32, so that both sides have the same pre-output. */
    private static final double FEATURE_STEP = 1.0 / 16;

    private static final double WEIGHT_STEP = 1.0 / 64;
    private static final int CLASSES = LayerKind.CLASSES;

    private final Scenario scenario;
    /** The dtype of DL4J's labels; null: what is usual for them. */
    private final DataType labelType;

    final TorchTensor features;
    final TorchTensor weights;
    final TorchTensor bias;
    /** As torch takes it, masked places included. */
    final TorchTensor target;

    /** One flag for each number of the labels, by rows: those of a position lie side by side. */
    private final boolean[] kept;

    private final Random random;

    Numbers(Scenario scenario) {
        this(scenario, null);
    }

    /** With labels that their dtype holds exactly, so that torch gets the same numbers. */
    Numbers(Scenario scenario, DataType labelType) {
        this.scenario = scenario;
        this.labelType = labelType;
        this.random = new Random(scenario.seed());
        LayerKind layer = scenario.layer();
        // a probability is all that such a loss takes from an identity head
        boolean probabilities = scenario.head() == SpecHead.IDENTITY && scenario.takesSmallNumbers();
        double largest = 1.0 / (layer.fanIn() + 1);
        // DL4J's own softmax is rounded to the dtype before the loss sees it, and 1 - p has no digits left where p is
        // near 1
        double deviation = scenario.takesRoundedSoftmax() ? .3 : .7;
        DoubleSupplier parameters =
                probabilities ? () -> largest * between(.2, .9) : () -> deviation * random.nextGaussian();
        DoubleSupplier inputs = probabilities ? random::nextDouble : () -> scenario.magnitude() * random.nextGaussian();
        this.features = tensor(layer.featureShape(scenario.examples()), multiplesOf(FEATURE_STEP, inputs));
        this.weights = tensor(layer.weightShape(scenario.outputs()), multiplesOf(WEIGHT_STEP, parameters));
        this.bias = tensor(new long[] {scenario.outputs()}, multiplesOf(WEIGHT_STEP, parameters));
        this.target = newTarget();
        this.kept = newKept();
    }

    private TorchTensor newTarget() {
        LossOptions options = scenario.options();
        if (options.areClasses()) {
            OptionalLong ignored = options.ignoreIndex();
            long[] index = new long[rows()];
            for (int row = 0; row < index.length; row++) {
                // the first row takes part, so that there is a mean
                boolean isIgnored = ignored.isPresent() && row > 0 && random.nextInt(4) == 0;
                do {
                    index[row] = isIgnored ? ignored.getAsLong() : random.nextInt(CLASSES);
                } while (!isIgnored && ignored.isPresent() && index[row] == ignored.getAsLong());
            }
            return TorchTensor.of(TorchType.INT64, index, scenario.layer().rowShape(scenario.examples()));
        }
        TargetRange range = options.spec().targetsOf(scenario.loss());
        DoubleSupplier label = () -> range.draw(random, scenario.magnitude(), random.nextInt(3) == 0, CLASSES);
        if (options.form() == TargetForm.LIST) {
            return TorchTensor.of(TorchType.INT64, FilledArray.numbers(label, labelShape()), labelShape());
        }
        return tensor(labelShape(), labelType == null ? label : multiplesOf(labelStep(), label));
    }

    private double labelStep() {
        return labelType.isFPType() ? FEATURE_STEP : 1;
    }

    private boolean[] newKept() {
        boolean[] keep = new boolean[rows() * CLASSES];
        int positions = (int) scenario.layer().positionsPerExample();
        int together = switch (scenario.masking()) {
            case NONE, EVERYTHING -> keep.length;
            case EXAMPLES -> positions * CLASSES;
            case POSITIONS, ROWS_OF_OUTPUTS -> CLASSES;
            case OUTPUTS -> 1;
        };
        for (int at = 0; at < keep.length; at++) {
            // the first takes part, the second does not
            keep[at] = at % together == 0
                    ? at == 0 ? scenario.masking() != Masking.EVERYTHING : at > together && random.nextInt(3) > 0
                    : keep[at - at % together];
        }
        return keep;
    }

    /** (N, C, ..) where single outputs are masked, one flag per row otherwise. */
    TorchTensor keep() {
        boolean perOutput = scenario.masking().isPerOutput();
        long[] flags = new long[perOutput ? kept.length : rows()];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = kept[perOutput ? rowMajor(i) : i * CLASSES] ? 1 : 0;
        }
        return TorchTensor.of(TorchType.BOOL, flags, perOutput ? labelShape() : new long[] {flags.length});
    }

    /** One flag for each element, the outputs of a row side by side. */
    boolean[] keptByRow() {
        return kept.clone();
    }

    /** The place in an (N, C, ..) tensor of an output of a row. */
    int torchPlace(int row, int output) {
        int positions = (int) scenario.layer().positionsPerExample();
        return (row / positions * CLASSES + output) * positions + row % positions;
    }

    /** What DL4J gets: labels that hold NaN, or no class, where the mask leaves them out. */
    DataSet dataSet() {
        return new DataSet(
                scenario.layer().laidOut(features.toArray()), scenario.layer().laidOut(labels()), null, mask());
    }

    private INDArray labels() {
        INDArray labels = usualLabels();
        return labelType == null ? labels : labels.castTo(labelType);
    }

    private INDArray usualLabels() {
        double[] numbers = target.toDoubles();
        if (scenario.options().form() == TargetForm.INDEX) {
            return indexLabels(numbers);
        }
        double[] labels = new double[kept.length];
        for (int i = 0; i < labels.length; i++) {
            int at = rowMajor(i);
            double label = scenario.options().form() == TargetForm.ONE_HOT
                    ? numbers[at / CLASSES] == at % CLASSES ? 1 : 0
                    : numbers[i];
            labels[i] = kept[at] ? label : Double.NaN;
        }
        return TorchTensor.of(scenario.type(), labels, labelShape()).toArray();
    }

    /** Of an integer dtype or the network's, by the seed. */
    private INDArray indexLabels(double... numbers) {
        boolean floating = scenario.seed() % 3 == 0;
        double[] labels = new double[numbers.length];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = kept[row * CLASSES] ? numbers[row] : floating ? Double.NaN : NO_CLASS;
        }
        INDArray array = TorchTensor.of(
                        TorchType.FLOAT64, labels, scenario.layer().shape(scenario.examples(), 1))
                .toArray();
        return floating
                ? array.castTo(scenario.type() == TorchType.FLOAT64 ? DataType.DOUBLE : DataType.FLOAT)
                : array.castTo(scenario.seed() % 3 == 1 ? DataType.INT64 : DataType.INT32);
    }

    private INDArray mask() {
        Masking masking = scenario.masking();
        if (masking == Masking.NONE) {
            return null;
        }
        LayerKind layer = scenario.layer();
        if (masking.hasOutputShape()) {
            return layer.laidOut(outputMask().toArray());
        }
        double[] mask = new double[rows()];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = kept[i * CLASSES] ? 1 : 0;
        }
        if (!layer.hasPositions() || (layer.isImage() && masking != Masking.POSITIONS)) {
            return exampleMask(mask);
        }
        // three-dimensional layers want the channel too
        long[] shape = layer.isVolume() ? layer.shape(scenario.examples(), 1) : layer.rowShape(scenario.examples());
        INDArray array = TorchTensor.of(scenario.type(), mask, shape).toArray();
        return layer.isVolume() ? layer.laidOut(array) : array;
    }

    private TorchTensor outputMask() {
        int outputs = scenario.outputs();
        double[] mask = new double[rows() * outputs];
        for (int i = 0; i < mask.length; i++) {
            int row = rowOf(i, outputs);
            // where a label has several outputs, the whole row is masked
            int label = outputs == CLASSES ? outputOf(i, outputs) : 0;
            mask[i] = kept[row * CLASSES + label] ? 1 : 0;
        }
        return TorchTensor.of(scenario.type(), mask, scenario.layer().shape(scenario.examples(), outputs));
    }

    private INDArray exampleMask(double... ofRows) {
        LayerKind layer = scenario.layer();
        int positions = (int) layer.positionsPerExample();
        double[] examples = new double[(int) scenario.examples()];
        Arrays.setAll(examples, n -> ofRows[n * positions]);
        long[] shape = new long[layer.isVolume() ? 5 : 2];
        Arrays.fill(shape, 1);
        shape[0] = scenario.examples();
        return TorchTensor.of(scenario.type(), examples, shape).toArray();
    }

    /** The place by rows of element {@code i} of an (N, C, ..) tensor. */
    private int rowMajor(int i) {
        return rowOf(i, CLASSES) * CLASSES + outputOf(i, CLASSES);
    }

    /** The row of element {@code i} of an (N, outputs, ..) tensor. */
    private int rowOf(int i, int outputs) {
        int positions = (int) scenario.layer().positionsPerExample();
        return i / (outputs * positions) * positions + i % positions;
    }

    private int outputOf(int i, int outputs) {
        return i / (int) scenario.layer().positionsPerExample() % outputs;
    }

    private int rows() {
        return (int) (scenario.examples() * scenario.layer().positionsPerExample());
    }

    private long[] labelShape() {
        return scenario.layer().shape(scenario.examples(), CLASSES);
    }

    private static DoubleSupplier multiplesOf(double step, DoubleSupplier numbers) {
        return () -> step * Math.rint(numbers.getAsDouble() / step);
    }

    private double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    private TorchTensor tensor(long[] shape, DoubleSupplier numbers) {
        return TorchTensor.of(scenario.type(), FilledArray.numbers(numbers, shape), shape);
    }
}
