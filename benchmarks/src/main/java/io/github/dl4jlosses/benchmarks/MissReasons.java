/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Why targets are missed: what people write after a run, below a heading with the key of the target. */
record MissReasons(Map<String, String> byTarget) {
    /** Among the resources of the program. */
    static final String FILE = "misses.md";

    private static final String HEADING = "## ";

    static MissReasons read() {
        try (InputStream in = MissReasons.class.getResourceAsStream("/" + FILE)) {
            return parse(new String(in.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What stands before the first heading is for those who write. */
    static MissReasons parse(String text) {
        Map<String, String> byTarget = new LinkedHashMap<>();
        String[] parts = ("\n" + text).split("\n" + HEADING, -1);
        for (int i = 1; i < parts.length; i++) {
            String[] headingAndText = (parts[i] + "\n").split("\n", 2);
            byTarget.put(headingAndText[0].strip(), headingAndText[1].strip());
        }
        return new MissReasons(byTarget);
    }

    /** Empty where nobody has written one. */
    Optional<String> of(Target target) {
        return Optional.ofNullable(byTarget.get(target.key())).filter(text -> !text.isEmpty());
    }
}
