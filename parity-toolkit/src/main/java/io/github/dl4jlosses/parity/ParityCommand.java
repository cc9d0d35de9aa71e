/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;

/**
 * The toolkit on the command line, with a subcommand for each task.
 *
 * <pre>{@code
 * java io.github.dl4jlosses.parity.ParityCommand check --loss LossMSE --against "torch.mse_loss(x, t)"
 * }</pre>
 *
 * <p>The exit status is 0 if everything is equal, 1 if something differs, and 2 if the command cannot be carried out.
 *
 * @since 0.1.0
 */
@Command(
        name = "parity",
        description = "Compares losses of the JVM with the real kernels of torch, and brings PyTorch models to DL4J.",
        mixinStandardHelpOptions = true,
        versionProvider = ParityCommand.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeOnExecutionException = ParityCommand.REFUSED,
        subcommands = {CheckCommand.class, PortCommand.class, HelpCommand.class})
public final class ParityCommand {

    /** Nothing differs. */
    static final int EQUAL = 0;
    /** Something differs. */
    static final int DIFFERENT = 1;
    /** Nothing was compared: wrong options, an unknown loss, an expression that torch rejects. */
    static final int REFUSED = 2;

    private ParityCommand() {}

    /**
     * Runs a subcommand and ends the JVM with its status.
     *
     * @param args the name of the subcommand and its options; {@code help} lists them
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new ParityCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(120);
        CommandLine.IExecutionStrategy runLast = new CommandLine.RunLast();
        commandLine.setExecutionStrategy(parsed -> {
            try {
                return runLast.execute(parsed);
            } catch (OutOfMemoryError e) {
                commandLine.getErr().println("Out of memory: " + e.getMessage() + "; give more with java -Xmx..");
                return REFUSED;
            } catch (LinkageError e) {
                commandLine.getErr().println("The class path or a native library does not fit: " + e);
                return REFUSED;
            }
        });
        commandLine.setExecutionExceptionHandler((exception, command, parsed) -> {
            String refusal = refusal(exception);
            if (refusal == null) {
                throw exception;
            }
            command.getErr().println(refusal);
            return REFUSED;
        });
        commandLine.setParameterExceptionHandler((exception, arguments) -> {
            CommandLine command = exception.getCommandLine();
            command.getErr()
                    .println(exception.getMessage() + "; "
                            + command.getCommandSpec().qualifiedName() + " --help says more");
            return REFUSED;
        });
        return commandLine;
    }

    /** A line about a refusal; null for an error of this program. */
    private static String refusal(Exception exception) {
        if (exception instanceof IllegalArgumentException) {
            return exception.getMessage();
        }
        if (exception instanceof TorchException) {
            return "torch says: " + exception.getMessage();
        }
        Throwable cause = exception instanceof UncheckedIOException ? exception.getCause() : exception;
        if (cause instanceof FileSystemException ofFile) {
            String reason = ofFile.getReason() == null ? cause.getClass().getSimpleName() : ofFile.getReason();
            return ofFile.getFile() + ": " + reason;
        }
        return cause instanceof IOException ? "A file cannot be read or written: " + cause.getMessage() : null;
    }

    /** The version of the torch that everything is compared with. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"torch " + Torch.version()};
        }
    }
}
