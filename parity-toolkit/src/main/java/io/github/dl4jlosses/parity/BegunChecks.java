/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import java.lang.StackWalker.StackFrame;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps the checks that a thread has begun and not finished, once asked to. It needs no test framework. */
final class BegunChecks {

    private static final ThreadLocal<Map<Parity, String>> PLACES = new ThreadLocal<>();

    private BegunChecks() {}

    /** Starts to keep the checks of this thread. */
    static void keep() {
        PLACES.set(new LinkedHashMap<>());
    }

    static void add(Parity begun) {
        Map<Parity, String> places = PLACES.get();
        if (places != null) {
            places.put(begun, place());
        }
    }

    static void finish(Parity finished) {
        Map<Parity, String> places = PLACES.get();
        if (places != null) {
            places.remove(finished);
        }
    }

    /** The unfinished checks, each with its place; stops keeping them. */
    static List<String> unfinished() {
        Map<Parity, String> places = PLACES.get();
        PLACES.remove();
        return places == null
                ? List.of()
                : places.entrySet().stream()
                        .map(entry -> entry.getKey() + ", " + entry.getValue())
                        .toList();
    }

    /** The line that called Parity. */
    private static String place() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !isOurs(frame))
                        .findFirst()
                        .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                        .orElse("unknown place"));
    }

    private static boolean isOurs(StackFrame frame) {
        return frame.getClassName().equals(Parity.class.getName())
                || frame.getClassName().equals(BegunChecks.class.getName());
    }
}
