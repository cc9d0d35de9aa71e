/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import static io.github.dl4jlosses.swap.LossSwapTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.spec.memory.Layout;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.optimize.listeners.CollectScoresIterationListener;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Swaps in a graph with two outputs, "kind" and "tags". */
class LossSwapGraphTest extends CheckedNetworks {
    private static final ILossFunction KIND = new LossMCXENT();
    private static final ILossFunction TAGS = new LossBinaryXENT();
    private static final TorchLoss NEW =
            BCEWithLogitsLoss.builder().posWeight(3).build();

    private static ComputationGraphConfiguration conf(boolean miniBatch) {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .miniBatch(miniBatch)
                // the rate depends on the iteration, so that a lost count shows
                .updater(new Adam(new ExponentialSchedule(ScheduleType.ITERATION, 0.1, 0.5)))
                .graphBuilder()
                .addInputs("in")
                .addLayer("hidden", new DenseLayer.Builder().nIn(3).nOut(4).build(), "in")
                .addLayer("kind", new OutputLayer.Builder(KIND).nIn(4).nOut(2).build(), "hidden")
                .addLayer("tags", output(TAGS, SIGMOID, 2), "hidden")
                .setOutputs("kind", "tags")
                .build();
    }

    private static ComputationGraph trained(ComputationGraphConfiguration conf) {
        ComputationGraph net = new ComputationGraph(conf);
        net.init();
        net.fit(data());
        net.fit(data());
        net.incrementEpochCount();
        return net;
    }

    private static void assertGoOnAlike(ComputationGraph net, ComputationGraph other) {
        net.fit(data());
        other.fit(data());
        assertThat(Layout.bytes(other.params())).isEqualTo(Layout.bytes(net.params()));
        assertThat(other.score()).isEqualTo(net.score());
    }

    private static MultiDataSet data() {
        INDArray labels = Nd4j.createFromArray(new float[][] {{1, 0}, {0, 1}, {0, 1}});
        return new MultiDataSet(
                new INDArray[] {Nd4j.createFromArray(new float[][] {{1, 0, -1}, {0, 2, 1}, {1, 1, 0}})},
                new INDArray[] {labels, labels});
    }

    private static ILossFunction lossOf(ComputationGraphConfiguration conf, String output) {
        LayerVertex vertex = (LayerVertex) conf.getVertices().get(output);
        return LossHolder.of(vertex.getLayerConf().getLayer()).orElseThrow().loss();
    }

    @Test
    void oneOutputChangesAndTheOtherDoesNot() {
        ComputationGraphConfiguration conf = conf(true);
        String before = conf.toJson();

        ComputationGraphConfiguration swapped = LossSwap.swap(conf, "tags", NEW);

        assertThat(lossOf(swapped, "tags")).isEqualTo(NEW);
        assertThat(lossOf(swapped, "kind")).isEqualTo(KIND);
        assertThat(conf.toJson()).isEqualTo(before);
    }

    @Test
    void nothingButTheLossChanges() {
        ComputationGraphConfiguration conf = conf(true);
        conf.setIterationCount(7);
        conf.setEpochCount(3);

        ComputationGraphConfiguration back = LossSwap.swap(LossSwap.swap(conf, "tags", NEW), "tags", TAGS);

        assertThat(back).isEqualTo(conf).isNotSameAs(conf);
        assertThat(back.toJson()).isEqualTo(conf.toJson());
    }

    @Test
    void aTorchLossGetsTheMiniBatchOfTheGraph() {
        TorchLoss loss = BCEWithLogitsLoss.builder().positionsPerExample(5).build();

        assertThat(lossOf(LossSwap.swap(conf(false), "tags", loss), "tags"))
                .isEqualTo(BCEWithLogitsLoss.builder()
                        .positionsPerExample(5)
                        .miniBatch(false)
                        .build());
    }

    @Test
    void aGraphKeepsParametersUpdaterStateAndCounts() {
        ComputationGraph net = trained(conf(true));

        ComputationGraph swapped = LossSwap.swap(net, "tags", NEW);

        assertThat(Layout.bytes(swapped.params())).isEqualTo(Layout.bytes(net.params()));
        assertThat(Layout.bytes(swapped.getUpdater().getStateViewArray()))
                .isEqualTo(Layout.bytes(net.getUpdater().getStateViewArray()));
        assertThat(swapped.getIterationCount()).isEqualTo(2);
        assertThat(swapped.getEpochCount()).isEqualTo(1);
    }

    @Test
    void aLossSwappedForItselfChangesNoBitOfTheTraining() {
        ComputationGraph net = trained(LossSwap.swap(conf(true), "tags", NEW));
        ComputationGraph swapped = LossSwap.swap(net, "tags", NEW);

        for (int step = 0; step < 3; step++) {
            assertGoOnAlike(net, swapped);
        }
    }

    /** The parameters lie in the order of the layers, and a graph may have another than the one that DL4J would find. */
    @Test
    void aGraphKeepsTheOrderOfItsLayers() {
        // GIVEN a graph whose two layers of one shape have changed places
        ComputationGraphConfiguration conf = new NeuralNetConfiguration.Builder()
                .seed(1)
                .graphBuilder()
                .addInputs("in")
                .addLayer("left", new DenseLayer.Builder().nIn(3).nOut(3).build(), "in")
                .addLayer("right", new DenseLayer.Builder().nIn(3).nOut(3).build(), "in")
                .addVertex("both", new MergeVertex(), "left", "right")
                .addLayer("kind", new OutputLayer.Builder(KIND).nIn(6).nOut(2).build(), "both")
                .setOutputs("kind")
                .build();
        new ComputationGraph(conf).init();
        List<String> names = conf.getTopologicalOrderStr();
        int left = names.indexOf("left");
        int right = names.indexOf("right");
        int[] order = conf.getTopologicalOrder();
        int first = order[left];
        order[left] = order[right];
        order[right] = first;
        Collections.swap(names, left, right);
        ComputationGraph net = new ComputationGraph(conf);
        net.init();

        // WHEN
        ComputationGraph swapped =
                LossSwap.swap(net, "kind", CrossEntropyLoss.builder().build());

        // THEN
        assertThat(swapped.getParam("left_W")).isEqualTo(net.getParam("left_W"));
        assertThat(swapped.getParam("right_W")).isEqualTo(net.getParam("right_W"));
        assertThat(swapped.getParam("left_W")).isNotEqualTo(net.getParam("right_W"));
        assertThat(swapped.getConfiguration().getTopologicalOrder())
                .isEqualTo(order)
                .isNotSameAs(order);
        assertThat(swapped.getConfiguration().getTopologicalOrderStr())
                .isEqualTo(names)
                .isNotSameAs(names);
    }

    @Test
    void aGraphWithoutParametersCanBeSwapped() {
        ComputationGraph net = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("tags", loss(TAGS, SIGMOID), "in")
                .setOutputs("tags")
                .build());
        net.init();
        INDArray input = Nd4j.createFromArray(new float[][] {{1, -2}});

        ComputationGraph swapped = LossSwap.swap(net, "tags", NEW);

        assertThat(lossOf(swapped.getConfiguration(), "tags")).isEqualTo(NEW);
        assertThat(swapped.outputSingle(input)).isEqualTo(net.outputSingle(input));
    }

    @Test
    void aGraphStaysAsItIs() {
        ComputationGraph net = trained(conf(true));
        net.setListeners(new CollectScoresIterationListener());
        String conf = net.getConfiguration().toJson();
        byte[] params = Layout.bytes(net.params());
        byte[] state = Layout.bytes(net.getUpdater().getStateViewArray());

        ComputationGraph swapped = LossSwap.swap(net, "tags", NEW);
        swapped.fit(data());
        swapped.setLearningRate(0.5);

        assertThat(net.getConfiguration().toJson()).isEqualTo(conf);
        assertThat(Layout.bytes(net.params())).isEqualTo(params);
        assertThat(Layout.bytes(net.getUpdater().getStateViewArray())).isEqualTo(state);
        assertThat(net.getListeners()).hasSize(1);
        assertThat(swapped.getListeners()).isEmpty();
    }

    /** As TransferLearningHelper freezes: the configuration does not know of it. */
    @Test
    void aLayerThatIsFrozenInTheGraphAloneStaysFrozen() {
        ComputationGraph net = new ComputationGraph(conf(true));
        net.init();
        org.deeplearning4j.nn.api.Layer layer = net.getLayer("hidden");
        net.getVertex("hidden").setLayerAsFrozen();
        for (int i = 0; i < net.getNumLayers(); i++) {
            net.getLayers()[i] =
                    net.getLayers()[i] == layer ? net.getVertex("hidden").getLayer() : net.getLayers()[i];
        }

        ComputationGraph swapped = LossSwap.swap(net, "tags", NEW);
        swapped.fit(data());

        assertThat(swapped.getLayers()).hasAtLeastOneElementOfType(FrozenLayer.class);
        assertThat(swapped.getParam("hidden_W")).isEqualTo(net.getParam("hidden_W"));
        assertThat(swapped.getParam("tags_W")).isNotEqualTo(net.getParam("tags_W"));
        net.fit(data());
        ComputationGraph again = LossSwap.swap(net, "tags", TAGS);
        assertGoOnAlike(net, again);
    }

    @Test
    void aGraphThatIsNotInitializedIsReturnedSo() {
        assertThat(LossSwap.swap(new ComputationGraph(conf(true)), "tags", NEW).getVertices())
                .isNull();
    }

    @Test
    void aSavedGraphIsSwappedInOneLineAndSavedInOneMore() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelSerializer.writeModel(trained(conf(true)), file, true);
        ComputationGraph restored = restore(file);
        ByteArrayOutputStream newFile = new ByteArrayOutputStream();

        ComputationGraph swapped = LossSwap.swap(restored, "tags", NEW);
        ModelSerializer.writeModel(swapped, newFile, true);

        ComputationGraph read = restore(newFile);
        assertThat(read.getConfiguration()).isEqualTo(swapped.getConfiguration());
        assertGoOnAlike(swapped, read);
    }

    private static ComputationGraph restore(ByteArrayOutputStream file) throws IOException {
        return ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(file.toByteArray()), true);
    }

    @Test
    void argumentsMustNotBeNull() {
        refused(() -> LossSwap.swap((ComputationGraphConfiguration) null, "tags", NEW), "conf must not be null");
        refused(() -> LossSwap.swap(conf(true), null, NEW), "output must not be null");
        refused(() -> LossSwap.swap(conf(true), "tags", null), "loss must not be null");
        refused(() -> LossSwap.swap((ComputationGraph) null, "tags", NEW), "net must not be null");
    }

    @Test
    void anUnknownOutputIsAnErrorThatNamesTheOutputs() {
        refused(
                () -> LossSwap.swap(conf(true), "hidden", NEW),
                "output must be one of the graph's, [kind, tags], got 'hidden'");
        refused(
                () -> LossSwap.swap(conf(true), "tag", NEW),
                "output must be one of the graph's, [kind, tags], got 'tag'");
    }

    @Test
    void anOutputWithoutALossIsAnErrorThatNamesTheOutputsWithOne() {
        ComputationGraphConfiguration conf = new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("dense", new DenseLayer.Builder().nIn(3).nOut(4).build(), "in")
                .addVertex("merged", new MergeVertex(), "dense", "in")
                .addLayer("kind", new OutputLayer.Builder(KIND).nIn(4).nOut(2).build(), "dense")
                .setOutputs("dense", "merged", "kind")
                .build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> LossSwap.swap(conf, "dense", NEW))
                .withMessage("output 'dense' (DenseLayer) has no loss to swap; outputs with one are [kind]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LossSwap.swap(conf, "merged", NEW))
                .withMessage("output 'merged' (MergeVertex) has no loss to swap; outputs with one are [kind]");
        assertThat(LossSwap.check(conf)).isEmpty();
    }
}
