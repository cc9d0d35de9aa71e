/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.spec;

import io.github.dl4jlosses.TorchLoss;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All descriptions, found by looking into their package: there is no list that could forget one. */
public final class LossSpecs {
    private static final String PACKAGE = LossSpecs.class.getPackageName() + ".losses";
    private static final String SUFFIX = "Spec";
    private static final List<LossSpec<?, ?>> ALL = find();

    private LossSpecs() {}

    /** In the order of the losses' names. */
    public static List<LossSpec<?, ?>> all() {
        return ALL;
    }

    /** The description of a loss. */
    public static LossSpec<?, ?> of(TorchLoss loss) {
        return of(loss.getClass());
    }

    /** The description of a class of losses. */
    public static LossSpec<?, ?> of(Class<?> loss) {
        return ALL.stream()
                .filter(spec -> spec.type() == loss)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(loss.getSimpleName()
                        + " has no description: write one in " + PACKAGE + ", as HuberSpec is for HuberLoss"));
    }

    private static List<LossSpec<?, ?>> find() {
        try {
            URI place = LossSpecs.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            Path path = Paths.get(place);
            if (Files.isDirectory(path)) {
                return findIn(path);
            }
            try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + place), Map.of())) {
                return findIn(jar.getPath("/"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<LossSpec<?, ?>> findIn(Path root) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(PACKAGE.replace('.', '/')))) {
            return files.map(file -> file.getFileName().toString().replace(".class", ""))
                    .filter(file -> file.endsWith(SUFFIX))
                    .sorted()
                    .map(file -> create(PACKAGE + "." + file))
                    .collect(Collectors.toUnmodifiableList());
        }
    }

    private static LossSpec<?, ?> create(String name) {
        try {
            return Class.forName(name)
                    .asSubclass(LossSpec.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(name + " must have a public constructor without arguments", e);
        }
    }
}
