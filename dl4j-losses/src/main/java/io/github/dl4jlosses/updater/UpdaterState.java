/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.updater;

import java.util.Collections;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;

/**
 * The state of the parameters that share an updater: arrays as long as these, and how many steps they have taken.
 *
 * <p>As in torch the number of steps belongs to the state, not to the network: an updater which comes to a network in use,
 * or a network which has lost its count, begins with the right bias correction. DL4J asks for the size of the state by
 * parameter array, so each brings {@link #COUNTERS} places; the first ones are used.
 *
 * @param <T> the updater
 */
abstract class UpdaterState<T extends TorchUpdater> implements GradientUpdater<T> {
    /** Places for the number of steps: its digits in the base below, which every floating type holds exactly. */
    static final int COUNTERS = 2;

    private static final int BASE = 1024;
    private static final String STATE = "state";

    private final T config;
    private INDArray state;

    UpdaterState(T config) {
        this.config = config;
    }

    @Override
    public final T getConfig() {
        return config;
    }

    @Override
    public final Map<String, INDArray> getState() {
        return state == null ? Collections.emptyMap() : Collections.singletonMap(STATE, state);
    }

    @Override
    public final void setState(Map<String, INDArray> stateMap, boolean initialize) {
        INDArray array = stateMap.get(STATE);
        if (array == null) {
            throw new IllegalStateException(
                    "The state of " + config + " has one array, '" + STATE + "', but got " + stateMap.keySet());
        }
        setStateViewArray(array, array.shape(), array.ordering(), initialize);
    }

    @Override
    public final void setStateViewArray(
            INDArray viewArray, long[] gradientShape, char gradientOrder, boolean initialize) {
        if (initialize) {
            viewArray.assign(0);
        }
        state = viewArray.reshape(viewArray.length());
    }

    /** One of the arrays that are as long as the parameters. */
    final INDArray array(int index, long length) {
        return state.get(NDArrayIndex.interval(index * length, (index + 1) * length));
    }

    /** Counts a step. */
    final long nextStep(int arrays, long length) {
        long at = arrays * length;
        long step = (long) state.getDouble(at) + BASE * (long) state.getDouble(at + 1) + 1;
        state.putScalar(at, (int) (step % BASE));
        state.putScalar(at + 1, (int) (step / BASE));
        return step;
    }
}
