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
 * Replaces the losses of a configuration or a trained network, and finds settings that do not fit together.
 *
 * <p>{@link #swapAll} replaces DL4J's losses at every output by their counterparts, at DL4J's scale or at torch's.
 * {@link #swap} puts in any {@link ILossFunction}. {@link #fuse} puts in layers that compute loss and products in one
 * pass. No method changes its argument: a swap returns a copy that shares neither parameters nor updaters with it. What
 * {@link #check} finds in the copy is logged as a warning.
 *
 * <p>A {@link TorchLoss} gets the {@code miniBatch} of its new configuration; its {@code positionsPerExample} stays as
 * given. The outputs of the network stay the same: a softmax layer gives probabilities as before.
 *
 * <p>A network keeps its parameters, the state of its updater, its counts of iterations and epochs, its dtype and its
 * frozen layers, whether the configuration or only the network freezes them. It loses what a model file does not hold
 * either: its listeners and the state of {@code rnnTimeStep}. A network that is not initialized gives a copy that is
 * not.
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
     * <p>{@code LossMCXENT}, {@code LossNegativeLogLikelihood}, {@code LossSparseMCXENT} and {@code LossKLD} under
     * softmax and {@code LossBinaryXENT} under sigmoid are swapped at every output: in {@code OutputLayer},
     * {@code RnnOutputLayer}, {@code CenterLossOutputLayer} and the loss layers, frozen or not. If a loss layer has
     * activation identity and the layer below it a softmax or sigmoid, as in imported Keras models, that activation is
     * moved into the loss layer; the outputs of the network stay the same. {@code LossMSE}, {@code LossL2},
     * {@code LossMAE}, {@code LossL1} and {@code LossPoisson} are swapped under any activation, but stay if they have
     * weights for outputs, which torch's losses lack. Any other loss stays. {@link Swapped.Output#explanation()} gives
     * the reason.
     *
     * <p>With {@link Scale#DL4J} score and step stay as they were, with any mask of 0 and 1, so that learning rate,
     * gradient clipping and L2 keep their meaning. Two things change: probabilities are no longer clipped, and a label
     * row that does not sum to 1 has the gradient of its own loss, which is 0 for a row of zeros. Labels keep their
     * form: one-hot, probabilities or indices. With {@link Scale#TORCH} score and step are torch's means, and the
     * explanation says what that changes. LossMSE and LossMAE divide by the number of outputs; with {@link Scale#DL4J}
     * they stay in a loss layer if the layer below does not tell this number.
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
     * @param scale the scale of score and step after the swap
     * @param <N> the class of the argument
     * @return the copy, and what happened at each output
     * @throws IllegalArgumentException where an argument is null, or is not exactly one of these four classes; a copy
     *     could not keep a subclass
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
     * A copy of a network or configuration in which fused layers replace each {@code OutputLayer} and
     * {@code RnnOutputLayer} with a loss of this library: {@link FusedOutputLayer} and {@link FusedRnnOutputLayer}
     * compute gradient and score in one pass, and large outputs in chunks. All settings and parameters stay, as
     * {@link LossSwap} says.
     *
     * <p>Loss layers, which have no weights, other kinds of outputs, and frozen layers, which have no gradient, stay as
     * they are. A second call changes nothing.
     *
     * <pre>{@code
     * MultiLayerNetwork fused = LossSwap.fuse(LossSwap.swapAll(network, Scale.DL4J).get());
     * }</pre>
     *
     * @param networkOrConfiguration a {@link MultiLayerNetwork}, {@link ComputationGraph},
     *     {@link MultiLayerConfiguration} or {@link ComputationGraphConfiguration}; stays as it is
     * @param <N> the class of the argument
     * @return the copy
     * @throws IllegalArgumentException where there is no output to replace, or one has a loss of another library; the
     *     message names the outputs and what to do. Also where the argument is null or no network or configuration
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

    /** So that users learn what {@link #check} finds without calling it. */
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
     * A copy of a network with another loss in its last layer, which continues training where the network left off.
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
     * A copy of a network with another loss at one of its outputs, which continues training where the network left off.
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
     * The loss that a PyTorch user would choose in place of one of DL4J's. Class weights are carried over; scale and
     * denominators are torch's, and nothing is clipped.
     *
     * <table>
     * <caption>For N examples with C outputs in a plain layer, without a mask, and miniBatch(true)</caption>
     * <tr><th>DL4J</th><th>torch</th><th>DL4J's score and gradient, in units of torch's</th></tr>
     * <tr><td>{@code LossMCXENT}, {@code LossNegativeLogLikelihood} with softmax</td>
     * <td>{@link CrossEntropyLoss}, {@link TargetFormat#ONE_HOT}</td>
     * <td>1; with weights, the sum of the weights of the examples' classes over N. Rows of zeros are left out; DL4J
     * counts them and trains on them</td></tr>
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
     * <p>The last five have no counterpart if they have weights for outputs, which torch's losses lack.
     * {@code LossHinge} and {@code LossSquaredHinge} have none either: HingeEmbeddingLoss computes something else.
     *
     * <p>To train as before, multiply the learning rate by the number in the last column if the step is proportional to
     * the gradient, as with {@code Sgd} and {@code Nesterovs}; keep it with {@code Adam} and others that divide by the
     * size of the gradient. With any updater divide L1, L2 and the thresholds of gradient clipping by that number;
     * divide weight decay by it if you multiplied the learning rate.
     *
     * <p>For sequences and images score and step are multiplied by the positions of an example, unless the loss is
     * given {@code positionsPerExample}; LossKLD's counterpart has DL4J's scale for any number of positions. With a
     * mask DL4J still divides by N, torch's mean by the unmasked rows. With {@code miniBatch(false)} DL4J's losses are
     * sums, torch's still means. To keep DL4J's scale in all of these cases use {@link #swapAll} with
     * {@link Scale#DL4J}.
     *
     * <p>The one-hot labels of {@code LossMCXENT} are read as classes, for which torch's class weights are meant. If
     * the labels are probabilities, an error says so; then build a {@link CrossEntropyLoss} without
     * {@link TargetFormat#ONE_HOT}, whose mean divides by the examples, with or without weights, as DL4J's does.
     *
     * <pre>{@code
     * Optional<TorchLoss> loss = LossSwap.torchEquivalent(new LossBinaryXENT(), new ActivationSigmoid());
     * loss.get(); // BCEWithLogitsLoss(reduction=MEAN)
     * }</pre>
     *
     * @param builtIn a loss of DL4J
     * @param activation the activation of the layer that it stands in
     * @return a loss with {@code miniBatch(true)}, which {@link #swap} adapts to the network; empty for losses and
     *     activations not named above, and for their subclasses. In DL4J LossMSE is a subclass of LossL2, and LossMAE
     *     of LossL1; each has its own row
     * @throws IllegalArgumentException where an argument is null
     */
    public static Optional<TorchLoss> torchEquivalent(ILossFunction builtIn, IActivation activation) {
        Arguments.requireNonNull(builtIn, "builtIn");
        Arguments.requireNonNull(activation, "activation");
        return Optional.ofNullable(BuiltIns.torchEquivalent(builtIn, activation));
    }

    /**
     * Finds settings of a configuration that do not fit its loss. Each message names the layer and what to do.
     *
     * <ul>
     *   <li>{@code miniBatch} settings of loss, network and layer that disagree
     *   <li>activations that do not give the loss what it takes, or that a loss of logits would apply a second time;
     *       also a layer's default, and the activation of the layer below a loss layer
     *   <li>a softmax over one output
     *   <li>{@code positionsPerExample} larger than the layer, the length of truncated back-propagation or, in a
     *       MultiLayerNetwork, a known image size allows; 1 is DL4J's convention and never reported
     *   <li>{@code weight} and {@code posWeight} whose length is not the number of outputs, where that is known
     *   <li>for a {@link io.github.dl4jlosses.GaussianNLLLoss}, an odd number of outputs, variances that may be negative, and
     *       layers that refuse its labels
     *   <li>for a {@link io.github.dl4jlosses.CTCLoss}, layers that take no labels of whole sequences, a missing
     *       {@code positionsPerExample} in DL4J's own layers, and truncated back-propagation
     *   <li>data formats that DL4J 1.0.0-M2.1 does not handle: none in {@code RnnOutputLayer}, NWC in
     *       {@code RnnLossLayer}, NHWC in {@code CnnLossLayer}
     *   <li>{@code miniBatch(false)} with a preprocessor between recurrent and other layers, which DL4J 1.0.0-M2.1 does
     *       not handle in a MultiLayerNetwork
     * </ul>
     *
     * <p>The last two are checked for any loss, the others only for a {@link TorchLoss}. Labels and the length of
     * sequences are not part of a configuration and cannot be checked. The user's own activations are assumed to be
     * intentional.
     *
     * @param conf stays as it is
     * @return the messages; empty if nothing was found
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
     * @return the messages; empty if nothing was found
     * @throws IllegalArgumentException where the argument is null
     */
    public static List<String> check(ComputationGraphConfiguration conf) {
        Arguments.requireNonNull(conf, "conf");
        return ConfigurationCheck.findings(LossPlace.all(conf));
    }
}
