/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.errors;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.ClassSpec;
import io.github.dl4jlosses.spec.LossSpec;
import io.github.dl4jlosses.spec.LossSpecs;
import io.github.dl4jlosses.spec.TargetForm;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What the tests of messages share: who refuses, and the arrays that are refused. */
abstract class Refusals {
    static final IActivation IDENTITY = new ActivationIdentity();
    static final IActivation SOFTMAX = new ActivationSoftmax();
    static final IActivation SIGMOID = new ActivationSigmoid();

    // ---- losses ----

    static Stream<LossSpec<?, ?>> specs() {
        return LossSpecs.all().stream();
    }

    /** Each with torch's defaults. */
    static Stream<TorchLoss> all() {
        return specs().map(LossSpec::defaults);
    }

    /** Those that take class indices. */
    static Stream<TorchLoss> classLosses() {
        return withForm(TargetForm.INDEX);
    }

    /** Of the losses that take class indices those that take positions, too: the likelihoods. */
    static Stream<TorchLoss> likelihoods() {
        return classLosses().filter(Refusals::takesPositions);
    }

    static boolean takesPositions(TorchLoss loss) {
        return LossSpecs.of(loss).mostDimensions() > 2;
    }

    /** What a description says of classes. */
    static ClassSpec<?, ?> classes(TorchLoss loss) {
        return (ClassSpec<?, ?>) LossSpecs.of(loss);
    }

    /** Those that take one-hot rows, told so. */
    static Stream<TorchLoss> oneHotLosses() {
        return withForm(TargetForm.ONE_HOT);
    }

    /** Those that take a number for each input. */
    static Stream<TorchLoss> denseLosses() {
        return withForm(TargetForm.DENSE);
    }

    private static Stream<TorchLoss> withForm(TargetForm form) {
        return specsOf(form).map(spec -> spec.defaults(form));
    }

    static Stream<LossSpec<?, ?>> specsOf(TargetForm form) {
        return specs().filter(spec -> spec.forms().contains(form));
    }

    /** Those of single outputs. */
    static Stream<LossSpec<?, ?>> elementSpecs() {
        return specs().filter(spec -> !spec.isPerRow());
    }

    /** A test of {@link #all}. */
    @Retention(RetentionPolicy.RUNTIME)
    @ParameterizedTest
    @MethodSource("all")
    @interface EachDefaultLoss {}

    /** A test of {@link #classLosses}. */
    @Retention(RetentionPolicy.RUNTIME)
    @ParameterizedTest
    @MethodSource("classLosses")
    @interface EachClassLoss {}

    /** A test of {@link #likelihoods}. */
    @Retention(RetentionPolicy.RUNTIME)
    @ParameterizedTest
    @MethodSource("likelihoods")
    @interface EachLikelihood {}

    // ---- who refuses ----

    static void refused(ThrowingCallable call, String... words) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageContainingAll(words);
    }

    /** Every direct method refuses alike. */
    static void refusedDirectly(TorchLoss loss, INDArray input, INDArray target, String... words) {
        refused(() -> loss.value(input, target), words);
        refused(() -> loss.gradient(input, target), words);
        refused(() -> loss.valueAndGradient(input, target), words);
        refused(() -> loss.unreduced(input, target), words);
    }

    /** Every method that DL4J calls refuses alike, without a mask. */
    static void refusedInANetwork(
            TorchLoss loss, INDArray labels, INDArray preOutput, IActivation head, String... words) {
        refusedInANetwork(loss, labels, preOutput, head, null, words);
    }

    /** Likewise with a mask. */
    static void refusedInANetwork(
            TorchLoss loss, INDArray labels, INDArray preOutput, IActivation head, INDArray mask, String... words) {
        refused(() -> loss.computeScore(labels, preOutput, head, mask, false), words);
        refused(() -> loss.computeGradient(labels, preOutput, head, mask), words);
        refused(() -> loss.computeScoreArray(labels, preOutput, head, mask), words);
        refused(() -> loss.computeGradientAndScore(labels, preOutput, head, mask, false), words);
    }

    /** The message begins with torch's words. */
    static void begins(TorchLoss loss, INDArray input, INDArray target, String words) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> loss.value(input, target))
                .withMessageStartingWith(words);
    }

    // ---- arrays ----

    static INDArray halves(long... shape) {
        return Nd4j.valueArrayOf(shape, 0.5, DataType.DOUBLE);
    }

    static INDArray indices(long... values) {
        return Nd4j.createFromArray(values);
    }

    static INDArray zeros(long... shape) {
        return Nd4j.zeros(DataType.INT64, shape);
    }

    static INDArray matrix(double[]... rows) {
        return Nd4j.createFromArray(rows);
    }

    static INDArray column(double... values) {
        return Nd4j.createFromArray(values).reshape(values.length, 1);
    }

    static INDArray numbers(double... values) {
        return Nd4j.createFromArray(values);
    }
}
