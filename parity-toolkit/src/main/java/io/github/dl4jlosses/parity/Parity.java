/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Checks a loss function of DL4J, or any function of ND4J arrays, against an expression that the real torch computes.
 *
 * <p>Random inputs go to both sides. Values are compared, and the gradient of a loss with that of torch's autograd:
 *
 * <pre>{@code
 * @Test
 * void theLossIsTorchs() {
 *     Parity.of(new LossMSE()).against("torch.mse_loss(x, t)").check();
 * }
 * }</pre>
 *
 * <p>The <b>expression</b> is TorchScript over
 *
 * <ul>
 *   <li>{@code z}, the pre-output of the layer, [N, C] (for a function of arrays its first argument);
 *   <li>{@code x}, the activated output: {@code z} itself unless an {@link #activation(Activation) activation} is set;
 *   <li>{@code t}, the {@link #targets targets};
 *   <li>{@code m}, the mask, [N, 1], after {@link #masked}.
 * </ul>
 *
 * It calls ATen's functions with arguments by position, see {@link TorchFunction}. Gradients are with respect to
 * {@code z}, as in {@code computeGradient}.
 *
 * <p>A <b>loss</b> is called as DL4J calls it, with labels, pre-output, activation and mask, through
 * {@code computeScore}, {@code computeGradient} and {@code computeGradientAndScore}. By default its <b>scale</b> is
 * that of a network that divides by the minibatch size: the averaged score, and the gradient divided by the number of
 * rows. Torch's means over rows or over all elements match this directly. {@link #summedOverRows} compares the loss
 * before this division with torch's sums; {@link #dividedBy} divides further, for instance by the number of outputs
 * over which DL4J's loss sums.
 *
 * <p>Numbers are <b>equal</b> within the default tolerance of {@code torch.testing.assert_close} for their type
 * ({@link Tolerance#of}), or within the {@link #tolerance tolerance} that is set; a NaN equals a NaN.
 *
 * <p>By default there are 5 cases for each combination of the shapes [1, 2], [5, 3] and [16, 10], float64 and float32,
 * and inputs of standard deviation 1 and 10. Targets lie between 0 and 1, and seeds start at 1.
 *
 * <p>Nothing is compared before {@link #check} or {@link #compare}. Error Prone reports a forgotten call, and
 * {@link UnfinishedChecks} fails a JUnit test that forgets it.
 *
 * <p>It is immutable: every option gives a new object. It needs an ND4J backend at run time, but no test framework.
 *
 * @since 0.1.0
 */
@CheckReturnValue
public final class Parity {

    private final ParitySubject subject;
    private final ParitySettings settings;

    private Parity(ParitySubject subject, ParitySettings settings) {
        this.subject = subject;
        this.settings = settings;
        BegunChecks.add(this);
    }

    /**
     * Begins the check of a loss function.
     *
     * @param loss any loss function, called with arrays of two dimensions unless {@link #shape} says otherwise
     * @return a check that still needs its {@link #against expression}
     * @throws IllegalArgumentException if the loss is null
     */
    public static Parity of(ILossFunction loss) {
        return new Parity(new ParitySubject.Loss(notNull("loss", loss)), new ParitySettings());
    }

    /**
     * Begins the check of a function of arrays, without a gradient.
     *
     * @param function gets the input and the targets, and gives an array with as many numbers as torch's expression
     * @return a check that still needs its {@link #against expression}
     * @throws IllegalArgumentException if the function is null
     */
    public static Parity of(BinaryOperator<INDArray> function) {
        return new Parity(new ParitySubject.Function(notNull("function", function), null), new ParitySettings());
    }

    /**
     * Begins the check of a function of arrays and its gradient.
     *
     * @param function gets the input and the targets, and gives an array with as many numbers as torch's expression
     * @param gradient gets the same, and gives the gradient of the sum of the function with respect to the input, of the
     *     input's shape and dtype
     * @return a check that still needs its {@link #against expression}
     * @throws IllegalArgumentException if an argument is null
     */
    public static Parity of(BinaryOperator<INDArray> function, BinaryOperator<INDArray> gradient) {
        return new Parity(
                new ParitySubject.Function(notNull("function", function), notNull("gradient", gradient)),
                new ParitySettings());
    }

    private static <T> T notNull(String name, T argument) {
        if (argument == null) {
            throw new IllegalArgumentException("The " + name + " is null");
        }
        return argument;
    }

    /**
     * Sets what torch computes.
     *
     * @param expression TorchScript over {@code x}, {@code z}, {@code t} and {@code m}, such as
     *     {@code torch.huber_loss(x, t, 1, 1.0)}; a single number for a loss, any tensor for a function
     * @return a check with this expression
     * @throws IllegalArgumentException if it is null or blank
     */
    public Parity against(String expression) {
        if (notNull("expression", expression).isBlank()) {
            throw new IllegalArgumentException("The expression is blank");
        }
        return with(set -> set.expression = expression);
    }

    /**
     * Sets the activation of the layer, which gives {@code x}; identity by default.
     *
     * @param activation one that torch has too: CUBE, ELU, HARDTANH, IDENTITY, LEAKYRELU, MISH, RELU, SELU, SIGMOID,
     *     SOFTMAX (over dimension 1), SOFTPLUS, SOFTSIGN, SWISH or TANH, with DL4J's defaults
     * @return a check with this activation
     * @throws IllegalArgumentException for any other; use {@link #activation(IActivation, String)} for those
     */
    public Parity activation(Activation activation) {
        TorchActivation head = TorchActivation.of(notNull("activation", activation));
        return with(set -> set.head = head);
    }

    /**
     * Sets an activation with its expression.
     *
     * <pre>{@code
     * parity.activation(new ActivationLReLU(0.2), "torch.leaky_relu(z, 0.2)");
     * }</pre>
     *
     * @param activation the activation that the loss gets
     * @param expression the same function in torch, over {@code z}
     * @return a check with this activation
     * @throws IllegalArgumentException if one is null
     */
    public Parity activation(IActivation activation, String expression) {
        TorchActivation head =
                new TorchActivation(notNull("activation", activation), notNull("expression", expression));
        return with(set -> set.head = head);
    }

    /**
     * Sets the only shape of the inputs.
     *
     * @param sizes the sizes of the dimensions, each at least 1; a loss in a network gets two dimensions
     * @return a check with this shape
     * @throws IllegalArgumentException if there is no size, one is below 1, or their product does not fit an int
     */
    public Parity shape(long... sizes) {
        return shapes(sizes);
    }

    /**
     * Sets the shapes of the inputs.
     *
     * @param shapes one or more shapes, with sizes of at least 1
     * @return a check with these shapes
     * @throws IllegalArgumentException if there is no shape, a shape has no dimension, a size is below 1, or the
     *     product of the sizes does not fit an int
     */
    public Parity shapes(long[]... shapes) {
        boolean wrong = Stream.of(shapes)
                .anyMatch(shape -> shape.length == 0
                        || LongStream.of(shape).anyMatch(size -> size < 1)
                        || LongStream.of(shape).asDoubleStream().reduce(1, (a, b) -> a * b) > Integer.MAX_VALUE);
        if (shapes.length == 0 || wrong) {
            throw new IllegalArgumentException(
                    "Shapes must have a dimension or more, sizes of at least 1 and at most 2147483647 numbers, got "
                            + Arrays.deepToString(shapes));
        }
        List<long[]> copies = Stream.of(shapes).map(long[]::clone).toList();
        return with(set -> set.shapes = copies);
    }

    /**
     * Sets the dtypes of the inputs.
     *
     * @param types one or more of DOUBLE, FLOAT, FLOAT16 and BFLOAT16
     * @return a check with these dtypes
     * @throws IllegalArgumentException if there is no dtype, or one of another kind
     */
    public Parity dtypes(DataType... types) {
        List<TorchType> torchTypes = Stream.of(types).map(TorchTensor::typeOf).toList();
        if (types.length == 0 || !torchTypes.stream().allMatch(TorchType::isFloatingPoint)) {
            throw new IllegalArgumentException(
                    "There must be one or more dtypes, all of floating point, got " + Arrays.toString(types));
        }
        return with(set -> set.types = torchTypes);
    }

    /**
     * Sets the factors of the drawn inputs, by default 1 and 10: the standard deviations of normally distributed
     * inputs.
     *
     * @param magnitudes one or more factors
     * @return a check with these magnitudes
     * @throws IllegalArgumentException if there is no factor, or one is not finite
     */
    public Parity magnitudes(double... magnitudes) {
        if (magnitudes.length == 0 || !DoubleStream.of(magnitudes).allMatch(Double::isFinite)) {
            throw new IllegalArgumentException(
                    "There must be one or more magnitudes, all finite, got " + Arrays.toString(magnitudes));
        }
        double[] copy = magnitudes.clone();
        return with(set -> set.magnitudes = copy);
    }

    /**
     * Sets how each number of the input is drawn, before it is multiplied by a magnitude; normally distributed by default.
     *
     * <pre>{@code
     * parity.inputs(Random::nextDouble).magnitudes(1); // between 0 and 1
     * }</pre>
     *
     * @param numbers draws a number
     * @return a check with these inputs
     * @throws IllegalArgumentException if it is null
     */
    public Parity inputs(ToDoubleFunction<Random> numbers) {
        ToDoubleFunction<Random> drawn = notNull("source of inputs", numbers);
        return with(set -> set.inputs = drawn);
    }

    /**
     * Sets the targets; {@link Targets#uniform} by default.
     *
     * @param targets the source of the targets
     * @return a check with these targets
     * @throws IllegalArgumentException if they are null
     */
    public Parity targets(Targets targets) {
        Targets given = notNull("source of targets", targets);
        return with(set -> set.targets = given);
    }

    /**
     * Masks random rows: the loss gets a mask [N, 1] of zeros and ones, and the expression gets the same mask as
     * {@code m}. At least one row is kept.
     *
     * @return a check with a mask
     */
    public Parity masked() {
        return with(set -> set.masked = true);
    }

    /**
     * Uses these numbers instead of random ones, in one case for each dtype.
     *
     * <pre>{@code
     * parity.on(Nd4j.createFromArray(new double[][] {{-20}}), Nd4j.createFromArray(new double[][] {{1}}));
     * }</pre>
     *
     * @param input the pre-output, or the input of the function
     * @param targets the targets for both sides, of any shape; those of a floating-point dtype are cast to the input's
     * @return a check of this case, which ignores shapes, magnitudes, targets, seed and cases
     * @throws IllegalArgumentException if one is null or of a dtype that torch lacks
     */
    public Parity on(INDArray input, INDArray targets) {
        TorchTensor givenInput = TorchTensor.of(notNull("input", input));
        TorchTensor givenTargets = TorchTensor.of(notNull("array of targets", targets));
        return with(set -> {
            set.givenInput = givenInput;
            set.givenTargets = givenTargets;
        });
    }

    /**
     * Sets the seed of the first case of each combination; the next cases have the seeds that follow. By default 1.
     *
     * @param seed the seed
     * @return a check with this seed
     */
    public Parity seed(long seed) {
        return with(set -> set.seed = seed);
    }

    /**
     * Sets the number of cases for each combination of shape, dtype and magnitude; 5 by default.
     *
     * @param cases the number
     * @return a check with this number of cases
     * @throws IllegalArgumentException if it is below 1
     */
    public Parity cases(int cases) {
        if (cases < 1) {
            throw new IllegalArgumentException("cases must be at least 1, got " + cases);
        }
        return with(set -> set.cases = cases);
    }

    /**
     * Compares sums over the rows: {@code computeScore} with {@code average = false}, and the gradient as the loss
     * returns it. The expression must then be a sum, too. This has no effect on a function of arrays.
     *
     * @return a check of sums
     */
    public Parity summedOverRows() {
        return with(set -> set.summedOverRows = true);
    }

    /**
     * Divides value and gradient of the loss or function before the comparison, in addition to the scale above.
     *
     * @param divisor the divisor; 1 by default
     * @return a check with this divisor
     * @throws IllegalArgumentException if it is 0 or not finite
     */
    public Parity dividedBy(double divisor) {
        if (divisor == 0 || !Double.isFinite(divisor)) {
            throw new IllegalArgumentException("The divisor must be finite and not 0, got " + divisor);
        }
        return with(set -> set.divisor = divisor);
    }

    /**
     * Sets the tolerance for all types; by default each has its own, {@link Tolerance#of}.
     *
     * @param relative {@code rtol}
     * @param absolute {@code atol}
     * @return a check with this tolerance
     * @throws IllegalArgumentException if one is negative or not finite
     */
    public Parity tolerance(double relative, double absolute) {
        Tolerance tolerance = new Tolerance(relative, absolute);
        return with(set -> set.tolerance = tolerance);
    }

    /**
     * Lets torch's float64 result on the same numbers decide if a number is too far from torch's in a narrower dtype:
     * it passes if it is near the float64 result and nearer than torch's own, which lost digits or overflowed.
     *
     * @return a check in which a better number than torch's passes
     */
    public Parity float64Decides() {
        return with(set -> set.float64Decides = true);
    }

    /**
     * Compares, and fails if a number is too far from torch's.
     *
     * @throws AssertionError if a number is too far from torch's, if the loss throws where torch does not, or if all
     *     numbers are NaN on both sides; the message shows the worst case with its place, both numbers, their
     *     difference, the inputs there, and the calls that repeat it alone
     * @throws IllegalArgumentException if torch rejects the expression, or if it is more than one number where a loss is one
     * @throws IllegalStateException if there is no expression, or both {@link #on} and {@link #masked} are set
     */
    public void check() {
        ParityResult result = compare();
        if (!result.passed()) {
            throw new AssertionError(result.message(), result.cause());
        }
    }

    /**
     * Compares, and returns the result without failing.
     *
     * @return the result
     * @throws IllegalArgumentException if torch rejects the expression, or if it is more than one number where a loss is one
     * @throws IllegalStateException if there is no expression, or both {@link #on} and {@link #masked} are set
     */
    public ParityResult compare() {
        BegunChecks.finish(this);
        if (settings.expression == null) {
            throw new IllegalStateException("There is no expression of torch to compare with: call against first");
        }
        if (settings.masked && settings.givenInput != null) {
            throw new IllegalStateException("A given case has no mask: call either on or masked");
        }
        return new ParityRun(subject, settings).result();
    }

    private Parity with(Consumer<ParitySettings> change) {
        // the new object takes over the duty to be finished
        BegunChecks.finish(this);
        ParitySettings copy = settings.copy();
        change.accept(copy);
        return new Parity(subject, copy);
    }

    /**
     * The loss or function that is compared.
     *
     * @return the loss or function, and the expression if there is one
     */
    @Override
    public String toString() {
        return subject + (settings.expression == null ? "" : " against " + settings.expression);
    }
}
