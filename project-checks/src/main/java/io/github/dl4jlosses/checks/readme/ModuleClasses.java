/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.readme;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Which class of torch.nn each module of a traced archive has, as the code in the archive declares. */
final class ModuleClasses {
    private static final Pattern CLASS = Pattern.compile("(?m)^class (\\w+)\\(Module\\):$");
    private static final Pattern ATTRIBUTE =
            Pattern.compile("(?m)^  (?:(\\w+) : |__annotations__\\[\"(\\w+)\"\\] = )(__torch__\\.[\\w.]+)$");
    private static final Pattern OF_TORCH = Pattern.compile("__torch__\\.torch\\.nn\\.modules\\..*?(\\w+)");

    private ModuleClasses() {}

    /** The simple names of torch's classes, by the path of the module; modules of other classes are left out. */
    static Map<String, String> of(Path archive) {
        Map<String, Map<String, String>> attributes = new HashMap<>();
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                Matcher file = Pattern.compile("[^/]*/code/(.*)\\.py").matcher(entry.getName());
                if (file.matches()) {
                    read(text(zip, entry), file.group(1).replace('/', '.'), attributes);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String root = attributes.keySet().stream()
                .filter(name -> attributes.values().stream().noneMatch(of -> of.containsValue(name)))
                .findFirst()
                .orElseThrow();
        Map<String, String> classes = new TreeMap<>();
        collect("", root, attributes, classes);
        return classes;
    }

    private static String text(ZipFile zip, ZipEntry entry) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void read(String text, String file, Map<String, Map<String, String>> attributes) {
        for (MatchResult type : CLASS.matcher(text).results().toList()) {
            Map<String, String> of = new LinkedHashMap<>();
            String body = text.substring(type.end()).split("\nclass ", 2)[0];
            ATTRIBUTE
                    .matcher(body)
                    .results()
                    .forEach(found -> of.put(found.group(1) != null ? found.group(1) : found.group(2), found.group(3)));
            attributes.put(file + "." + type.group(1), of);
        }
    }

    private static void collect(
            String path, String type, Map<String, Map<String, String>> attributes, Map<String, String> classes) {
        Matcher torchs = OF_TORCH.matcher(type);
        if (torchs.matches()) {
            classes.put(path, torchs.group(1));
        }
        attributes
                .getOrDefault(type, Map.of())
                .forEach((name, inner) ->
                        collect(path.isEmpty() ? name : path + "." + name, inner, attributes, classes));
    }
}
