/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.deeplearning4j.nn.api.Layer;

/** A layer of a network with parameters to fill. */
final class LayerTarget {

    private final String place;
    private final List<Slot> slots;

    private LayerTarget(String place, List<Slot> slots) {
        this.place = place;
        this.slots = slots;
    }

    /**
     * A layer that is part of an initialised network.
     *
     * @throws IllegalArgumentException if torch has no layer with its parameters
     */
    static LayerTarget of(String name, Layer layer) {
        org.deeplearning4j.nn.conf.layers.Layer configuration = layer.conf().getLayer();
        String place = "layer " + name + " (" + configuration.getClass().getSimpleName() + ")";
        return new LayerTarget(place, LayerLayout.of(place, configuration, layer.paramTable()));
    }

    /** Why the tensors cannot become the parameters of this layer; null if they can. */
    String misfit(TensorGroup group) {
        for (Slot slot : slots) {
            for (String tensor : slot.tensors()) {
                if (group.get(tensor) == null) {
                    return "Parameter " + slot + " of " + place + " finds no tensor '" + tensor + "' in " + group;
                }
                if (!slot.fits(group.get(tensor))) {
                    return "Tensor " + group.describe(tensor) + " does not fit parameter " + slot + " of " + place;
                }
            }
        }
        return StreamSupport.stream(group.names().spliterator(), false)
                .filter(name -> slots.stream().noneMatch(slot -> slot.tensors().contains(name)))
                .findFirst()
                .map(name -> "Tensor " + group.describe(name) + " finds no parameter in " + this)
                .orElse(null);
    }

    void write(TensorGroup group) {
        slots.forEach(slot -> slot.write(group));
    }

    @Override
    public String toString() {
        return place + " with " + slots.stream().map(Slot::toString).collect(Collectors.joining(", "));
    }
}
