package io.pgcdc.queue;

import io.pgcdc.config.ColumnName;
import io.pgcdc.config.TableName;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import io.pgcdc.model.Relation;
import io.pgcdc.model.TableFacts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Every layout that a relation of the queue ever had, under version numbers that segments refer to. An append-only file:
 *
 * <pre>
 *   file:  | magic "PGCR" 4 | format version 4 | entries ... |
 *   entry: | type 1 | length 4 | CRC32C of the payload 4 | CRC32C of the 9 bytes before 4 | payload |
 *          type 1: a relation, its version first, as older versions wrote it; type 3: one with facts of its table; type 2: a version
 *          number (4) that a torn entry had and nobody gets again
 * </pre>
 *
 * <p>Threads: capture alone calls {@link #intern}; any thread asks. A version is on disk before intern returns
 * it, so a sink that meets its number in a durable segment finds it.
 */
public final class RelationStore implements AutoCloseable {

    private static final int MAGIC = 'P' << 24 | 'G' << 16 | 'C' << 8 | 'R';
    private static final int FORMAT = 1;
    private static final int FILE_HEADER_LENGTH = 8;
    private static final int LENGTH_AT = 1;
    private static final int PAYLOAD_CRC_AT = 5;
    private static final int HEADER_CRC_AT = 9;
    private static final int ENTRY_HEADER_LENGTH = 13;
    private static final int MAX_ENTRY_BYTES = 64 << 20;
    private static final byte RELATION_WITHOUT_FACTS = 1;
    private static final byte LOST_VERSION = 2;
    private static final byte RELATION = 3;

    private final Path path;
    private final FileChannel channel;
    private final CRC32C crc = new CRC32C();
    private final Map<Integer, Relation> byVersion = new ConcurrentHashMap<>();
    // capture's own
    private final Map<Integer, Relation> latestByOid = new HashMap<>();

    /** Where each table's rows were while its latest layout stood, if that is known; a layout that is the same is not stored again for it. */
    private final Map<Integer, Integer> storageByOid = new HashMap<>();

    /** Where they were when the catalog was last read, and later layouts may have stood. */
    private final Map<Integer, Integer> seenByOid = new HashMap<>();

    private int lastVersion;
    private long end = FILE_HEADER_LENGTH;
    private boolean failed;

    private RelationStore(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Opens or creates the file; an entry that a crash left torn at its end is cut off.
     *
     * @throws QueueException QUEUE_DAMAGED when any other entry cannot be read; QUEUE_FORMAT; QUEUE_IO
     */
    public static RelationStore open(Path path) {
        try {
            if (!Files.exists(path)) {
                byte[] header = new byte[FILE_HEADER_LENGTH];
                BigEndian.putInt(header, 0, MAGIC);
                BigEndian.putInt(header, 4, FORMAT);
                DurableFiles.write(path, header);
            }
            RelationStore store = new RelationStore(path, DurableFiles.open(path));
            try {
                store.load();
            } catch (IOException | RuntimeException e) {
                store.channel.close();
                throw e;
            }
            return store;
        } catch (IOException e) {
            throw SegmentFile.io("cannot be read", path, e);
        }
    }

    /**
     * The stored version of this layout: the table's latest one when it is the same, else a new one, on disk when this returns.
     *
     * @param layout its version is not looked at
     */
    public Relation intern(Relation layout) {
        Relation latest = latestByOid.get(layout.oid());
        boolean same = latest != null && latest.sameAs(layout);
        boolean rewritten = latest != null && perhapsRewritten(latest.facts(), layout);
        see(layout, same);
        if (latest != null && same) {
            return latest;
        }
        Relation stored = countRewrites(layout, latest, rewritten).withVersion(lastVersion + 1);
        append(RELATION, RelationCodec.encode(stored));
        add(stored);
        return stored;
    }

    /**
     * Whether the table's rows are in another file than while its latest layout stood. Where that file is not known, they count as rewritten
     * if they moved since the catalog was last read, or if a new column needs a rewrite to have what it may have in old rows.
     */
    private boolean perhapsRewritten(@Nullable TableFacts latest, Relation layout) {
        TableFacts facts = layout.facts();
        if (latest == null || facts == null || facts.storage() == 0) {
            return false;
        }
        Integer before = storageByOid.get(layout.oid());
        if (before != null) {
            return before != facts.storage();
        }
        Integer seen = seenByOid.get(layout.oid());
        return seen == null || seen != facts.storage() || facts.fillsBehind(latest.lastAttnum());
    }

    private void see(Relation layout, boolean same) {
        TableFacts facts = layout.facts();
        if (facts == null || facts.storage() == 0) {
            return;
        }
        seenByOid.put(layout.oid(), facts.storage());
        if (!facts.outdated()) {
            storageByOid.put(layout.oid(), facts.storage());
        } else if (!same) {
            storageByOid.remove(layout.oid()); // after a crash it may be older than the one that was stored before it
        }
    }

    /** What is stored without a file was outdated. */
    private void remember(Relation stored) {
        TableFacts facts = stored.facts();
        if (facts != null && facts.storage() == 0) {
            storageByOid.remove(stored.oid());
            seenByOid.remove(stored.oid());
        }
        see(stored, false);
    }

    private static Relation countRewrites(Relation layout, @Nullable Relation latest, boolean rewritten) {
        TableFacts facts = layout.facts();
        if (facts == null) {
            return layout;
        }
        TableFacts before = latest == null ? null : latest.facts();
        return layout.withFacts(facts.withRewrites((before == null ? 0 : before.rewrites()) + (rewritten ? 1 : 0)));
    }

    /** Every layout that is stored. */
    public Collection<Relation> all() {
        return List.copyOf(byVersion.values());
    }

    /** @throws QueueException QUEUE_DAMAGED when there is no such version */
    public Relation byVersion(int version) {
        Relation relation = byVersion.get(version);
        if (relation == null) {
            throw damaged("version " + version + " is not in it", end, null);
        }
        return relation;
    }

    /** The layout that its table had before this one; null: none that is known. */
    public @Nullable Relation before(Relation layout) {
        for (int version = layout.version() - 1; version > 0; version--) {
            Relation earlier = byVersion.get(version);
            if (earlier != null && earlier.oid() == layout.oid()) {
                return earlier;
            }
        }
        return null;
    }

    /** Whether a layout of that table was ever stored. */
    public boolean knew(TableName table) {
        return layouts(table).findAny().isPresent();
    }

    /** Whether a stored layout has that column. */
    public boolean knew(ColumnName column) {
        return layouts(column.table())
                .anyMatch(r -> r.columns().stream().anyMatch(c -> c.name().equals(column.column())));
    }

    private Stream<Relation> layouts(TableName table) {
        return byVersion.values().stream()
                .filter(r -> r.schema().equals(table.schema()) && r.name().equals(table.name()));
    }

    private void add(Relation relation) {
        byVersion.put(relation.version(), relation);
        latestByOid.put(relation.oid(), relation);
        lastVersion = relation.version();
    }

    private void append(byte type, byte[] payload) {
        if (failed) {
            throw new IllegalStateException("relation store has failed before");
        }
        byte[] entry = new byte[ENTRY_HEADER_LENGTH + payload.length];
        entry[0] = type;
        BigEndian.putInt(entry, LENGTH_AT, payload.length);
        BigEndian.putInt(entry, PAYLOAD_CRC_AT, crc(payload, payload.length));
        BigEndian.putInt(entry, HEADER_CRC_AT, crc(entry, HEADER_CRC_AT));
        System.arraycopy(payload, 0, entry, ENTRY_HEADER_LENGTH, payload.length);
        ByteBuffer remaining = ByteBuffer.wrap(entry);
        try {
            while (remaining.hasRemaining()) {
                channel.write(remaining, end + remaining.position());
            }
            channel.force(true);
        } catch (IOException e) {
            failed = true;
            throw SegmentFile.io("cannot be written", path, e);
        }
        end += entry.length;
    }

    private void load() throws IOException {
        long size = channel.size();
        byte[] fileHeader = read(0, FILE_HEADER_LENGTH, size);
        if (fileHeader == null || BigEndian.getInt(fileHeader, 0) != MAGIC) {
            throw damaged("it does not begin like a file of relations", 0, null);
        }
        if (BigEndian.getInt(fileHeader, 4) != FORMAT) {
            throw newer("format " + BigEndian.getInt(fileHeader, 4) + ", this version reads " + FORMAT);
        }
        while (end < size) {
            if (!loadEntry(size)) {
                cutTornEntry();
                break;
            }
        }
        channel.force(true); // what a killed process wrote last may be only in memory
    }

    /** False when the file ends with a torn entry here. */
    private boolean loadEntry(long size) throws IOException {
        byte[] header = read(end, ENTRY_HEADER_LENGTH, size);
        if (header == null) {
            return false;
        }
        if (BigEndian.getInt(header, HEADER_CRC_AT) != crc(header, HEADER_CRC_AT)) {
            if (zeroFrom(end, size)) {
                return false;
            }
            throw damaged("the CRC of an entry's header does not fit", end, null);
        }
        int length = BigEndian.getInt(header, LENGTH_AT);
        if (length < 0 || length > MAX_ENTRY_BYTES) {
            throw damaged("entry length " + length, end, null);
        }
        long behind = end + ENTRY_HEADER_LENGTH + length;
        byte[] payload = read(end + ENTRY_HEADER_LENGTH, length, size);
        if (payload == null || BigEndian.getInt(header, PAYLOAD_CRC_AT) != crc(payload, length)) {
            if (behind >= size) {
                return false;
            }
            throw damaged("the CRC of an entry does not fit", end, null);
        }
        accept(header[0], payload);
        end = behind;
        return true;
    }

    private void accept(byte type, byte[] payload) {
        try {
            switch (type) {
                case RELATION, RELATION_WITHOUT_FACTS -> {
                    Relation relation = RelationCodec.decode(payload, type == RELATION);
                    if (relation.version() != lastVersion + 1) {
                        throw new IOException("version " + relation.version() + " follows " + lastVersion);
                    }
                    add(relation);
                    remember(relation);
                }
                case LOST_VERSION -> {
                    if (payload.length != 4 || BigEndian.getInt(payload, 0) != lastVersion + 1) {
                        throw new IOException("a lost version that does not follow " + lastVersion);
                    }
                    lastVersion++;
                }
                default -> throw newer("entry type " + type);
            }
        } catch (IOException e) {
            throw damaged(String.valueOf(e.getMessage()), end, e);
        }
    }

    /**
     * Its number is not given again: were the entry not torn but damaged later, segments may refer to it, and must meet an error
     * rather than another table's layout.
     */
    private void cutTornEntry() throws IOException {
        channel.truncate(end);
        byte[] version = new byte[4];
        BigEndian.putInt(version, 0, lastVersion + 1);
        append(LOST_VERSION, version);
        lastVersion++;
    }

    private boolean zeroFrom(long position, long size) throws IOException {
        byte[] rest = read(position, (int) Math.min(size - position, MAX_ENTRY_BYTES), size);
        if (rest != null) {
            for (byte b : rest) {
                if (b != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Null when the file ends before. */
    private byte @Nullable [] read(long position, int length, long size) throws IOException {
        if (length > size - position) {
            return null;
        }
        byte[] bytes = new byte[length];
        ByteBuffer remaining = ByteBuffer.wrap(bytes);
        while (remaining.hasRemaining()) {
            if (channel.read(remaining, position + remaining.position()) < 0) {
                return null;
            }
        }
        return bytes;
    }

    private int crc(byte[] bytes, int length) {
        crc.reset();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private QueueException damaged(String what, long position, @Nullable Throwable cause) {
        return new QueueException(
                ErrorCode.QUEUE_DAMAGED,
                "the queue's relations cannot be read: " + what + "; " + path + " at " + position
                        + ". Restore the file, or begin a new queue with another --queue-dir.",
                cause);
    }

    private QueueException newer(String what) {
        return new QueueException(
                ErrorCode.QUEUE_FORMAT,
                "the queue's relations are in a newer format: " + what + "; " + path
                        + ". Run the version of pgcdc that wrote it, or a later one.");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw SegmentFile.io("cannot be closed", path, e);
        }
    }
}
