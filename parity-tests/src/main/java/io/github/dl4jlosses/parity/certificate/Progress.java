/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import java.io.Console;
import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How far a run is: a bar on a terminal, else a line for each tenth of the way. */
final class Progress implements AutoCloseable {
    private static final int LINES = 10;

    private final int all;
    private final PrintStream out;
    private final ProgressBar bar;
    private int done;

    Progress(int all, PrintStream out) {
        this.all = all;
        this.out = out;
        this.bar = isTerminal()
                ? new ProgressBarBuilder()
                        .setTaskName("certificate")
                        .setInitialMax(all)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(200)
                        .continuousUpdate()
                        .build()
                : null;
    }

    /** From JDK 22 on there is a console even where there is no terminal. */
    @SuppressWarnings("SystemConsoleNull") // null before JDK 22, and asked further after it
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /** Work of a certain size is done, which was about a loss. */
    void step(int size, String what) {
        long tenths = (long) done * LINES / all;
        done += size;
        if (bar != null) {
            bar.setExtraMessage(what);
            bar.stepBy(size);
        } else if ((long) done * LINES / all > tenths) {
            out.println("certificate: " + (long) done * 100 / all + " %");
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
