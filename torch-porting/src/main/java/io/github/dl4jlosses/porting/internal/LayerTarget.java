/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.deeplearning4j.nn.api.Layer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A layer of a network with parameters to fill. */
final class LayerTarget {

    private final String name;
    private final String place;
    private final List<Slot> slots;

    private LayerTarget(String name, String place, List<Slot> slots) {
        this.name = name;
        this.place = place;
        this.slots = slots;
    }

    /**
     * A layer that is part of an initialised network.
     *
     * @throws IllegalArgumentException if torch has no layer with its parameters
     */
    static LayerTarget of(String name, String shown, Layer layer) {
        org.deeplearning4j.nn.conf.layers.Layer configuration = layer.conf().getLayer();
        String place = "layer " + shown + " (" + configuration.getClass().getSimpleName() + ")";
        return new LayerTarget(name, place, LayerLayout.of(place, configuration, layer.paramTable()));
    }

    /** The name of the layer in the network. */
    String name() {
        return name;
    }

    /** The parameter of a name; null if torch has none such. */
    Slot slot(String parameter) {
        return slots.stream()
                .filter(slot -> slot.name().equals(parameter))
                .findFirst()
                .orElse(null);
    }

    /** The parameters as torch's tensors, by their names within the layer. */
    Map<String, INDArray> read() {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        for (Slot slot : slots) {
            List<INDArray> values = slot.read();
            for (int i = 0; i < values.size(); i++) {
                tensors.put(slot.tensors().get(i), values.get(i));
            }
        }
        return tensors;
    }

    /** The reason why the tensors cannot become the parameters of this layer; null if they can. */
    String misfit(TensorGroup group) {
        for (Slot slot : slots) {
            for (String tensor : slot.tensors()) {
                if (group.get(tensor) == null) {
                    return "Parameter " + slot + " of " + place + " has no matching tensor '" + tensor + "' in "
                            + group;
                }
                if (!group.get(tensor).dataType().isFPType()) {
                    return "Tensor " + group.describe(tensor) + " holds "
                            + group.get(tensor).dataType() + ", but weights must be floating-point numbers: parameter "
                            + slot
                            + " of "
                            + place;
                }
                if (!slot.fits(group.get(tensor))) {
                    return "Tensor " + group.describe(tensor) + " does not fit parameter " + slot + " of " + place;
                }
            }
        }
        return StreamSupport.stream(group.names().spliterator(), false)
                .filter(name -> slots.stream().noneMatch(slot -> slot.tensors().contains(name)))
                .findFirst()
                .map(name -> "Tensor " + group.describe(name) + " has no matching parameter in " + this)
                .orElse(null);
    }

    void write(TensorGroup group) {
        slots.forEach(slot -> slot.write(group));
    }

    @Override
    public String toString() {
        return place + " with " + slots.stream().map(Slot::toString).collect(Collectors.joining(", "));
    }

    /**
     * A parameter of a DL4J layer and its tensors in torch.
     *
     * @param name DL4J's name of the parameter
     * @param parameter the parameter itself, in the network's memory
     * @param tensors torch's names of the tensors it comes from, all of one shape
     * @param shape that shape
     * @param layout brings the tensors into the parameter's order, and back
     */
    record Slot(String name, INDArray parameter, List<String> tensors, List<Long> shape, TensorLayout layout) {

        static Slot of(String name, INDArray parameter, String tensor, List<Long> shape, TensorLayout layout) {
            return new Slot(name, parameter, List.of(tensor), shape, layout);
        }

        /** A parameter with a number for each channel, whatever the shape DL4J gives it. */
        static Slot vector(String name, INDArray parameter, String tensor, TensorLayout layout) {
            return of(name, parameter, tensor, List.of(parameter.length()), layout);
        }

        boolean fits(INDArray tensor) {
            return Arrays.equals(tensor.shape(), torchShape());
        }

        private long[] torchShape() {
            return shape.stream().mapToLong(size -> size).toArray();
        }

        void write(TensorGroup group) {
            List<INDArray> values = tensors.stream()
                    .map(group::get)
                    // sums and logarithms before the one rounding to the network's dtype
                    .map(tensor -> tensor.castTo(DataType.DOUBLE))
                    .toList();
            INDArray value = layout.toDl4j().apply(values);
            parameter.assign(value.castTo(parameter.dataType()).reshape('c', parameter.shape()));
        }

        /**
         * An optimizer's state of the tensors, in the order of the parameter's memory. For two biases, which get the
         * same gradient in torch, it is the mean.
         */
        INDArray besides(List<INDArray> values) {
            List<INDArray> shares = values.stream()
                    .map(value -> value.castTo(DataType.DOUBLE).div(values.size()))
                    .toList();
            INDArray value = layout.toDl4j().apply(shares).reshape('c', parameter.shape());
            return Nd4j.toFlattened(parameter.ordering(), value)
                    .reshape('c', new long[] {parameter.length()})
                    .castTo(parameter.dataType());
        }

        /** Torch's tensors, copied, in the network's dtype. */
        List<INDArray> read() {
            return layout.toTorch().apply(parameter.castTo(DataType.DOUBLE)).stream()
                    .map(tensor -> tensor.dup('c').reshape('c', torchShape()).castTo(parameter.dataType()))
                    .toList();
        }

        @Override
        public String toString() {
            return name + " " + Arrays.toString(parameter.shape()) + " (torch's " + String.join(" + ", tensors) + " "
                    + shape + ")";
        }
    }
}
