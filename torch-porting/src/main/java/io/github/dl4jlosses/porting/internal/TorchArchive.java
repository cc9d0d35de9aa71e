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
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The ZIP that torch.save and torch.jit.save write: a pickle, and a file with the numbers of each storage. */
final class TorchArchive {

    /** A pickle takes some 100 bytes for a tensor. */
    static final long MOST_PICKLE_BYTES = 4L << 20;

    private static final Pattern PICKLE = Pattern.compile("([^/\\\\]+/)data\\.pkl");
    private static final Pattern OUTSIDE = Pattern.compile("(^|[/\\\\])\\.\\.?([/\\\\]|$)|\\\\|\\x00");

    private final FileBytes file;
    private final Map<String, ArchiveDirectory.Entry> entries;
    private final Map<String, ByteBuffer> storages = new HashMap<>();
    private final Map<String, ByteBuffer> storagesOfConstants = new HashMap<>();
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

    /** The modules' code, by the names of its files below {@code code/}. */
    Map<String, String> code(long mostBytes) throws IOException {
        String prefix = folder + "code/";
        Map<String, String> code = new HashMap<>();
        long left = mostBytes;
        for (String name : entries.keySet()) {
            if (name.startsWith(prefix) && name.endsWith(".py")) {
                byte[] content = codeContent(name.substring(folder.length()), left);
                left -= content.length;
                code.put(
                        name.substring(prefix.length()),
                        Refused.decoded("The code " + Refused.shown(name), ByteBuffer.wrap(content)));
            }
        }
        return code;
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

    /** The pickle of the tensors that stand in the code of a traced module. */
    byte[] pickleOfConstants() throws IOException {
        return content("constants.pkl", MOST_PICKLE_BYTES);
    }

    /** The numbers of a storage, which are read once. */
    ByteBuffer storage(StorageReference reference) throws IOException {
        return storage(reference, "data/", storages);
    }

    ByteBuffer storageOfConstants(StorageReference reference) throws IOException {
        return storage(reference, "constants/", storagesOfConstants);
    }

    private ByteBuffer storage(StorageReference reference, String place, Map<String, ByteBuffer> read)
            throws IOException {
        ByteBuffer known = read.get(reference.key());
        ByteBuffer storage = known != null ? known : load(place + reference.key());
        read.put(reference.key(), storage);
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
        ArchiveDirectory.Entry entry = entry(name);
        String shown = Refused.shown(entry.name());
        if (entry.isCompressed() || entry.isEncrypted()) {
            throw new Refused("The entry " + shown + " is compressed or encrypted, which torch never does "
                    + "and which could hide any size; unpack the archive and pack it with zip -0, or save it again");
        }
        if (entry.bytes() != entry.storedBytes() || entry.bytes() > most) {
            throw tooLarge(entry, most);
        }
        return checked(entry, stored(entry));
    }

    /** Code is the one thing that torch compresses; the limit is kept while it is unpacked. */
    private byte[] codeContent(String name, long most) throws IOException {
        ArchiveDirectory.Entry entry = entry(name);
        if (!entry.isDeflated() || entry.isEncrypted()) {
            return content(name, most);
        }
        if (entry.bytes() > most || entry.storedBytes() > file.size()) {
            throw tooLarge(entry, most);
        }
        byte[] stored = stored(entry);
        byte[] content = new byte[(int) entry.bytes()];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(stored);
            int read = 0;
            int more = 1;
            while (read < content.length && more > 0) {
                more = inflater.inflate(content, read, content.length - read);
                read += more;
            }
            if (read < content.length) {
                throw Refused.damaged(
                        "The entry " + Refused.shown(entry.name()) + " unpacks to fewer bytes than it" + " claims");
            }
        } catch (DataFormatException e) {
            throw Refused.damaged("The entry " + Refused.shown(entry.name()) + " cannot be unpacked", e);
        } finally {
            inflater.end();
        }
        return checked(entry, content);
    }

    private ArchiveDirectory.Entry entry(String name) {
        ArchiveDirectory.Entry entry = entries.get(folder + name);
        if (entry == null) {
            throw Refused.damaged("The archive lacks its entry " + Refused.shown(folder + name));
        }
        return entry;
    }

    private static Refused tooLarge(ArchiveDirectory.Entry entry, long most) {
        return new Refused("The entry " + Refused.shown(entry.name()) + " claims " + entry.bytes() + " bytes; " + most
                + " are the limit, and no more than lie in the file");
    }

    private byte[] stored(ArchiveDirectory.Entry entry) throws IOException {
        if (entry.storedBytes() > unread) {
            throw Refused.damaged("The entry " + Refused.shown(entry.name()) + " claims " + entry.storedBytes()
                    + " bytes, and so its entries have more than the file itself");
        }
        unread -= entry.storedBytes();
        return ArchiveDirectory.content(file, entry);
    }

    private static byte[] checked(ArchiveDirectory.Entry entry, byte[] content) {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        if (checksum.getValue() != entry.checksum()) {
            throw new Refused("The entry " + Refused.shown(entry.name()) + " does not have its checksum: the file is "
                    + "damaged, or was saved without checksums (torch.serialization.set_crc32_options(False)); "
                    + "save it again with them");
        }
        return content;
    }
}
