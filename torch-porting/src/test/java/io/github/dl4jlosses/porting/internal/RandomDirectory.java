/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.porting.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** An archive with the same content and a directory that lies: field by field, in the long form too, and about entries. */
final class RandomDirectory {

    private static final int RECORD = 0x02014B50;
    private static final int END = 0x06054B50;
    private static final int END64 = 0x06064B50;
    private static final int LOCATOR = 0x07064B50;
    private static final int END_BYTES = 22;
    private static final int RECORD_BYTES = 46;

    /** Where fields of a record begin, and how wide they are. */
    private static final int[][] FIELDS = {
        {8, 2}, {10, 2}, {16, 4}, {20, 4}, {24, 4}, {28, 2}, {30, 2}, {32, 2}, {34, 2}, {42, 4}
    };

    private final Random random;
    private final ByteChanges changes;
    private final byte[] archive;
    private final int begin;
    private final List<byte[]> records = new ArrayList<>();

    private RandomDirectory(byte[] archive, Random random) {
        this.random = random;
        this.changes = new ByteChanges(random);
        this.archive = archive;
        ByteBuffer bytes = ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN);
        int end = archive.length - END_BYTES;
        this.begin = bytes.getInt(end + 16);
        int at = begin;
        while (at < end && bytes.getInt(at) == RECORD) {
            int length = RECORD_BYTES + bytes.getShort(at + 28) + bytes.getShort(at + 30) + bytes.getShort(at + 32);
            records.add(Arrays.copyOfRange(archive, at, at + length));
            at += length;
        }
    }

    /** Of an archive as ArchiveWriter or torch writes it. */
    static byte[] of(byte[] archive, Random random) {
        return new RandomDirectory(archive, random).changed();
    }

    private byte[] changed() {
        for (int i = random.nextInt(3); i > 0; i--) {
            changeRecord();
        }
        switch (random.nextInt(8)) {
            case 0 -> records.add(any().clone());
            case 1 -> records.remove(random.nextInt(records.size()));
            case 2 -> share();
            case 3 -> repeat(1 << random.nextInt(10));
            default -> {}
        }
        int count = records.size();
        int bytes = records.stream().mapToInt(each -> each.length).sum();
        byte[] behind = random.nextInt(12) == 0 ? new byte[random.nextInt(50)] : new byte[0];
        ByteBuffer file = ByteBuffer.allocate(begin + bytes + 200).order(ByteOrder.LITTLE_ENDIAN);
        file.put(archive, 0, begin);
        records.forEach(file::put);
        if (random.nextBoolean()) {
            putLongEnd(file, lie(count), lie(bytes), lie(begin));
        }
        file.putInt(END).putInt(0);
        file.putShort((short) lie(count)).putShort((short) lie(count));
        file.putInt((int) lie(bytes)).putInt((int) lie(begin)).putShort((short) behind.length);
        file.put(behind);
        return Arrays.copyOf(file.array(), file.position());
    }

    private void putLongEnd(ByteBuffer file, long count, long bytes, long offset) {
        int position = file.position();
        file.putInt(END64)
                .putLong(44)
                .putShort((short) 45)
                .putShort((short) 45)
                .putInt(0)
                .putInt(0);
        file.putLong(count).putLong(count).putLong(bytes).putLong(offset);
        file.putInt(LOCATOR).putInt(0).putLong(lie(position)).putInt(1);
    }

    private long lie(long truth) {
        return switch (random.nextInt(20)) {
            case 0 -> changes.edge();
            case 1 -> truth + random.nextInt(5) - 2;
            default -> truth;
        };
    }

    private byte[] any() {
        return records.get(random.nextInt(records.size()));
    }

    private void changeRecord() {
        byte[] record = any();
        int[] field = FIELDS[random.nextInt(FIELDS.length)];
        ByteBuffer number = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
        if (random.nextInt(4) == 0) {
            record[RECORD_BYTES + random.nextInt(record.length - RECORD_BYTES)] = (byte) random.nextInt(256);
        } else if (field[1] == 2) {
            number.putShort(field[0], (short) changes.edge());
        } else {
            number.putInt(field[0], (int) changes.edge());
        }
    }

    /** One entry lies where another does, with its size and checksum. */
    private void share() {
        byte[] from = any();
        byte[] to = any();
        System.arraycopy(from, 16, to, 16, 12);
        System.arraycopy(from, 42, to, 42, 4);
    }

    /** The same bytes under many names. */
    private void repeat(int times) {
        byte[] from = any();
        for (int i = 0; i < times; i++) {
            byte[] copy = from.clone();
            byte[] number = Integer.toString(i).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            int length = Math.min(number.length, copy.length - RECORD_BYTES);
            System.arraycopy(number, 0, copy, copy.length - length, length);
            records.add(copy);
        }
    }
}
