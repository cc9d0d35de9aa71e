/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal.trace;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The dtype in which a model computes. A DL4J graph has a single one. */
final class ModelType {

    private static final Map<Long, String> BY_NUMBER = Map.of(
            0L,
            "uint8",
            1L,
            "int8",
            2L,
            "int16",
            3L,
            "int32",
            4L,
            "int64",
            5L,
            "float16",
            6L,
            "float32",
            7L,
            "float64",
            11L,
            "bool",
            15L,
            "bfloat16");

    private static final Set<String> OF_DL4J = Set.of("float32", "float64");

    /** The dtypes of the parameters, more than one if torch's layers differ. */
    private final Set<String> types = new TreeSet<>();

    /** @param weights the names of those tensors that the model computes with */
    ModelType(Map<String, INDArray> tensors, Collection<String> weights) {
        for (String weight : weights) {
            if (tensors.get(weight).dataType().isFPType()) {
                types.add(name(tensors.get(weight).dataType()));
            }
        }
    }

    private static String name(DataType type) {
        return switch (type) {
            case DOUBLE -> "float64";
            case FLOAT -> "float32";
            case HALF -> "float16";
            default -> type.name().toLowerCase(Locale.ROOT);
        };
    }

    /** Refuses an operation that computes in another type, given as torch's number or by a tensor that has it. */
    void check(Call call, Object type) {
        String asked;
        if (type instanceof Long number) {
            asked = BY_NUMBER.getOrDefault(number, "number " + number);
        } else if (type instanceof Weight weight) {
            asked = name(weight.type());
        } else if (type instanceof Activation like && like.form() == Form.TOKENS) {
            asked = "int64";
        } else {
            return;
        }
        if (!OF_DL4J.contains(asked) || !types.equals(Set.of(asked))) {
            throw call.refused("makes numbers of the type " + asked + " of what the model computes, and the model's"
                    + " parameters are of " + String.join(" and ", types) + ": DL4J has one type throughout");
        }
    }

    /** Whether a value is of the model's type, and not indices or sizes. */
    static boolean isComputed(Object value) {
        return value instanceof Rearranged
                || value instanceof Attention
                || (value instanceof Activation x && x.form() != Form.TOKENS);
    }
}
