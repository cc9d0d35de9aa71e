/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Lowers the learning rates of a network's layers to max(factor rate, minLr), unless that is less than eps below the
 * rate.
 */
final class RateDecrease {
    private final double factor;
    private final double minLr;
    private final double eps;

    RateDecrease(double factor, double minLr, double eps) {
        this.factor = factor;
        this.minLr = minLr;
        this.eps = eps;
    }

    /** Lowers the rate of every layer that has one. */
    void of(Model model) {
        Layer lowered = null;
        for (Layer layer : LayersOfModel.of(model)) {
            List<IUpdater> updaters = updaters(layer);
            if (!updaters.isEmpty() && lower(updaters)) {
                lowered = layer.conf().getLayer() instanceof BaseLayer ? layer : lowered;
            }
        }
        if (lowered == null) {
            return;
        }
        // DL4J joins the updater states of layers with equal updaters; this makes it join them again
        double rate = ((BaseLayer) lowered.conf().getLayer()).getIUpdater().getLearningRate(0, 0);
        if (model instanceof MultiLayerNetwork) {
            ((MultiLayerNetwork) model).setLearningRate(lowered.getIndex(), rate);
        } else {
            ((ComputationGraph) model).setLearningRate(LayersOfModel.nameOf(lowered), rate);
        }
    }

    /** The updaters of a layer that have a rate, each once, the one of the weights first. */
    private static List<IUpdater> updaters(Layer layer) {
        Set<IUpdater> updaters = Collections.newSetFromMap(new IdentityHashMap<>());
        List<IUpdater> inOrder = new ArrayList<>();
        for (String name : layer.paramTable().keySet()) {
            IUpdater updater = layer.conf().getLayer().getUpdaterByParam(name);
            if (updater != null && updater.hasLearningRate() && updaters.add(updater)) {
                inOrder.add(updater);
            }
        }
        return inOrder;
    }

    private boolean lower(List<IUpdater> updaters) {
        double old = rate(updaters.get(0));
        double lower = Math.max(old * factor, minLr);
        if (!(old - lower > eps)) {
            return false;
        }
        updaters.forEach(updater -> updater.setLrAndSchedule(rate(updater) / old * lower, null));
        return true;
    }

    private static double rate(IUpdater updater) {
        double rate = updater.getLearningRate(0, 0);
        if (hasSchedule(updater)) {
            throw new IllegalStateException(
                    "The learning rate of " + updater + " has a schedule; a plateau can lower only one that is fixed");
        }
        return rate;
    }

    private static boolean hasSchedule(IUpdater updater) {
        IUpdater copy = updater.clone();
        copy.setLrAndSchedule(updater.getLearningRate(0, 0), null);
        return !copy.equals(updater);
    }
}
