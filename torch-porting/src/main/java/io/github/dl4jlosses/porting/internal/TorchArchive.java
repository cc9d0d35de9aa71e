/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** The ZIP that torch.save and torch.jit.save write: a pickle, and a file with the numbers of each storage. */
final class TorchArchive {

    /** A pickle takes some 100 bytes for a tensor. */
    static final long MOST_PICKLE_BYTES = 4L << 20;

    private static final Pattern PICKLE = Pattern.compile("([^/\\\\]+/)data\\.pkl");
    private static final Pattern OUTSIDE = Pattern.compile("(^|[/\\\\])\\.\\.?([/\\\\]|$)|\\\\|\\x00");

    private final FileBytes file;
    private final Map<String, ArchiveDirectory.Entry> entries;
    private final Map<String, ByteBuffer> storages = new HashMap<>();
    private final String folder;

    /** Entries that share their bytes could be larger together than the file. */
    private long unread;

    TorchArchive(FileBytes file) throws IOException {
        this.file = file;
        this.unread = file.size();
        this.entries = ArchiveDirectory.read(file);
        this.folder = folderOfPickle(entries.keySet());
        entries.keySet().forEach(this::checkName);
    }

    /** torch puts everything into one folder, whose name is that of the file that was first written. */
    private static String folderOfPickle(Set<String> names) {
        List<String> folders = names.stream()
                .map(PICKLE::matcher)
                .filter(Matcher::matches)
                .map(pickle -> pickle.group(1))
                .toList();
        if (folders.isEmpty()) {
            throw new Refused("The archive has no data.pkl, so neither torch.save nor torch.jit.save of "
                    + "torch 1.6 or newer made it; load the model in a current torch and save it again");
        }
        if (folders.size() > 1) {
            throw new Refused("The archive has two pickles, in "
                    + Refused.shown(folders.get(0)) + " and "
                    + Refused.shown(folders.get(1)) + "; torch writes one");
        }
        return folders.get(0);
    }

    private void checkName(String name) {
        if (!name.startsWith(folder) || OUTSIDE.matcher(name).find()) {
            throw new Refused("The entry '" + Refused.shown(name) + "' lies outside the archive's folder "
                    + Refused.shown(folder) + ", where torch puts all of them");
        }
    }

    /** Whether torch.jit.save made it, so that its objects are modules. */
    boolean isScripted() {
        return entries.containsKey(folder + "constants.pkl");
    }

    byte[] pickle() throws IOException {
        checkByteOrder();
        return content("data.pkl", MOST_PICKLE_BYTES);
    }

    private void checkByteOrder() throws IOException {
        if (entries.containsKey(folder + "byteorder")) {
            String order = new String(content("byteorder", 16), StandardCharsets.UTF_8);
            if (!order.equals("little")) {
                throw new Refused("The numbers of the file are in byte order '" + Refused.shown(order)
                        + "'; only 'little' is read: load and save it again on such a machine");
            }
        }
    }

    /** The numbers of a storage, which are read once. */
    ByteBuffer storage(StorageReference reference) throws IOException {
        ByteBuffer known = storages.get(reference.key());
        ByteBuffer storage = known != null ? known : load("data/" + reference.key());
        storages.put(reference.key(), storage);
        int width = reference.type().bytes();
        if (storage.capacity() % width != 0 || reference.elements() != storage.capacity() / width) {
            throw Refused.damaged("Storage " + reference.key() + " should have " + reference.elements()
                    + " elements of " + width + " bytes, but has " + storage.capacity()
                    + " bytes");
        }
        return storage;
    }

    private ByteBuffer load(String name) throws IOException {
        return ByteBuffer.wrap(content(name, Budget.FILE_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private byte[] content(String name, long most) throws IOException {
        ArchiveDirectory.Entry entry = entries.get(folder + name);
        String shown = Refused.shown(folder + name);
        if (entry == null) {
            throw Refused.damaged("The archive lacks its entry " + shown);
        }
        if (entry.isCompressed() || entry.isEncrypted()) {
            throw new Refused("The entry " + shown + " is compressed or encrypted, which torch never does "
                    + "and which could hide any size; unpack the archive and pack it with zip -0, or save it again");
        }
        if (entry.bytes() != entry.storedBytes() || entry.bytes() > most) {
            throw new Refused("The entry " + shown + " claims " + entry.bytes() + " bytes; " + most
                    + " are the limit, and no more than lie in the file");
        }
        if (entry.bytes() > unread) {
            throw Refused.damaged("The entry " + shown + " claims " + entry.bytes()
                    + " bytes, and so its entries have more than the file itself");
        }
        unread -= entry.bytes();
        byte[] content = ArchiveDirectory.content(file, entry);
        CRC32 checksum = new CRC32();
        checksum.update(content);
        if (checksum.getValue() != entry.checksum()) {
            throw new Refused("The entry " + shown + " does not have its checksum: the file is "
                    + "damaged, or was saved without checksums (torch.serialization.set_crc32_options(False)); "
                    + "save it again with them");
        }
        return content;
    }
}
