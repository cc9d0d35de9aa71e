/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Copies the state of an updater, such as momenta, from one network to another.
 *
 * <p>An updater belongs to the layers that it was made for. One made before a layer was frozen still has a state for
 * that layer, for which the updater of the frozen network has no place.
 *
 * <p>A block stores the first state number of all its parameters, then the second of all.
 */
final class StateCopy {
    private StateCopy() {}

    /**
     * Copies the state of all parameters for which both updaters have one; both networks order their parameters alike.
     */
    static void copy(BaseMultiLayerUpdater<?> from, BaseMultiLayerUpdater<?> to) {
        INDArray state = from.getStateViewArray();
        INDArray place = to.getStateViewArray();
        if (state == null || place == null) {
            return;
        }
        if (state.length() == place.length()) {
            place.assign(state);
            return;
        }
        for (UpdaterBlock target : to.getUpdaterBlocks()) {
            for (UpdaterBlock.ParamState parameter : target.getLayersAndVariablesInBlock()) {
                for (UpdaterBlock source : from.getUpdaterBlocks()) {
                    if (holds(source, parameter) && copiesOf(target) > 0 && copiesOf(source) == copiesOf(target)) {
                        copy(source, target, parameter);
                    }
                }
            }
        }
    }

    private static boolean holds(UpdaterBlock block, UpdaterBlock.ParamState parameter) {
        return block.getParamOffsetStart() <= parameter.getParamOffsetStart()
                && parameter.getParamOffsetEnd() <= block.getParamOffsetEnd();
    }

    /** The number of state numbers for each parameter: one for momentum, two for Adam. */
    private static int copiesOf(UpdaterBlock block) {
        if (block.getUpdaterView() == null) {
            return 0;
        }
        IUpdater updater = block.getGradientUpdater().getConfig();
        return Math.toIntExact(updater.stateSize(2) - updater.stateSize(1));
    }

    private static int parameters(UpdaterBlock block) {
        return block.getParamOffsetEnd() - block.getParamOffsetStart();
    }

    private static void copy(UpdaterBlock from, UpdaterBlock to, UpdaterBlock.ParamState parameter) {
        for (int number = 0; number < copiesOf(to); number++) {
            view(to, parameter, number).assign(view(from, parameter, number));
        }
    }

    private static INDArray view(UpdaterBlock block, UpdaterBlock.ParamState parameter, int number) {
        INDArray state = block.getUpdaterView();
        long shift = (long) number * parameters(block) - block.getParamOffsetStart();
        return state.reshape(state.length())
                .get(NDArrayIndex.interval(
                        shift + parameter.getParamOffsetStart(), shift + parameter.getParamOffsetEnd()));
    }
}
