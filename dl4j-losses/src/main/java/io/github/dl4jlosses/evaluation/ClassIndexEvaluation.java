/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.evaluation;

import io.github.dl4jlosses.NLLLoss;
import io.github.dl4jlosses.internal.shape.Arguments;
import java.io.Serializable;
import java.util.List;
import org.nd4j.evaluation.IEvaluation;
import org.nd4j.evaluation.IMetric;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Lets any evaluation of DL4J read class indices: a network that is trained with them is evaluated in one line.
 *
 * <p>DL4J's evaluations compare arrays of one shape, so they fail for the labels that {@link io.github.dl4jlosses.CrossEntropyLoss} and
 * {@link NLLLoss} take. This one writes each index as the one-hot row that it stands for and hands it, with its row of
 * predictions, to the evaluation that it wraps: its figures are those of one-hot labels.
 *
 * <table>
 * <caption>N examples, C classes, T time steps, images of H times W</caption>
 * <tr><th>predictions</th><th>labels</th><th>mask</th></tr>
 * <tr><td>[N, C]</td><td>[N, 1] or [N]</td><td>[N, 1] or [N]</td></tr>
 * <tr><td>[N, C, T]; [N, T, C] with NWC</td><td>[N, 1, T]; [N, T, 1]; [N, T]</td><td>[N, T], or the labels' shape</td></tr>
 * <tr><td>[N, C, H, W]; [N, H, W, C] with NHWC</td><td>[N, 1, H, W]; [N, H, W, 1]; [N, H, W]</td>
 * <td>[N, 1], [N, H, W], or the labels' shape</td></tr>
 * </table>
 *
 * <p>Where labels without the dimension of the classes fit both formats, as [N, T] does with T = C, they are refused: write
 * the 1. With truncated back-propagation DL4J cuts labels of rank 3 only.
 *
 * <p>Class indices may have any integer dtype, or a floating one with whole numbers. Rows whose label is
 * {@code ignoreIndex} and rows whose mask is 0 are left out, whatever stands in them; a batch that is left out as a whole
 * changes nothing. Masks are 0 or 1 and may have the predictions' shape, if they do not differ within a row. Labels of the
 * predictions' shape, one-hot ones and those of a single output, go on as they are. The wrapped evaluation gets rows
 * [rows, C]: leave its axis at 1, whatever the data format of the network.
 *
 * <p>The wrapped evaluation holds the figures. {@code evaluate} of a network refuses an identity head and class indices;
 * {@code doEvaluation} takes both:
 *
 * <pre>{@code
 * Evaluation evaluation = new Evaluation(10);
 * network.doEvaluation(iterator, ClassIndexEvaluation.of(evaluation));
 * evaluation.accuracy();
 * }</pre>
 *
 * <p>It works in {@code MultiLayerNetwork} and {@code ComputationGraph}, with {@code EvaluativeListener} and several
 * evaluations at once. As any evaluation of DL4J it is for one thread at a time.
 *
 * @since 0.1.0
 */
public final class ClassIndexEvaluation implements IEvaluation<ClassIndexEvaluation> {
    private static final long serialVersionUID = 1L;

    /** Holds the figures. */
    private final IEvaluation<?> evaluation;

    /** Any number. */
    private final long ignoreIndex;

    private ClassIndexEvaluation(IEvaluation<?> evaluation, long ignoreIndex) {
        Arguments.requireNonNull(evaluation, "evaluation");
        this.evaluation = evaluation;
        this.ignoreIndex = ignoreIndex;
    }

    /**
     * An evaluation that reads class indices, and leaves out rows with label -100, torch's default.
     *
     * @param evaluation collects the figures; any of DL4J's, or your own
     * @return what a network evaluates
     * @throws IllegalArgumentException where the argument is null
     */
    public static ClassIndexEvaluation of(IEvaluation<?> evaluation) {
        return of(evaluation, new NLLLoss().getIgnoreIndex());
    }

    /**
     * An evaluation that reads class indices.
     *
     * @param evaluation collects the figures; any of DL4J's, or your own
     * @param ignoreIndex the label that means: leave this row out; as in the loss
     * @return what a network evaluates
     * @throws IllegalArgumentException where the evaluation is null
     */
    public static ClassIndexEvaluation of(IEvaluation<?> evaluation, long ignoreIndex) {
        return new ClassIndexEvaluation(evaluation, ignoreIndex);
    }

    /**
     * The evaluation that collects the figures.
     *
     * @return the object that was given, not a copy
     */
    public IEvaluation<?> getEvaluation() {
        return evaluation;
    }

    /**
     * The label that means: leave this row out.
     *
     * @return -100 by default
     */
    public long getIgnoreIndex() {
        return ignoreIndex;
    }

    /**
     * Evaluates a batch.
     *
     * @param labels as the table of this class has them
     * @param predictions the network's output
     * @param mask as the table of this class has it, or null
     * @param recordMetaData one for each example, or null; an example's rows keep theirs
     * @throws IllegalArgumentException where the shapes do not go together, or a label that is not left out is no class
     */
    @Override
    public void eval(
            INDArray labels, INDArray predictions, INDArray mask, List<? extends Serializable> recordMetaData) {
        Arguments.requireNonNull(labels, "labels");
        Arguments.requireNonNull(predictions, "predictions");
        if (labels.equalShapes(predictions)) {
            evaluation.eval(labels, predictions, mask, recordMetaData);
            return;
        }
        LabelledRows rows = LabelledRows.of(labels, predictions, mask, ignoreIndex);
        if (rows.count() > 0) {
            evaluation.eval(rows.oneHot(), rows.predictions(), null, rows.ofExamples(recordMetaData));
        }
    }

    /**
     * Evaluates a batch without a mask.
     *
     * @param labels as in {@link #eval(INDArray, INDArray, INDArray, List)}
     * @param predictions the network's output
     * @throws IllegalArgumentException as there
     */
    @Override
    public void eval(INDArray labels, INDArray predictions) {
        eval(labels, predictions, null, null);
    }

    /**
     * Evaluates a batch without a mask.
     *
     * @param labels as in {@link #eval(INDArray, INDArray, INDArray, List)}
     * @param predictions the network's output
     * @param recordMetaData one for each example, or null
     * @throws IllegalArgumentException as there
     */
    @Override
    public void eval(INDArray labels, INDArray predictions, List<? extends Serializable> recordMetaData) {
        eval(labels, predictions, null, recordMetaData);
    }

    /**
     * Evaluates a batch.
     *
     * @param labels as in {@link #eval(INDArray, INDArray, INDArray, List)}
     * @param predictions the network's output
     * @param mask as there, or null
     * @throws IllegalArgumentException as there
     */
    @Override
    public void eval(INDArray labels, INDArray predictions, INDArray mask) {
        eval(labels, predictions, mask, null);
    }

    /** {@inheritDoc} */
    @Deprecated
    @Override
    @SuppressWarnings("InlineMeSuggester") // DL4J's own method
    public void evalTimeSeries(INDArray labels, INDArray predicted) {
        eval(labels, predicted);
    }

    /** {@inheritDoc} */
    @Deprecated
    @Override
    @SuppressWarnings("InlineMeSuggester") // DL4J's own method
    public void evalTimeSeries(INDArray labels, INDArray predicted, INDArray labelsMask) {
        eval(labels, predicted, labelsMask);
    }

    /**
     * Adds what another evaluation has seen.
     *
     * @param other wraps an evaluation of the same kind, and stays as it is
     */
    @Override
    @SuppressWarnings({"unchecked", "rawtypes"}) // the kind of both is known to the caller only
    public void merge(ClassIndexEvaluation other) {
        ((IEvaluation) evaluation).merge(other.evaluation);
    }

    /** Forgets what the wrapped evaluation has seen. */
    @Override
    public void reset() {
        evaluation.reset();
    }

    /**
     * The report of the wrapped evaluation.
     *
     * @return several lines
     */
    @Override
    public String stats() {
        return evaluation.stats();
    }

    /**
     * The wrapped evaluation as JSON.
     *
     * @return what the {@code fromJson} of its class reads
     */
    @Override
    public String toJson() {
        return evaluation.toJson();
    }

    /**
     * The wrapped evaluation as YAML.
     *
     * @return what the {@code fromYaml} of its class reads
     */
    @Override
    public String toYaml() {
        return evaluation.toYaml();
    }

    /**
     * A figure of the wrapped evaluation.
     *
     * @param metric one that it knows
     * @return its value
     */
    @Override
    public double getValue(IMetric metric) {
        return evaluation.getValue(metric);
    }

    /**
     * The same kind of evaluation, which has seen nothing.
     *
     * @return a new one around a new one
     */
    @Override
    public ClassIndexEvaluation newInstance() {
        return of(evaluation.newInstance(), ignoreIndex);
    }

    /**
     * As {@link #stats}.
     *
     * @return several lines
     */
    @Override
    public String toString() {
        return stats();
    }
}
