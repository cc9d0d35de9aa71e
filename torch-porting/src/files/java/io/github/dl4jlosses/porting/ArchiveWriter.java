/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** The ZIP of torch.save, entry by entry. */
public final class ArchiveWriter {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ZipOutputStream zip = new ZipOutputStream(bytes);

    /** A state_dict with a storage of three numbers of float64. */
    public static ArchiveWriter with(byte... pickle) {
        return new ArchiveWriter()
                .stored("archive/data.pkl", pickle)
                .stored("archive/data/0", SafetensorsWriter.bytes(1, 2, 3));
    }

    /** A file that is read: these three numbers as the tensor t. */
    public static ArchiveWriter good() {
        return with(PickleWriter.stateDict(new PickleWriter().goodTensor()));
    }

    /** What such a file holds, by name. */
    public static Map<String, byte[]> entries(Path file) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile archive = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(archive.entries())) {
                try (InputStream content = archive.getInputStream(entry)) {
                    entries.put(entry.getName(), content.readAllBytes());
                }
            }
        }
        return entries;
    }

    public ArchiveWriter scripted() {
        return stored("archive/constants.pkl", new PickleWriter().end());
    }

    public ArchiveWriter stored(String name, byte... content) {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        return add(entry, content);
    }

    public ArchiveWriter compressed(String name, byte... content) {
        return add(new ZipEntry(name), content);
    }

    private ArchiveWriter add(ZipEntry entry, byte... content) {
        try {
            zip.putNextEntry(entry);
            zip.write(content);
            zip.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public byte[] bytes() {
        try {
            zip.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    public Path write(Path folder) {
        return write(folder, bytes());
    }

    public static Path write(Path folder, byte... content) {
        try {
            return Files.write(folder.resolve("file.pt"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces a text by another of the same length wherever it is, which ZipOutputStream would not write. */
    public static byte[] renamed(byte[] archive, String from, String to) {
        byte[] result = archive.clone();
        byte[] old = from.getBytes(UTF_8);
        byte[] replacement = to.getBytes(UTF_8);
        for (int i = 0; i + old.length <= result.length; i++) {
            if (java.util.Arrays.equals(result, i, i + old.length, old, 0, old.length)) {
                System.arraycopy(replacement, 0, result, i, replacement.length);
            }
        }
        return result;
    }
}
