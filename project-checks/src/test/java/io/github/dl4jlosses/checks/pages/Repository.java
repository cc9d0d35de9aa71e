/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.checks.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The files of the repository, as it is seen from a module. */
public final class Repository {
    public static final Path ROOT = Path.of("..");

    private Repository() {}

    /** All below a folder whose names end so, sorted. */
    public static List<Path> files(Path folder, String ending) {
        Set<Path> found = new TreeSet<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
                    return isMade(each) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.toString().endsWith(ending)) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(found);
    }

    /** Whether what lies there is no part of it; a package is called target, too. */
    private static boolean isMade(Path folder) {
        String name = folder.getFileName().toString();
        return name.equals(".git")
                || name.equals("node_modules")
                || (name.equals("target") && Files.exists(folder.resolveSibling("pom.xml")));
    }

    /** The name of a file without its ending. */
    public static String simpleName(Path file) {
        return file.getFileName().toString().replaceFirst("\\.\\w+$", "");
    }

    /** Its path from the root, with slashes. */
    public static String nameOf(Path file) {
        return ROOT.relativize(file).toString().replace('\\', '/');
    }
}
