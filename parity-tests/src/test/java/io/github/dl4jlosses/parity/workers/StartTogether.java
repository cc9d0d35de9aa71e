/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.workers;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.deeplearning4j.parallelism.trainer.Trainer;
import org.nd4j.linalg.dataset.DataSet;

/**
 * Batches that are handed out when every worker is ready.
 *
 * <p>Each worker of a {@link ParallelWrapper} copies the parameters of the network in its own thread, while the first one may
 * already train that very network: without waiting, runs differ.
 */
final class StartTogether extends ExistingDataSetIterator {
    private static final long serialVersionUID = 1L;
    private static final long POLL_NANOS = 1_000_000;

    private final transient ParallelWrapper wrapper;
    /** Workers get the listeners last, when they have the parameters. */
    private final transient TrainingListener mark = new Mark();

    private StartTogether(ParallelWrapper wrapper, List<DataSet> batches) {
        super(batches);
        this.wrapper = wrapper;
    }

    static StartTogether of(ParallelWrapper wrapper, List<DataSet> batches) {
        StartTogether iterator = new StartTogether(wrapper, batches);
        wrapper.setListeners(iterator.mark);
        return iterator;
    }

    @Override
    public DataSet next() {
        while (!areReady(wrapper.getZoo())) {
            LockSupport.parkNanos(POLL_NANOS);
        }
        return super.next();
    }

    /** Until they have a copy, workers have no network, or all the same one. */
    private boolean areReady(Trainer... workers) {
        return Arrays.stream(workers).map(Trainer::getModel).distinct().count() == workers.length
                && Arrays.stream(workers).allMatch(this::hasMark);
    }

    private boolean hasMark(Trainer worker) {
        return worker.getModel() instanceof MultiLayerNetwork network
                && network.getListeners().contains(mark);
    }

    private static final class Mark extends BaseTrainingListener {}
}
