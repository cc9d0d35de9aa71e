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
 * Lets any evaluation of DL4J read class indices, so that one line evaluates a network trained with them.
 *
 * <p>DL4J's evaluations compare arrays of the same shape, so they fail for class indices, which
 * {@link io.github.dl4jlosses.CrossEntropyLoss} and {@link NLLLoss} take. This class turns each index into a one-hot
 * row and passes it, with its row of predictions, to the wrapped evaluation. The results are those of one-hot labels.
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
 * <p>Labels without the dimension of size 1 are refused if they fit both formats, as [N, T] does with T = C; write the
 * 1 then. In truncated back-propagation DL4J only cuts labels of rank 3.
 *
 * <p>Class indices may have any integer dtype, or a floating one with whole numbers. Rows whose label is
 * {@code ignoreIndex} and rows whose mask is 0 are left out, whatever they contain; a batch without other rows changes
 * nothing. Masks are 0 or 1 and may have the predictions' shape, if they are the same within a row. Labels of the
 * predictions' shape, one-hot or of a single output, are passed on unchanged. The wrapped evaluation gets arrays [rows,
 * C]: leave its axis at 1, whatever the data format of the network.
 *
 * <p>The wrapped evaluation holds the results. A network's {@code evaluate} refuses an identity head and class indices;
 * {@code doEvaluation} accepts both:
 *
 * <pre>{@code
 * Evaluation evaluation = new Evaluation(10);
 * network.doEvaluation(iterator, ClassIndexEvaluation.of(evaluation));
 * evaluation.accuracy();
 * }</pre>
 *
 * <p>It works in {@code MultiLayerNetwork} and {@code ComputationGraph}, with {@code EvaluativeListener} and several
 * evaluations at once. Like any evaluation of DL4J, use it in one thread at a time.
 *
 * @since 0.1.0
 */
public final class ClassIndexEvaluation implements IEvaluation<ClassIndexEvaluation> {
    private static final long serialVersionUID = 1L;

    /** Holds the results. */
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
     * @param evaluation collects the results; any of DL4J's, or your own
     * @return an evaluation to pass to a network
     * @throws IllegalArgumentException where the argument is null
     */
    public static ClassIndexEvaluation of(IEvaluation<?> evaluation) {
        return of(evaluation, new NLLLoss().getIgnoreIndex());
    }

    /**
     * An evaluation that reads class indices.
     *
     * @param evaluation collects the results; any of DL4J's, or your own
     * @param ignoreIndex the label that marks a row to leave out, as in the loss
     * @return an evaluation to pass to a network
     * @throws IllegalArgumentException where the evaluation is null
     */
    public static ClassIndexEvaluation of(IEvaluation<?> evaluation, long ignoreIndex) {
        return new ClassIndexEvaluation(evaluation, ignoreIndex);
    }

    /**
     * The wrapped evaluation, which collects the results.
     *
     * @return the original object, not a copy
     */
    public IEvaluation<?> getEvaluation() {
        return evaluation;
    }

    /**
     * The label that marks a row to leave out.
     *
     * @return -100 by default
     */
    public long getIgnoreIndex() {
        return ignoreIndex;
    }

    /**
     * Evaluates a batch.
     *
     * @param labels in a shape of the table above
     * @param predictions the network's output
     * @param mask in a shape of the table above, or null
     * @param recordMetaData one for each example, or null; an example's rows keep theirs
     * @throws IllegalArgumentException where the shapes do not fit each other, or a label is neither a class nor left
     *     out
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
     * @throws IllegalArgumentException as in {@link #eval(INDArray, INDArray, INDArray, List)}
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
     * @throws IllegalArgumentException as in {@link #eval(INDArray, INDArray, INDArray, List)}
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
     * @param mask as in {@link #eval(INDArray, INDArray, INDArray, List)}, or null
     * @throws IllegalArgumentException as in {@link #eval(INDArray, INDArray, INDArray, List)}
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
     * Adds the results of another evaluation.
     *
     * @param other wraps an evaluation of the same kind, and stays as it is
     */
    @Override
    @SuppressWarnings({"unchecked", "rawtypes"}) // the kind of both is known to the caller only
    public void merge(ClassIndexEvaluation other) {
        ((IEvaluation) evaluation).merge(other.evaluation);
    }

    /** Resets the wrapped evaluation. */
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
     * A metric of the wrapped evaluation.
     *
     * @param metric one that the wrapped evaluation knows
     * @return its value
     */
    @Override
    public double getValue(IMetric metric) {
        return evaluation.getValue(metric);
    }

    /**
     * An empty evaluation of the same kind.
     *
     * @return a new wrapper around a new evaluation
     */
    @Override
    public ClassIndexEvaluation newInstance() {
        return of(evaluation.newInstance(), ignoreIndex);
    }

    /**
     * The same as {@link #stats}.
     *
     * @return several lines
     */
    @Override
    public String toString() {
        return stats();
    }
}
