/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting;

import io.github.dl4jlosses.porting.internal.OptimizerCopy;
import io.github.dl4jlosses.porting.internal.Refused;
import io.github.dl4jlosses.porting.internal.StoredOptimizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.api.Model;

/**
 * The state of a PyTorch optimizer, read from a checkpoint to continue training where it stopped: momenta, means of
 * squares, counts of steps.
 *
 * <pre>{@code
 * TorchPairing pairing = TorchWeights.load(file, "model_state_dict").copyInto(network);
 * TorchOptimizerState.load(file, "optimizer_state_dict").copyInto(network, pairing);
 * }</pre>
 *
 * <p>The network must use updaters of {@code io.github.dl4jlosses.updater} with the optimizer's options, because the
 * file's {@code param_groups} are ignored. These updaters name their state as torch does: {@code exp_avg},
 * {@code momentum_buffer}, {@code square_avg}, {@code sum} and so on. For an LSTM's two biases, which get the same
 * gradient in torch, the mean is used.
 *
 * <p>Torch numbers the parameters in the order of {@code model.parameters()}, which is that of the state_dict; so the
 * weights must come from a file of {@code torch.save}. An optimizer of {@code model.named_parameters()} has names
 * itself. Several groups without names are refused. Files are read as by {@link TorchWeights}, with the same limits;
 * nothing in them is executed.
 *
 * <p>If the optimizer counts its steps (all but SGD do), the network's count of iterations is set to that number, so
 * that a schedule continues, too; for SGD with a schedule call {@code setIterationCount}.
 *
 * @since 0.1.0
 */
public final class TorchOptimizerState {

    private final StoredOptimizer stored;

    private TorchOptimizerState(StoredOptimizer stored) {
        this.stored = stored;
    }

    /**
     * Reads the state of an optimizer.
     *
     * @param file what {@code torch.save(optimizer.state_dict(), file)} wrote
     * @return the state
     * @throws RefusedFileException if the file is refused; the message says why and what to do
     * @throws UncheckedIOException if the file cannot be read
     */
    public static TorchOptimizerState load(Path file) {
        return read(file, null);
    }

    /**
     * Reads the state of an optimizer within a checkpoint.
     *
     * @param file a dictionary saved by torch.save
     * @param key the key of the optimizer's state_dict, such as {@code optimizer_state_dict}
     * @return the state
     * @throws RefusedFileException if the file is refused or has no such key; the message says why and what to do
     * @throws UncheckedIOException if the file cannot be read
     */
    public static TorchOptimizerState load(Path file, String key) {
        return read(file, required("key", key));
    }

    private static TorchOptimizerState read(Path file, String key) {
        try {
            return new TorchOptimizerState(StoredOptimizer.read(required("file", file), key));
        } catch (Refused e) {
            throw new RefusedFileException(e.getMessage(), e.getCause());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T required(String name, T argument) {
        if (argument == null) {
            throw new IllegalArgumentException(name + " is null");
        }
        return argument;
    }

    /**
     * Copies the state into the updater of a network.
     *
     * @param net an initialised {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @param pairing what {@link TorchWeights#copyInto} returned for the model of this optimizer
     * @throws IllegalArgumentException if the optimizer's parameters are not the model's, or its state does not fit the
     *     network's updaters; the network is then unchanged
     */
    public void copyInto(Model net, TorchPairing pairing) {
        required("pairing", pairing);
        OptimizerCopy.of(
                        required("net", net),
                        pairing.names(),
                        pairing.skippedLayers(),
                        stored,
                        pairing.parametersInOrder())
                .write();
    }

    /**
     * The number of steps that the optimizer has made.
     *
     * @return 0 if it does not count them, like SGD
     */
    public int steps() {
        return stored.steps();
    }

    /**
     * A summary of the state.
     *
     * @return one line
     */
    @Override
    public String toString() {
        return "TorchOptimizerState of " + stored.parameters().size() + " parameters after " + steps() + " steps";
    }
}
