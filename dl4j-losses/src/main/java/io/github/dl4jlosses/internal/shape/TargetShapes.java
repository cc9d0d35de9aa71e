/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.internal.shape;

import io.github.dl4jlosses.internal.memory.Broadcast;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** torch's checks of a target's shape and dtype in a direct call, with torch's words. */
public final class TargetShapes {
    private TargetShapes() {}

    /**
     * Checks the shape of class indices.
     *
     * @param input (C), (N, C) or (N, C, d1..dk)
     * @param target (), (N) or (N, d1..dk)
     */
    public static void requireIndices(INDArray input, INDArray target) {
        if (input.rank() == 1) {
            requireSingleIndex(input, target);
            return;
        }
        long targets = target.rank() == 0 ? 0 : target.size(0);
        if (input.size(0) != targets) {
            throw new IllegalArgumentException("Expected input batch_size (" + input.size(0)
                    + ") to match target batch_size (" + targets + ")." + shapes(input, target));
        }
        long[] expected = withoutClasses(input);
        if (Arrays.equals(expected, target.shape())) {
            return;
        }
        String complaint;
        if (input.rank() == 2) {
            complaint = "0D or 1D target tensor expected, multi-target not supported";
        } else if (input.rank() != 4) {
            complaint = "Expected target size " + Arrays.toString(expected) + ", got " + TorchNames.size(target);
        } else if (target.rank() != 3) {
            complaint = "only batches of spatial targets supported (3D tensors) but got targets of dimension: "
                    + target.rank();
        } else {
            complaint = "size mismatch (got input: " + TorchNames.size(input) + " , target: " + TorchNames.size(target);
        }
        throw new IllegalArgumentException(
                complaint + shapes(input, target) + "; class indices must have shape " + Arrays.toString(expected));
    }

    private static void requireSingleIndex(INDArray input, INDArray target) {
        boolean single = target.rank() == 0 || (target.rank() == 1 && target.length() == 1 && input.length() == 1);
        if (!single) {
            throw new IllegalArgumentException((target.rank() > 1
                            ? "0D or 1D target tensor expected, multi-target not supported"
                            : "size mismatch (got input: " + TorchNames.size(input) + ", target: "
                                    + TorchNames.size(target) + ")")
                    + shapes(input, target) + "; an input of rank 1 takes a single class index, of rank 0");
        }
    }

    /** The shape of class indices: the input's without its class dimension. */
    public static long[] withoutClasses(INDArray input) {
        long[] shape = input.shape();
        if (shape.length <= 1) {
            return new long[0];
        }
        long[] rest = new long[shape.length - 1];
        rest[0] = shape[0];
        System.arraycopy(shape, 2, rest, 1, shape.length - 2);
        return rest;
    }

    /**
     * One-hot targets have the input's shape.
     *
     * @param has the message's words for the target
     * @param other the message's words for the input
     */
    public static void requireOneHotShape(INDArray input, INDArray target, String has, String other) {
        if (!Arrays.equals(input.shape(), target.shape())) {
            throw new IllegalArgumentException("one-hot target expected: the " + has + " shape "
                    + TorchNames.size(target) + ", but must have the " + other + "'s, " + TorchNames.size(input));
        }
    }

    /** Refuses any shape but that of the logits, in the words of torch's binary cross entropy. */
    public static void requireSizeOfLogits(INDArray input, INDArray target) {
        if (!Arrays.equals(input.shape(), target.shape())) {
            throw new IllegalArgumentException("Target size (" + TorchNames.pythonSize(target)
                    + ") must be the same as input size (" + TorchNames.pythonSize(input) + ")");
        }
    }

    /**
     * Refuses any shape but the input's. Torch broadcasts shapes that fit, with this warning, and raises an error for
     * others.
     */
    public static void requireSameSize(INDArray input, INDArray target) {
        if (!Arrays.equals(input.shape(), target.shape())) {
            Broadcast.shape(input, "input", target, "target");
            throw broadcasting(input, target);
        }
    }

    /** The same for losses that torch broadcasts without a warning, and whose kernels name the target first. */
    public static void requireSameSizeTargetFirst(INDArray input, INDArray target) {
        if (!Arrays.equals(input.shape(), target.shape())) {
            Broadcast.shape(target, "target", input, "input");
            throw broadcasting(input, target);
        }
    }

    /** The same for a loss that torch writes into an array of the input's shape. */
    public static void requireSizeOfResult(INDArray input, INDArray target) {
        if (!Arrays.equals(input.shape(), target.shape())) {
            long[] common = Broadcast.shape(input, "input", target, "target");
            if (!Arrays.equals(common, input.shape())) {
                throw new IllegalArgumentException("output with shape " + TorchNames.size(input)
                        + " doesn't match the broadcast shape " + Arrays.toString(common) + shapes(input, target));
            }
            throw broadcasting(input, target);
        }
    }

    private static IllegalArgumentException broadcasting(INDArray input, INDArray target) {
        return broadcasting(input.shape(), target);
    }

    static IllegalArgumentException broadcasting(long[] input, INDArray target) {
        return new IllegalArgumentException("Using a target size (" + TorchNames.pythonSize(target)
                + ") that is different to the input size (" + TorchNames.pythonSize(input)
                + "). This will likely lead to incorrect results due to broadcasting."
                + " Please ensure they have the same size.");
    }

    /**
     * Refuses an array that cannot have a gradient.
     *
     * @param name the name of the array in the message
     */
    public static void requireDifferentiable(INDArray array, String name) {
        if (!array.dataType().isFPType()) {
            throw new IllegalArgumentException(
                    "only Tensors of floating point and complex dtype can require gradients (" + name + " has dtype "
                            + array.dataType() + ")");
        }
    }

    /**
     * Refuses a single number, and inputs with positions, whose classes torch has in the last dimension instead of
     * dimension 1.
     */
    public static void requireRowsOfClasses(INDArray input) {
        if (input.rank() == 0) {
            throw new IllegalArgumentException("Dimension specified as -1 but tensor has no dimensions (the input is a"
                    + " single number; its shape must be (C) or (N, C))");
        }
        if (input.rank() > 2) {
            throw new IllegalArgumentException("the input has shape " + TorchNames.size(input)
                    + ", but must have (C) or (N, C): torch takes the last dimension for the classes, and this library"
                    + " dimension 1; reshape input and target to (rows, classes)");
        }
    }

    /** Refuses inputs that are not rows of classes, in the words of torch's margin losses; zero rows are allowed. */
    public static void requireVectorOrMatrix(INDArray input) {
        if (input.rank() > 2 || outputs(input) == 0) {
            throw new IllegalArgumentException(
                    "Expected non-empty vector or matrix with optional 0-dim batch size, but got: "
                            + TorchNames.size(input)
                            + " (the input's shape must be (C) or (N, C), with the classes in dimension 1; positions go into the rows)");
        }
    }

    /** Checks that there is one class index for each row of such an input, in the same words. */
    public static void requireIndexPerRow(INDArray input, INDArray target) {
        long rows = input.rank() < 2 ? 1 : input.size(0);
        if (target.rank() > 1 || target.length() != rows) {
            throw new IllegalArgumentException("inconsistent target size, expected " + rows + " but got "
                    + TorchNames.size(target) + shapes(input, target));
        }
    }

    /** Checks that there is a list of classes for each row of such an input, in the same words. */
    public static void requireListPerRow(INDArray input, INDArray target) {
        boolean single = input.rank() < 2 && target.rank() < 2 && input.length() == target.length();
        if (!single && !Arrays.equals(input.shape(), target.shape())) {
            throw new IllegalArgumentException("inconsistent target size: " + TorchNames.size(target)
                    + " for input of size: " + TorchNames.size(input)
                    + " (each row of the target is a list of classes, filled up with -1)");
        }
    }

    /** Refuses class indices that are not numbers. */
    public static void requireIndexDtype(INDArray target) {
        if (!target.dataType().isNumerical()) {
            throw new IllegalArgumentException("expected scalar type Long but found " + TorchNames.dtype(target)
                    + " (class indices must have an integer dtype, or whole numbers in a floating one)");
        }
    }

    /** Refuses a dtype that torch has no kernel for. */
    public static void requireFloating(INDArray input, String kernel) {
        if (!input.dataType().isFPType()) {
            throw new IllegalArgumentException("\"" + kernel + "\" not implemented for '" + TorchNames.dtype(input)
                    + "' (the input must be DOUBLE, FLOAT, HALF or BFLOAT16, got " + input.dataType() + ")");
        }
    }

    /**
     * Refuses an integer array into which torch would write floating-point results.
     *
     * @param numbers the floating numbers
     * @param name the name of the array in the message
     */
    public static void requireFloatingResult(INDArray numbers, INDArray array, String name) {
        if (!array.dataType().isFPType()) {
            // torch's result is float32 if all arrays are integers
            String result = numbers.dataType().isFPType() ? TorchNames.dtype(numbers) : "Float";
            throw new IllegalArgumentException("result type " + result
                    + " can't be cast to the desired output type " + TorchNames.dtype(array) + " (the " + name
                    + " must have a floating dtype, got " + array.dataType() + ")");
        }
    }

    /**
     * Refuses an integer array that torch clamps in place to a floating-point bound.
     *
     * @param name the name of the array in the message
     */
    public static void requireClampable(INDArray array, String name) {
        if (!array.dataType().isFPType()) {
            throw new IllegalArgumentException("result type Float can't be cast to the desired output type "
                    + TorchNames.cppType(array) + " (the " + name + " must have a floating dtype, got "
                    + array.dataType() + ")");
        }
    }

    /**
     * Refuses booleans, which torch does not subtract.
     *
     * @param name the name of the array in the message
     */
    public static void requireSubtractable(INDArray array, String name) {
        if (array.dataType() == DataType.BOOL) {
            throw new IllegalArgumentException(
                    "Subtraction, the `-` operator, with a bool tensor is not supported. If you are trying to invert a"
                            + " mask, use the `~` or `logical_not()` operator instead. (" + name + " has dtype BOOL)");
        }
    }

    /**
     * Checks the length of class weights.
     *
     * @param weight the weights, or null
     * @param prefix the beginning of torch's message
     */
    public static void requireWeightPerClass(double[] weight, INDArray input, String prefix, boolean probabilities) {
        long classes = outputs(input);
        if (weight == null || weight.length == classes) {
            return;
        }
        boolean brief = !probabilities && input.rank() > 2;
        throw new IllegalArgumentException(prefix + "weight tensor should be defined either for all "
                + (brief
                        ? "or no classes"
                        : classes + " classes or no classes but got weight tensor of shape: [" + weight.length + "]")
                + lengths(weight, input));
    }

    /** The same for a loss whose message has both lengths. */
    public static void requireConsistentWeight(double[] weight, INDArray input) {
        if (weight != null && weight.length != outputs(input)) {
            throw new IllegalArgumentException("inconsistent weight size, expected " + outputs(input) + " but got ["
                    + weight.length + "]" + lengths(weight, input));
        }
    }

    private static String lengths(double[] weight, INDArray input) {
        return " (weight has " + weight.length + " numbers, the input of shape " + TorchNames.size(input) + " has "
                + outputs(input) + " classes)";
    }

    /** Checks the length of {@code weight}, unless it is null: one number for each output, or one for all. */
    public static void requireWeightPerOutput(double[] weight, INDArray input) {
        requirePerOutput("weight", weight, input, outputs(input), numbers(weight));
    }

    /**
     * Checks the length of {@code posWeight} in the same way; torch multiplies it by the target, and names it first.
     */
    public static void requirePosWeightPerOutput(double[] posWeight, INDArray input) {
        requirePerOutput("posWeight", posWeight, input, numbers(posWeight), outputs(input));
    }

    private static void requirePerOutput(String name, double[] weight, INDArray input, long torchsA, long torchsB) {
        long outputs = outputs(input);
        if (weight == null || weight.length == 1 || weight.length == outputs) {
            return;
        }
        String complaint = outputs == 1
                ? "output with shape " + TorchNames.size(input) + " doesn't match the broadcast shape"
                : "The size of tensor a (" + torchsA + ") must match the size of tensor b (" + torchsB
                        + ") at non-singleton dimension " + (input.rank() == 1 ? 0 : 1);
        throw new IllegalArgumentException(complaint + " (" + name + " has " + weight.length
                + " numbers, the input of shape " + TorchNames.size(input) + " has " + outputs
                + " outputs; give one number for each, or one for all)");
    }

    private static long numbers(double[] weight) {
        return weight == null ? 0 : weight.length;
    }

    private static long outputs(INDArray input) {
        return input.rank() == 0 ? 1 : input.size(input.rank() == 1 ? 0 : 1);
    }

    private static String shapes(INDArray input, INDArray target) {
        return " (input has shape " + TorchNames.size(input) + ", target " + TorchNames.size(target) + ")";
    }
}
