/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.swap;

import io.github.dl4jlosses.BCEWithLogitsLoss;
import io.github.dl4jlosses.CrossEntropyLoss;
import io.github.dl4jlosses.KLDivLoss;
import io.github.dl4jlosses.L1Loss;
import io.github.dl4jlosses.MSELoss;
import io.github.dl4jlosses.PoissonNLLLoss;
import io.github.dl4jlosses.Reduction;
import io.github.dl4jlosses.TargetFormat;
import io.github.dl4jlosses.TorchLoss;
import io.github.dl4jlosses.internal.shape.Arguments;
import io.github.dl4jlosses.layer.FusedOutputLayer;
import io.github.dl4jlosses.layer.FusedRnnOutputLayer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts other losses into a configuration or a trained network, and says what in a configuration does not fit together.
 *
 * <p>{@link #swapAll} puts the counterparts of DL4J's losses in at every output, and keeps their scale where it is
 * asked to. {@link #swap} puts in any {@link ILossFunction} of the user's choice. {@link #fuse} puts in layers that
 * compute loss and products once. No method changes its argument: a swap
 * returns a copy that shares neither parameters nor updaters with it, and logs as a warning what {@link #check} finds in
 * it.
 *
 * <p>A {@link TorchLoss} is told the {@code miniBatch} of the configuration it is put into; its
 * {@code positionsPerExample} stays as given. What the network shows stays the same: a softmax layer shows probabilities
 * as before.
 *
 * <p>A network keeps its parameters, the state of its updater, its counts of iterations and epochs, its dtype and
 * its frozen layers, frozen by the configuration or in the network alone. It loses what a network loses in a model file: its listeners, and the state of
 * {@code rnnTimeStep}. One that has not been initialized is returned so.
 *
 * <p>Loss layers are {@code OutputLayer}, {@code RnnOutputLayer}, {@code CenterLossOutputLayer}, {@code LossLayer},
 * {@code RnnLossLayer}, {@code CnnLossLayer} and {@code Cnn3DLossLayer}. {@code Yolo2OutputLayer},
 * {@code OCNNOutputLayer} and SameDiff's output layers have losses of their own, which cannot be swapped.
 *
 * <pre>{@code
 * MultiLayerNetwork kept = LossSwap.swapAll(network, Scale.DL4J).get(); // score and step as before
 * TorchLoss loss = CrossEntropyLoss.builder().weight(1, 2).targetFormat(TargetFormat.ONE_HOT).build();
 * MultiLayerNetwork chosen = LossSwap.swap(network, loss);
 * LossSwap.check(chosen.getLayerWiseConfigurations()); // []
 * }</pre>
 *
 * @since 0.1.0
 */
public final class LossSwap {
    private static final Logger LOG = LoggerFactory.getLogger(LossSwap.class);

    private LossSwap() {}

    /**
     * A copy of a network or configuration where each of DL4J's losses that has a counterpart in this library is replaced by it.
     *
     * <p>{@code LossMCXENT}, {@code LossNegativeLogLikelihood}, {@code LossSparseMCXENT} and {@code LossKLD} under softmax and
     * {@code LossBinaryXENT} under sigmoid are swapped at every output: in {@code OutputLayer}, {@code RnnOutputLayer},
     * {@code CenterLossOutputLayer} and the loss layers, frozen or not. A softmax or sigmoid of the layer below a loss
     * layer under identity, as in imported Keras models, is moved into the loss layer; what the network shows stays the
     * same. {@code LossMSE}, {@code LossL2}, {@code LossMAE}, {@code LossL1} and {@code LossPoisson} are swapped under any
     * activation, which stays where it is. Any other loss stays, with the reason in
     * {@link Swapped.Output#explanation()}, and so does one of these with weights for outputs, which torch's have not.
     *
     * <p>With {@link Scale#DL4J} score and step stay as they were, with any mask of 0 and 1, so that learning rate, clipping and
     * L2 keep their meaning; only nothing is clipped any more, and a label row that does not sum to 1 has the gradient of its
     * own loss, which for a row of zeros is none. Labels stay what they were: one-hot, probabilities, indices. With
     * {@link Scale#TORCH} they are torch's means, and the explanation says what that changes. LossMSE and LossMAE divide by
     * the number of outputs; {@link Scale#DL4J} leaves them in a loss layer where the layer below does not say it.
     *
     * <p>A second swap changes nothing. What {@link #check} finds in the copy is logged as a warning and kept in
     * {@link Swapped#findings()}.
     *
     * <pre>{@code
     * Swapped<MultiLayerNetwork> swapped = LossSwap.swapAll(network, Scale.DL4J);
     * swapped.get().fit(iterator);
     * }</pre>
     *
     * @param networkOrConfiguration a {@link MultiLayerNetwork}, {@link ComputationGraph},
     *     {@link MultiLayerConfiguration} or {@link ComputationGraphConfiguration}; stays as it is
     * @param scale of score and step
     * @param <N> its class
     * @return the copy, and what happened at each output
     * @throws IllegalArgumentException where an argument is null, or something else than a network or configuration; the
     *     copy of a subclass would not be one
     */
    public static <N> Swapped<N> swapAll(N networkOrConfiguration, Scale scale) {
        Arguments.requireNonNull(networkOrConfiguration, "networkOrConfiguration");
        Arguments.requireNonNull(scale, "scale");
        return changed(
                networkOrConfiguration,
                places -> places.stream()
                        .map(place -> OutputSwap.of(place, scale))
                        .collect(Collectors.toList()));
    }

    /**
     * A copy of a network or configuration with a fused layer in the place of each {@code OutputLayer} and
     * {@code RnnOutputLayer} whose loss is of this library: {@link FusedOutputLayer} and {@link FusedRnnOutputLayer} compute gradient
     * and score in one pass, and large outputs in chunks. All settings stay, and so do the numbers of a network, as {@link LossSwap} says.
     *
     * <p>Loss layers and other outputs, which have no weights or a computation of their own, stay as they are; a frozen layer stays, for it
     * has no gradient. A second call changes nothing.
     *
     * <pre>{@code
     * MultiLayerNetwork fused = LossSwap.fuse(LossSwap.swapAll(network, Scale.DL4J).get());
     * }</pre>
     *
     * @param networkOrConfiguration a {@link MultiLayerNetwork}, {@link ComputationGraph},
     *     {@link MultiLayerConfiguration} or {@link ComputationGraphConfiguration}; stays as it is
     * @param <N> its class
     * @return the copy
     * @throws IllegalArgumentException where there is no output to replace, or one has a loss of another library; the
     *     message names the outputs and what to do. Also for null, or something else than a network or configuration
     */
    public static <N> N fuse(N networkOrConfiguration) {
        Arguments.requireNonNull(networkOrConfiguration, "networkOrConfiguration");
        return changed(networkOrConfiguration, places -> {
                    FusedOutputs.putInto(places);
                    return List.of();
                })
                .get();
    }

    @SuppressWarnings("unchecked")
    private static <N> Swapped<N> changed(N given, Function<List<LossPlace>, List<Swapped.Output>> change) {
        Swapped<?> swapped;
        if (given instanceof MultiLayerConfiguration) {
            swapped = changed((MultiLayerConfiguration) given, change);
        } else if (given instanceof ComputationGraphConfiguration) {
            swapped = changed((ComputationGraphConfiguration) given, change);
        } else if (given.getClass() == MultiLayerNetwork.class) {
            MultiLayerNetwork net = (MultiLayerNetwork) given;
            swapped = changed(net.getLayerWiseConfigurations(), change).map(conf -> NetworkCopy.with(conf, net));
        } else if (given.getClass() == ComputationGraph.class) {
            ComputationGraph net = (ComputationGraph) given;
            swapped = changed(net.getConfiguration(), change).map(conf -> NetworkCopy.with(conf, net));
        } else {
            throw new IllegalArgumentException(
                    "networkOrConfiguration must be a MultiLayerNetwork, ComputationGraph or the"
                            + " configuration of one, got " + given.getClass().getName());
        }
        return (Swapped<N>) swapped;
    }

    private static Swapped<MultiLayerConfiguration> changed(
            MultiLayerConfiguration conf, Function<List<LossPlace>, List<Swapped.Output>> change) {
        MultiLayerConfiguration copy = NetworkCopy.of(conf);
        List<Swapped.Output> outputs = change.apply(List.of(LossPlace.last(copy)));
        return new Swapped<>(copy, outputs, logged(check(copy)));
    }

    private static Swapped<ComputationGraphConfiguration> changed(
            ComputationGraphConfiguration conf, Function<List<LossPlace>, List<Swapped.Output>> change) {
        ComputationGraphConfiguration copy = NetworkCopy.of(conf);
        List<Swapped.Output> outputs = change.apply(LossPlace.all(copy));
        return new Swapped<>(copy, outputs, logged(check(copy)));
    }

    /** Nobody has to know of {@link #check} to hear of what it finds. */
    private static List<String> logged(List<String> findings) {
        findings.forEach(LOG::warn);
        return findings;
    }

    /**
     * A copy of a configuration with another loss in its last layer.
     *
     * @param conf stays as it is
     * @param loss any loss; a {@link TorchLoss} gets the configuration's {@code miniBatch}
     * @return a new configuration
     * @throws IllegalArgumentException where an argument is null or the last layer has no loss to swap
     */
    public static MultiLayerConfiguration swap(MultiLayerConfiguration conf, ILossFunction loss) {
        Arguments.requireNonNull(conf, "conf");
        Arguments.requireNonNull(loss, "loss");
        MultiLayerConfiguration copy = NetworkCopy.of(conf);
        LossPlace last = LossPlace.last(copy);
        last.holder()
                .orElseThrow(() -> new IllegalArgumentException(
                        last.description() + " is the only output of the network, and has no loss to swap"))
                .put(loss, last.networkMiniBatch());
        logged(check(copy));
        return copy;
    }

    /**
     * A copy of a configuration with another loss at one of its outputs.
     *
     * @param conf stays as it is
     * @param output the name of an output of the graph
     * @param loss any loss; a {@link TorchLoss} gets the configuration's {@code miniBatch}
     * @return a new configuration
     * @throws IllegalArgumentException where an argument is null, the graph has no such output, or the output has no loss
     *     to swap
     */
    public static ComputationGraphConfiguration swap(
            ComputationGraphConfiguration conf, String output, ILossFunction loss) {
        Arguments.requireNonNull(conf, "conf");
        Arguments.requireNonNull(output, "output");
        Arguments.requireNonNull(loss, "loss");
        if (!conf.getNetworkOutputs().contains(output)) {
            throw new IllegalArgumentException(
                    "output must be one of the graph's, " + conf.getNetworkOutputs() + ", got '" + output + "'");
        }
        ComputationGraphConfiguration copy = NetworkCopy.of(conf);
        LossPlace place = LossPlace.of(copy, output);
        place.holder()
                .orElseThrow(() -> new IllegalArgumentException(
                        place.description() + " has no loss to swap; outputs with one are " + outputsWithLoss(conf)))
                .put(loss, place.networkMiniBatch());
        logged(check(copy));
        return copy;
    }

    private static List<String> outputsWithLoss(ComputationGraphConfiguration conf) {
        return conf.getNetworkOutputs().stream()
                .filter(output -> LossPlace.of(conf, output).holder().isPresent())
                .collect(Collectors.toList());
    }

    /**
     * A copy of a network with another loss in its last layer, which goes on training where the network stands.
     *
     * @param net stays as it is
     * @param loss any loss; a {@link TorchLoss} gets the network's {@code miniBatch}
     * @return a new network without listeners; initialized if {@code net} is
     * @throws IllegalArgumentException where an argument is null or the last layer has no loss to swap
     */
    public static MultiLayerNetwork swap(MultiLayerNetwork net, ILossFunction loss) {
        Arguments.requireNonNull(net, "net");
        return NetworkCopy.with(swap(net.getLayerWiseConfigurations(), loss), net);
    }

    /**
     * A copy of a network with another loss at one of its outputs, which goes on training where the network stands.
     *
     * @param net stays as it is
     * @param output the name of an output of the graph
     * @param loss any loss; a {@link TorchLoss} gets the network's {@code miniBatch}
     * @return a new network without listeners; initialized if {@code net} is
     * @throws IllegalArgumentException where an argument is null, the graph has no such output, or the output has no loss
     *     to swap
     */
    public static ComputationGraph swap(ComputationGraph net, String output, ILossFunction loss) {
        Arguments.requireNonNull(net, "net");
        return NetworkCopy.with(swap(net.getConfiguration(), output, loss), net);
    }

    /**
     * The loss that a PyTorch user would write for the purpose of one of DL4J's own. Class weights are carried over;
     * scale and denominators are torch's, and nothing is clipped.
     *
     * <table>
     * <caption>For N examples with C outputs in a plain layer, without a mask, and miniBatch(true)</caption>
     * <tr><th>DL4J</th><th>torch</th><th>DL4J's score and gradient, in units of torch's</th></tr>
     * <tr><td>{@code LossMCXENT}, {@code LossNegativeLogLikelihood} with softmax</td>
     * <td>{@link CrossEntropyLoss}, {@link TargetFormat#ONE_HOT}</td>
     * <td>1; with weights, the sum of the weights of the examples' classes over N. Rows of zeros are left out, DL4J counts
     * them and moves the weights for them</td></tr>
     * <tr><td>{@code LossSparseMCXENT} with softmax</td><td>{@link CrossEntropyLoss}</td>
     * <td>as above; -100 is left out, and any other number that is no class is an error</td></tr>
     * <tr><td>{@code LossBinaryXENT} with sigmoid</td><td>{@link BCEWithLogitsLoss}</td>
     * <td>C: DL4J adds up the outputs of an example, torch's mean divides by them too</td></tr>
     * <tr><td>{@code LossKLD} with softmax</td><td>{@link KLDivLoss}, {@link Reduction#BATCHMEAN}</td><td>1</td></tr>
     * <tr><td>{@code LossMSE}, any activation</td><td>{@link MSELoss}</td><td>1</td></tr>
     * <tr><td>{@code LossL2}, any activation</td><td>{@link MSELoss}</td><td>C: the outputs of an example are added up</td></tr>
     * <tr><td>{@code LossMAE}, any activation</td><td>{@link L1Loss}</td><td>1</td></tr>
     * <tr><td>{@code LossL1}, any activation</td><td>{@link L1Loss}</td><td>C</td></tr>
     * <tr><td>{@code LossPoisson}, any activation that gives rates, such as softplus</td><td>{@link PoissonNLLLoss},
     * {@code logInput(false)}</td><td>C, but for torch's {@code eps} of 1e-8</td></tr>
     * </table>
     *
     * <p>Those of the last five with weights for outputs have none, for torch's have no weights; nor have
     * {@code LossHinge} and {@code LossSquaredHinge}, for HingeEmbeddingLoss is another loss.
     *
     * <p>To go on as before, multiply the learning rate by the number of the last column where the step is proportional to
     * the gradient, as with {@code Sgd} and {@code Nesterovs}. Leave it with {@code Adam} and others that divide by the size
     * of the gradient. With any of them divide L1, L2 and the thresholds of clipping by that number, and weight decay
     * where the learning rate has been multiplied.
     *
     * <p>For sequences and images both sides are as many times larger as an example has positions, unless the loss is
     * given {@code positionsPerExample}; LossKLD's counterpart is DL4J's for any of them. With a mask DL4J still divides by
     * N, torch's mean by what is left. With {@code miniBatch(false)} DL4J's losses are sums, torch's still means. To keep
     * DL4J's scale in all of these cases use {@link #swapAll} with {@link Scale#DL4J}.
     *
     * <p>The one-hot labels of {@code LossMCXENT} are read as classes, as torch's class weights want it. Where its labels
     * are probabilities there is an error that says so; then build a {@link CrossEntropyLoss} without
     * {@link TargetFormat#ONE_HOT}, whose mean divides by the examples, weighted or not, as DL4J's.
     *
     * <pre>{@code
     * Optional<TorchLoss> loss = LossSwap.torchEquivalent(new LossBinaryXENT(), new ActivationSigmoid());
     * loss.get(); // BCEWithLogitsLoss(reduction=MEAN)
     * }</pre>
     *
     * @param builtIn a loss of DL4J
     * @param activation the activation of the layer that it stands in
     * @return a loss with {@code miniBatch(true)}, which {@link #swap} corrects; empty for anything not named above,
     *     other activations and subclasses included. LossMSE is in DL4J a subclass of LossL2, and LossMAE of LossL1: each
     *     has its own row
     * @throws IllegalArgumentException where an argument is null
     */
    public static Optional<TorchLoss> torchEquivalent(ILossFunction builtIn, IActivation activation) {
        Arguments.requireNonNull(builtIn, "builtIn");
        Arguments.requireNonNull(activation, "activation");
        return Optional.ofNullable(BuiltIns.torchEquivalent(builtIn, activation));
    }

    /**
     * What in a configuration does not fit together around its loss. Each message names the layer and what to do.
     *
     * <ul>
     *   <li>{@code miniBatch} of loss and network, and of their layers, that disagree
     *   <li>activations that are applied to what is logits already, twice, or that give the loss something else than it
     *       takes, be it by a layer's default; also those of the layer below one without weights
     *   <li>a softmax over one output
     *   <li>{@code positionsPerExample} beyond what the layer, the length of truncated back-propagation or, in a network of
     *       layers, a known image size allow; 1 is DL4J's convention and never reported
     *   <li>{@code weight} and {@code posWeight} whose length is not the number of outputs, where that is known
     *   <li>for a {@link io.github.dl4jlosses.GaussianNLLLoss}, an odd number of outputs, variances that may be negative, and
     *       layers that refuse its labels
     *   <li>for a {@link io.github.dl4jlosses.CTCLoss}, layers that take no label of a sequence, no {@code positionsPerExample} in
     *       DL4J's own, and truncated back-propagation
     *   <li>data formats that DL4J 1.0.0-M2.1 does not handle: none in {@code RnnOutputLayer}, NWC in
     *       {@code RnnLossLayer}, NHWC in {@code CnnLossLayer}
     *   <li>{@code miniBatch(false)} with a preprocessor between recurrent layers and others, which DL4J 1.0.0-M2.1 does
     *       not handle in a network of layers
     * </ul>
     *
     * <p>All but the last two are looked for with a {@link TorchLoss} only. What a configuration does not hold, the labels
     * or the length of sequences, cannot be checked. Activations of the user's own are taken to be meant.
     *
     * @param conf stays as it is
     * @return messages; empty: nothing found
     * @throws IllegalArgumentException where the argument is null
     */
    public static List<String> check(MultiLayerConfiguration conf) {
        Arguments.requireNonNull(conf, "conf");
        return ConfigurationCheck.findings(List.of(LossPlace.last(conf)));
    }

    /**
     * As {@link #check(MultiLayerConfiguration)}, for each output of a graph; messages name the output.
     *
     * @param conf stays as it is
     * @return messages; empty: nothing found
     * @throws IllegalArgumentException where the argument is null
     */
    public static List<String> check(ComputationGraphConfiguration conf) {
        Arguments.requireNonNull(conf, "conf");
        return ConfigurationCheck.findings(LossPlace.all(conf));
    }
}
