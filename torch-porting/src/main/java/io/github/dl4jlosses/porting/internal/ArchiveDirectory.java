/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads the directory at the end of a ZIP as torch writes it: nothing after it, no comment, one disk.
 *
 * <p>{@link java.util.zip.ZipFile} allocates memory for as many entries as the end of the file claims, which may be two
 * billion in a file of 500 bytes; and names made to collide slow down its search for entries.
 */
final class ArchiveDirectory {

    static final int MOST_ENTRIES = 100_000;

    /** The limit of bytes; a hundred thousand entries of torch take 11 MB. */
    static final int MOST_BYTES = 32 << 20;

    private static final int STORED = 0;
    private static final int DEFLATED = 8;

    private static final int END = 0x06054B50;
    private static final int END_BYTES = 22;
    private static final int END64 = 0x06064B50;
    private static final int END64_BYTES = 56;
    private static final int LOCATOR = 0x07064B50;
    private static final int LOCATOR_BYTES = 20;
    private static final int RECORD = 0x02014B50;
    private static final int RECORD_BYTES = 46;
    private static final int HEADER = 0x04034B50;
    private static final int HEADER_BYTES = 30;

    /** An entry as the directory describes it, unchecked. */
    record Entry(String name, int flags, int method, long checksum, long storedBytes, long bytes, long position) {

        boolean isEncrypted() {
            return (flags & 1) != 0;
        }

        boolean isCompressed() {
            return method != STORED;
        }

        boolean isDeflated() {
            return method == DEFLATED;
        }
    }

    private final FileBytes file;
    private final Map<String, Entry> entries = new HashMap<>();
    private long begin;

    private ArchiveDirectory(FileBytes file) {
        this.file = file;
    }

    static Map<String, Entry> read(FileBytes file) throws IOException {
        ArchiveDirectory directory = new ArchiveDirectory(file);
        directory.readAll();
        return directory.entries;
    }

    private void readAll() throws IOException {
        long end = file.size() - END_BYTES;
        ByteBuffer last = end < 0 ? null : file.read(end, END_BYTES);
        if (last == null || last.getInt(0) != END || last.getShort(20) != 0) {
            throw damaged("it does not end with the end of its directory");
        }
        long count = last.getShort(10) & 0xFFFF;
        long bytes = last.getInt(12) & 0xFFFF_FFFFL;
        begin = last.getInt(16) & 0xFFFF_FFFFL;
        if (end >= LOCATOR_BYTES + END64_BYTES
                && file.read(end - LOCATOR_BYTES, 4).getInt(0) == LOCATOR) {
            end -= LOCATOR_BYTES + END64_BYTES;
            ByteBuffer last64 = file.read(end, END64_BYTES);
            if (last64.getInt(0) != END64) {
                throw damaged("its long end of the directory is missing");
            }
            count = last64.getLong(32);
            bytes = last64.getLong(40);
            begin = last64.getLong(48);
        }
        if (count < 0 || count > MOST_ENTRIES) {
            throw new Refused("The archive has " + Long.toUnsignedString(count) + " entries; " + MOST_ENTRIES
                    + " are the limit: save fewer tensors in one file");
        }
        if (begin < 0 || bytes < 0 || bytes != end - begin) {
            throw damaged("its directory does not lie where it should");
        }
        if (bytes > MOST_BYTES) {
            throw new Refused("The directory of the archive has " + bytes + " bytes; " + MOST_BYTES
                    + " are the limit: save fewer tensors in one file");
        }
        addEntries(file.read(begin, bytes), (int) count);
    }

    private void addEntries(ByteBuffer records, int count) {
        for (int i = 0; i < count; i++) {
            int at = records.position();
            if (records.remaining() < RECORD_BYTES || records.getInt(at) != RECORD) {
                throw damaged("its directory has fewer entries than it says");
            }
            int nameBytes = records.getShort(at + 28) & 0xFFFF;
            int more = (records.getShort(at + 30) & 0xFFFF) + (records.getShort(at + 32) & 0xFFFF);
            if (records.remaining() < RECORD_BYTES + nameBytes + more) {
                throw damaged("an entry of its directory reaches beyond it");
            }
            String name = name(records.slice(at + RECORD_BYTES, nameBytes));
            Entry entry = new Entry(
                    name,
                    records.getShort(at + 8) & 0xFFFF,
                    records.getShort(at + 10) & 0xFFFF,
                    records.getInt(at + 16) & 0xFFFF_FFFFL,
                    records.getInt(at + 20) & 0xFFFF_FFFFL,
                    records.getInt(at + 24) & 0xFFFF_FFFFL,
                    records.getInt(at + 42) & 0xFFFF_FFFFL);
            if (entries.put(name, entry) != null) {
                throw new Refused("The archive has '" + Refused.shown(name) + "' twice; torch writes every name once");
            }
            records.position(at + RECORD_BYTES + nameBytes + more);
        }
        if (records.hasRemaining()) {
            throw damaged("its directory has more entries than it says");
        }
    }

    /** The bytes of an entry as they are stored; its header must have the name that the directory has. */
    static byte[] content(FileBytes file, Entry entry) throws IOException {
        ByteBuffer header = file.read(entry.position(), HEADER_BYTES);
        int nameBytes = header.getShort(26) & 0xFFFF;
        int more = header.getShort(28) & 0xFFFF;
        long name = entry.position() + HEADER_BYTES;
        if (header.getInt(0) != HEADER || !name(file.read(name, nameBytes)).equals(entry.name())) {
            throw damaged("the entry " + Refused.shown(entry.name()) + " does not lie where it should");
        }
        return file.bytes(name + nameBytes + more, entry.storedBytes());
    }

    private static String name(ByteBuffer utf8) {
        return Refused.decoded("The name of an entry", utf8);
    }

    private static Refused damaged(String reason) {
        return new Refused(
                "The archive cannot be opened (" + reason + "): truncated or damaged; copy or save it again");
    }
}
