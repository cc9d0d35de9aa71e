/* SPDX-License-Identifier: Apache-2.0 */

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Packs the command port: {@code java ProgramZip.java port.zip bin-folder lib-folder file..}. What is in the first folder can be
 * executed; the other files go to the top, jars to lib.
 */
final class ProgramZip {

    private ProgramZip() {}

    public static void main(String[] args) throws IOException {
        Path zip = Path.of(args[0]).toAbsolutePath();
        Files.deleteIfExists(zip);
        // jars are compressed already
        Map<String, ?> options =
                Map.of("create", "true", "enablePosixFileAttributes", "true", "compressionMethod", "STORED");
        try (FileSystem target = FileSystems.newFileSystem(URI.create("jar:" + zip.toUri()), options)) {
            addAll(target, "bin", Path.of(args[1]), "rwxr-xr-x");
            addAll(target, "lib", Path.of(args[2]), "rw-r--r--");
            for (String file : List.of(args).subList(3, args.length)) {
                add(target, file.endsWith(".jar") ? "lib" : "", Path.of(file), "rw-r--r--");
            }
        }
        System.out.println(zip + ", " + Files.size(zip) / (1 << 20) + " MB");
    }

    private static void addAll(FileSystem target, String folder, Path from, String mode) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.sorted().toList()) {
                add(target, folder, file, mode);
            }
        }
    }

    private static void add(FileSystem target, String folder, Path file, String mode) throws IOException {
        Path place = target.getPath("port", folder, file.getFileName().toString());
        Files.createDirectories(place.getParent());
        Files.copy(file, place);
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString(mode));
    }
}
