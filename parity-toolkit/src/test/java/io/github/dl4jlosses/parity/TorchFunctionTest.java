/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.DoubleStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TorchFunctionTest {

    private static final Offset<Double> TINY = within(1e-15);
    private static final TorchFunction CROSS_ENTROPY = TorchFunction.of(
                    "torch.cross_entropy_loss(x, t, None, 1, -100, 0.0)", "x", "t")
            .withRespectTo("x");

    @Test
    void crossEntropyOfUniformLogitsIsTheLogarithmOfTheClasses() {
        TorchResult result = CROSS_ENTROPY.call(doubles(new double[4], 1, 4), classes(2));
        assertThat(result.value().item()).isCloseTo(Math.log(4), TINY);
        assertThat(result.value().shape()).isEmpty();
        assertThat(result.gradient("x")).isEqualTo(doubles(new double[] {.25, .25, -.75, .25}, 1, 4));
    }

    @Test
    void negativeLogLikelihoodPicksTheTargetsLogProbability() {
        TorchFunction loss = TorchFunction.of("torch.nll_loss_nd(x, t, None, 2, -100)", "x", "t");
        TorchResult result = loss.withRespectTo("x").call(doubles(new double[] {-1, -2, -3, -4}, 2, 2), classes(1, 0));
        assertThat(result.value().item()).isEqualTo(5);
        assertThat(result.gradient("x").toDoubles()).containsExactly(0, -1, -1, 0);
    }

    @Test
    void binaryCrossEntropyOfOneHalfIsTheLogarithmOfTwo() {
        TorchFunction loss = TorchFunction.of("torch.binary_cross_entropy(x, y, None, 1)", "x", "y");
        TorchResult result = loss.withRespectTo("x").call(doubles(new double[] {.5}, 1), doubles(new double[] {1}, 1));
        assertThat(result.value().item()).isCloseTo(Math.log(2), TINY);
        assertThat(result.gradient("x").item()).isEqualTo(-2);
    }

    @Test
    void theLogitsFormHasTheGradientSigmoidMinusTarget() {
        TorchFunction loss = TorchFunction.of("torch.binary_cross_entropy_with_logits(x, y, None, None, 0)", "x", "y");
        TorchResult result = loss.withRespectTo("x").call(doubles(new double[2], 2), doubles(new double[] {1, 0}, 2));
        assertThat(result.value().toDoubles()).containsExactly(new double[] {Math.log(2), Math.log(2)}, TINY);
        assertThat(result.gradient("x").toDoubles()).containsExactly(-.5, .5);
    }

    @Test
    void divergenceFromItselfIsZero() {
        TorchFunction loss = TorchFunction.of("torch.kl_div(x, y, 2, log_target=False)", "x", "y");
        double[] logs = {Math.log(.25), Math.log(.75)};
        TorchResult result = loss.withRespectTo("x", "y").call(doubles(logs, 2), doubles(new double[] {.25, .75}, 2));
        assertThat(result.value().item()).isCloseTo(0, TINY);
        assertThat(result.gradient("x").toDoubles()).containsExactly(-.25, -.75);
        // y log y - y x differentiates to log y + 1 - x
        assertThat(result.gradient("y").toDoubles()).containsExactly(new double[] {1, 1}, TINY);
    }

    @Test
    void optionsMayBeTensorsWithoutDimensions() {
        TorchFunction loss = TorchFunction.of(
                "torch.cross_entropy_loss(x, t, None, int(reduction), -100, float(smoothing))",
                "x",
                "t",
                "reduction",
                "smoothing");
        TorchTensor x = doubles(new double[] {1, 2, 3, 4}, 2, 2);
        for (double smoothing : new double[] {0, 0.1, 0.5}) {
            TorchFunction written =
                    TorchFunction.of("torch.cross_entropy_loss(x, t, None, 2, -100, " + smoothing + ")", "x", "t");
            TorchTensor passed = loss.call(
                            x,
                            classes(0, 1),
                            TorchTensor.scalar(TorchType.INT64, 2),
                            TorchTensor.scalar(TorchType.FLOAT64, smoothing))
                    .value();
            assertThat(passed).isEqualTo(written.call(x, classes(0, 1)).value());
        }
    }

    @ParameterizedTest
    @EnumSource
    void argumentsHaveTheirOwnTypeInTheText(TorchType type) {
        TorchFunction types = TorchFunction.of("torch.tensor([x.dtype])", "x");
        TorchTensor x = TorchTensor.of(type, new double[] {0, 1}, 2);
        assertThat(types.call(x).value().toLongs()).containsExactly(type.code());
        assertThat(TorchFunction.of("x", "x").call(x).value()).isEqualTo(x);
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16", "FLOAT32", "FLOAT64"})
    void gradientsHaveTheTypeOfTheArgument(TorchType type) {
        TorchTensor x = TorchTensor.of(type, new double[] {.1, .2, .3}, 1, 3);
        TorchResult result = CROSS_ENTROPY.call(x, classes(0));
        assertThat(result.value().type()).isEqualTo(type);
        assertThat(result.gradient("x").type()).isEqualTo(type);
        double sum = Arrays.stream(result.gradient("x").toDoubles()).sum();
        assertThat(sum).isCloseTo(0, within(type == TorchType.BFLOAT16 ? 1e-2 : 1e-3));
    }

    @Test
    void theValueHasTorchsResultType() {
        TorchFunction sum = TorchFunction.of("x + y", "x", "y");
        TorchTensor half = TorchTensor.of(TorchType.FLOAT16, new double[] {1}, 1);
        TorchTensor brain = TorchTensor.of(TorchType.BFLOAT16, new double[] {1}, 1);
        assertThat(sum.call(half, brain).value().type()).isEqualTo(TorchType.FLOAT32);
        assertThat(sum.call(half, classes(1)).value().type()).isEqualTo(TorchType.FLOAT16);
    }

    @Test
    void integersDivideAsInPresentTorch() {
        TorchFunction quotient = TorchFunction.of("torch.div(x, y)", "x", "y");
        assertThat(quotient.call(classes(1), classes(2)).value())
                .isEqualTo(TorchTensor.of(TorchType.FLOAT32, new double[] {.5}, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void anyNumberOfDimensionsIsKept(int rank) {
        long[] shape = Arrays.copyOf(new long[] {2, 1, 3, 1, 2}, rank);
        int size = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        TorchTensor x = doubles(new Random(rank).doubles(size).toArray(), shape);
        TorchResult result = TorchFunction.of("x * x", "x").withRespectTo("x").call(x);
        double[] doubled = Arrays.stream(x.toDoubles()).map(v -> 2 * v).toArray();
        assertThat(result.gradient("x")).isEqualTo(doubles(doubled, shape));
    }

    @Test
    void arraysAreArgumentsToo() {
        INDArray x = Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}});
        TorchFunction sum = TorchFunction.of("x + y", "x", "y");
        assertThat(sum.call(x, x.transpose()).value().toArray()).isEqualTo(x.add(x.transpose()));
    }

    @Test
    void emptyTensorsAreKept() {
        TorchResult result =
                TorchFunction.of("torch.mean(x)", "x").withRespectTo("x").call(doubles(new double[0], 0, 3));
        assertThat(result.value().item()).isNaN();
        assertThat(result.gradient("x").shape()).containsExactly(0, 3);
        TorchTensor none = TorchTensor.of(TorchType.INT64, new long[0], 2, 0);
        assertThat(TorchFunction.of("x", "x").call(none).value()).isEqualTo(none);
    }

    @Test
    void specialValuesPassUnchanged() {
        TorchTensor x = doubles(
                new double[] {Double.NaN, Double.NEGATIVE_INFINITY, -0.0, Double.MIN_VALUE, Double.MAX_VALUE}, 5);
        assertThat(TorchFunction.of("x", "x").call(x).value()).isEqualTo(x);
    }

    @Test
    void statementsLoopAndBranch() {
        TorchFunction power = TorchFunction.of("""
                y = torch.ones_like(x)
                for i in range(int(n)):
                  if i < 3:
                    y = y * x

                torch.mul(
                    y, 2)
                """, "x", "n");
        TorchResult result =
                power.withRespectTo("x").call(doubles(new double[] {3}, 1), TorchTensor.scalar(TorchType.INT64, 9));
        assertThat(result.value().item()).isEqualTo(54);
        assertThat(result.gradient("x").item()).isEqualTo(54);
    }

    @Test
    void aNetworkHasGradientsForAllItsParameters() {
        TorchFunction loss = TorchFunction.of("""
                hidden = torch.tanh(torch.addmm(b1, x, w1))
                torch.cross_entropy_loss(torch.addmm(b2, hidden, w2), t, None, 1, -100, 0.0)
                """, "x", "t", "w1", "b1", "w2", "b2");
        Random random = new Random(7);
        TorchTensor[] arguments = {
            gaussians(random, 4, 3),
            classes(0, 1, 1, 0),
            gaussians(random, 3, 5),
            gaussians(random, 5),
            gaussians(random, 5, 2),
            gaussians(random, 2)
        };
        String[] parameters = {"w1", "b1", "w2", "b2"};
        TorchResult result = loss.withRespectTo(parameters).call(arguments);
        for (int i = 0; i < parameters.length; i++) {
            double[] gradient = result.gradient(parameters[i]).toDoubles();
            double difference = centralDifference(loss, arguments, i + 2);
            assertThat(gradient[0]).as("seed 7, %s", parameters[i]).isCloseTo(difference, within(1e-8));
        }
    }

    private static double centralDifference(TorchFunction loss, TorchTensor[] arguments, int index) {
        double step = 1e-5;
        return (shifted(loss, arguments, index, step) - shifted(loss, arguments, index, -step)) / (2 * step);
    }

    private static double shifted(TorchFunction loss, TorchTensor[] arguments, int index, double step) {
        TorchTensor[] moved = arguments.clone();
        double[] values = arguments[index].toDoubles();
        values[0] += step;
        moved[index] = doubles(values, arguments[index].shape());
        return loss.call(moved).value().item();
    }

    @Test
    void anArgumentWithoutInfluenceHasAZeroGradient() {
        TorchFunction sum = TorchFunction.of("torch.sum(x)", "x", "y");
        TorchTensor pair = doubles(new double[] {1, 2}, 2);
        assertThat(sum.withRespectTo("x", "y").call(pair, pair).gradient("y")).isEqualTo(doubles(new double[2], 2));
        assertTorchRejects(() -> sum.withRespectTo("y").call(pair, pair))
                .withMessage("element 0 of tensors does not require grad and does not have a grad_fn");
    }

    @Test
    void argumentsAreNotChangedByWritingToThem() {
        TorchTensor x = doubles(new double[] {1}, 1);
        assertThat(TorchFunction.of("x.add_(1)", "x").call(x).value().item()).isEqualTo(2);
        assertThat(x.item()).isEqualTo(1);
    }

    @Test
    void errorsHaveExactlyTorchsMessage() {
        assertTorchRejects(() -> CROSS_ENTROPY.call(doubles(new double[3], 1, 3), classes(3)))
                .withMessage("Target 3 is out of bounds.")
                .havingCause()
                .withMessageContaining("torch.cross_entropy_loss");
        assertTorchRejects(() -> TorchFunction.of("torch.binary_cross_entropy(x, x, None, 1)", "x")
                        .call(doubles(new double[] {1.5}, 1)))
                .withMessage("all elements of input should be between 0 and 1");
    }

    private static ThrowableAssertAlternative<TorchException> assertTorchRejects(ThrowingCallable call) {
        return assertThatExceptionOfType(TorchException.class).isThrownBy(call);
    }

    @Test
    void aGradientOfIntegersIsTorchsError() {
        assertTorchRejects(() -> TorchFunction.of("t", "t").withRespectTo("t").call(classes(1)))
                .withMessage("Only Tensors of floating point and complex dtype can require gradients");
    }

    @Test
    void errorsInTheTextAreTheCompilersAndTheirCauseShowsWhere() {
        assertTorchRejects(() -> TorchFunction.of("torch.sum(y)", "x").call(classes(1)))
                .withMessage("undefined value y")
                .withStackTraceContaining("return torch.sum(y)");
        assertTorchRejects(() -> TorchFunction.of("torch.sum(x", "x").call(classes(1)))
                .withMessage("expected ) at the end");
        assertTorchRejects(
                        () -> TorchFunction.of("torch.no_such_function(x)", "x").call(classes(1)))
                .withMessage("Unknown builtin op: aten::no_such_function.");
    }

    @Test
    void wrongUseIsRejected() {
        TorchFunction same = TorchFunction.of("x", "x");
        rejected("Got 2 arguments for [x]", () -> same.call(classes(1), classes(1)));
        rejected("No argument is named 'y'; there are [x]", () -> same.withRespectTo("y"));
        rejected(
                "No gradient with respect to 'x' was asked for; withRespectTo named []",
                () -> same.call(classes(1)).gradient("x"));
        rejected("A name is twice in [x, x]", () -> TorchFunction.of("x", "x", "x"));
        rejected("An argument cannot be named 'self'", () -> TorchFunction.of("x", "self"));
        rejected("The text of a torch function has at least one expression", () -> TorchFunction.of(" \n", "x"));
    }

    private static void rejected(String message, ThrowingCallable use) {
        assertThatIllegalArgumentException().isThrownBy(use).withMessage(message);
    }

    @Test
    void manyThreadsGetTheSameResults() throws Exception {
        TorchTensor x =
                TorchTensor.of(TorchType.FLOAT32, new Random(3).doubles(1 << 17).toArray(), 1 << 15, 4);
        TorchTensor t = TorchTensor.of(TorchType.INT64, new long[1 << 15], 1 << 15);
        TorchTensor expected = CROSS_ENTROPY.call(x, t).gradient("x");
        double mean = CROSS_ENTROPY.call(x, t).value().item();
        for (TorchResult result : onEightThreads(Collections.nCopies(64, () -> CROSS_ENTROPY.call(x, t)))) {
            assertThat(result.value().item()).isEqualTo(mean);
            assertThat(result.gradient("x")).isEqualTo(expected);
        }
    }

    @Test
    void manyThreadsMayCompileMoreTextsThanAreKept() throws Exception {
        List<Callable<TorchResult>> calls = new ArrayList<>();
        for (int i = 0; i < 1200; i++) {
            TorchFunction function = TorchFunction.of("x + " + i % 400, "x");
            calls.add(() -> function.call(classes(0)));
        }
        List<TorchResult> results = onEightThreads(calls);
        for (int i = 0; i < results.size(); i++) {
            assertThat(results.get(i).value().toLongs()).containsExactly(i % 400);
        }
    }

    private static List<TorchResult> onEightThreads(List<Callable<TorchResult>> calls) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<TorchResult> results = new ArrayList<>();
            for (Future<TorchResult> result : threads.invokeAll(calls)) {
                results.add(result.get());
            }
            assertThat(results).hasSameSizeAs(calls);
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void memoryStaysFlatOverManyCallsAndErrors() throws IOException {
        Path statistics = Path.of("/proc/self/statm");
        assumeThat(statistics).exists();
        TorchTensor x = TorchTensor.of(TorchType.FLOAT32, new double[20_000], 2000, 10);
        TorchTensor t = TorchTensor.of(TorchType.INT64, new long[2000], 2000);
        TorchTensor wrong = TorchTensor.of(TorchType.INT64, new double[] {-7}, 1);
        callAndFail(1000, x, t, wrong);
        long smallest = Long.MAX_VALUE;
        for (int round = 0; round < 8 && smallest >= 65_000; round++) {
            long before = residentPages(statistics);
            callAndFail(5000, x, t, wrong);
            smallest = Math.min(smallest, residentPages(statistics) - before);
        }
        // a leak of the 160 kB argument alone would be 195,000 pages in every round; Java's own heap stops growing
        assertThat(smallest).isLessThan(65_000);
    }

    private static void callAndFail(int times, TorchTensor x, TorchTensor t, TorchTensor wrong) {
        for (int i = 0; i < times; i++) {
            TorchTensor target = i % 2 == 0 ? t : wrong;
            try {
                CROSS_ENTROPY.call(x, target);
            } catch (TorchException e) {
                assertThat(target).isSameAs(wrong);
            }
        }
    }

    private static long residentPages(Path statistics) throws IOException {
        return Long.parseLong(Files.readString(statistics).split(" ", 3)[1]);
    }

    @Test
    void theVersionIsThatOfTheLoadedLibrary() {
        assertThat(Torch.version()).matches("\\d+\\.\\d+\\.\\d+");
    }

    private static TorchTensor doubles(double[] values, long... shape) {
        return TorchTensor.of(TorchType.FLOAT64, values, shape);
    }

    private static TorchTensor classes(long... indices) {
        return TorchTensor.of(TorchType.INT64, indices, indices.length);
    }

    private static TorchTensor gaussians(Random random, long... shape) {
        int size = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        return doubles(DoubleStream.generate(random::nextGaussian).limit(size).toArray(), shape);
    }
}
