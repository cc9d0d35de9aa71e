/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A function of tensors written in TorchScript and run by the real kernels of torch, with gradients by its autograd.
 *
 * <p>For example, torch's cross entropy with a label smoothing of 0.1 and its gradient:
 *
 * <pre>{@code
 * TorchFunction crossEntropy = TorchFunction.of("torch.cross_entropy_loss(x, t, None, 1, -100, 0.1)", "x", "t")
 *         .withRespectTo("x");
 * TorchResult result = crossEntropy.call(
 *         TorchTensor.of(TorchType.FLOAT32, new double[] {0, 0, 0}, 1, 3), TorchTensor.of(TorchType.INT64, new long[] {2}, 1));
 * result.value().item(); // 1.0986123..., the logarithm of 3
 * result.gradient("x"); // about 0.3, 0.3, -0.6
 * }</pre>
 *
 * <p>The text calls the functions of ATen by name, {@code torch.kl_div}, {@code torch.addmm} and so on, with all their
 * arguments by position. It may have several lines: the last line that is not indented starts the result, one tensor,
 * and may continue in indented lines below; the lines before it are statements, with loops and branches as in Python.
 * Types are written as numbers ({@link TorchType#code()}), and so are reductions (0 none, 1 mean, 2 sum).
 *
 * <p>Pass options that change from call to call as tensors without dimensions, and read them with {@code int(t)} or
 * {@code float(t)}: the text then stays the same and is compiled only once. The 256 texts used last are kept compiled.
 *
 * <p>It is immutable, and safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class TorchFunction {

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

    /** Names that the generated code uses. */
    private static final Set<String> RESERVED = Set.of("self", "torch");

    private final String text;
    private final List<String> arguments;
    private final List<String> differentiated;
    private final String methods;

    private TorchFunction(String text, List<String> arguments, List<String> differentiated) {
        this.text = text;
        this.arguments = arguments;
        this.differentiated = differentiated;
        this.methods = ScriptSource.of(text, arguments, differentiated);
    }

    /**
     * Makes a function; torch sees its text at the first call.
     *
     * @param text TorchScript over the arguments, ending in an expression that is one tensor
     * @param arguments the names of the arguments, in their order at a call
     * @return the function, without gradients
     * @throws IllegalArgumentException if the text is blank, or a name is not an identifier, is reserved or occurs
     *     twice
     */
    public static TorchFunction of(String text, String... arguments) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("The text of a torch function has at least one expression");
        }
        for (String name : arguments) {
            if (!NAME.matcher(name).matches() || RESERVED.contains(name)) {
                throw new IllegalArgumentException("An argument cannot be named '" + name + "'");
            }
        }
        return new TorchFunction(text, distinct(arguments), List.of());
    }

    /**
     * Returns this function with gradients of the sum of its value, as {@code torch.autograd.grad} gives them.
     *
     * @param names the arguments to differentiate by, which must be of a floating-point type at the call
     * @return a function whose results have these gradients and no others
     * @throws IllegalArgumentException if a name is not that of an argument, or occurs twice
     */
    public TorchFunction withRespectTo(String... names) {
        for (String name : names) {
            if (!arguments.contains(name)) {
                throw new IllegalArgumentException("No argument is named '" + name + "'; there are " + arguments);
            }
        }
        return new TorchFunction(text, arguments, distinct(names));
    }

    private static List<String> distinct(String... names) {
        if (new HashSet<>(Arrays.asList(names)).size() < names.length) {
            throw new IllegalArgumentException("A name is twice in " + Arrays.toString(names));
        }
        return List.of(names);
    }

    /**
     * Computes the value and the gradients.
     *
     * @param values the arguments, which have their own types in the text
     * @return the value and the gradients asked for
     * @throws IllegalArgumentException if the number of arguments is wrong, or the value is of a type that
     *     {@link TorchType} lacks
     * @throws TorchException if torch rejects the text or the arguments
     */
    public TorchResult call(TorchTensor... values) {
        if (values.length != arguments.size()) {
            throw new IllegalArgumentException("Got " + values.length + " arguments for " + arguments);
        }
        IValue[] inputs = new IValue[values.length + 1];
        try (PtNDManager manager = Torch.manager().newSubManager(Device.cpu())) {
            fill(inputs, manager, values);
            NDList results = Script.run(methods, manager, inputs);
            TorchType type = TorchType.ofCode(Transfer.longs(results.get(results.size() - 1))[0]);
            return new TorchResult(Transfer.fromTorch(results.get(0), type), gradients(results, values));
        } finally {
            Arrays.stream(inputs).filter(Objects::nonNull).forEach(IValue::close);
        }
    }

    /**
     * Computes the value and the gradients for arrays of ND4J.
     *
     * @param first the first argument, as {@link TorchTensor#of(INDArray)} takes it
     * @param others the other arguments
     * @return the value and the gradients asked for
     * @throws IllegalArgumentException if the number of arguments is wrong, or one of them or the value is of a type that
     *     {@link TorchType} lacks
     * @throws TorchException if torch rejects the text or the arguments
     */
    public TorchResult call(INDArray first, INDArray... others) {
        return call(Stream.concat(Stream.of(first), Stream.of(others))
                .map(TorchTensor::of)
                .toArray(TorchTensor[]::new));
    }

    private static void fill(IValue[] inputs, PtNDManager manager, TorchTensor... values) {
        long[] codes =
                Arrays.stream(values).mapToLong(value -> value.type().code()).toArray();
        inputs[0] = IValue.listFrom(codes);
        for (int i = 0; i < values.length; i++) {
            inputs[i + 1] = IValue.from(Transfer.toTorch(manager, values[i]));
        }
    }

    private Map<String, TorchTensor> gradients(NDList results, TorchTensor... values) {
        Map<String, TorchTensor> gradients = new LinkedHashMap<>();
        for (int i = 0; i < differentiated.size(); i++) {
            String name = differentiated.get(i);
            NDArray gradient = results.get(i + 1);
            gradients.put(name, Transfer.fromTorch(gradient, values[arguments.indexOf(name)].type()));
        }
        return gradients;
    }

    /**
     * Returns the text with the names of the arguments.
     *
     * @return the signature and the text
     */
    @Override
    public String toString() {
        return "(" + String.join(", ", arguments) + ") -> " + text;
    }
}
