/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes the file that torch.jit.save would write for a module without parameters: a ZIP of source code and two
 * pickles.
 */
final class ScriptArchive {

    /**
     * The version of the operators in the code. Older versions change the meaning of some: in version 3,
     * {@code torch.div} of integers truncates.
     */
    private static final String OPERATORS = "10\n";

    /** Pickle, protocol 2: an object of the class {@code __torch__.Module} with the state {"training": True}. */
    private static final byte[] MODULE =
            "\u0080\u0002c__torch__\nModule\n)\u0081}(X\u0008\0\0\0training\u0088ub.".getBytes(ISO_8859_1);

    /** Pickle, protocol 2: an empty tuple. */
    private static final byte[] NO_CONSTANTS = "\u0080\u0002).".getBytes(ISO_8859_1);

    private static final String HEAD = """
            class Module(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
            """;

    private ScriptArchive() {}

    /** The bytes of the file for method definitions that are indented by two spaces. */
    static byte[] of(String methods) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            store(zip, "version", OPERATORS.getBytes(UTF_8));
            store(zip, "data.pkl", MODULE);
            store(zip, "constants.pkl", NO_CONSTANTS);
            store(zip, "code/__torch__.py", (HEAD + methods).getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Torch reads its archives without decompressing, so entries are stored, which needs their size and checksum first.
     */
    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry("loss/" + name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
