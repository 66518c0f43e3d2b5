package io.pgcdc.connect.offset;

import io.pgcdc.queue.QueueIdentity;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The source partitions under which Kafka Connect keeps the offsets of one source. All values are text. Kafka Connect finds an offset by the JSON
 * text of its partition, so the entries must always come in the same order: that of a {@link HashMap}, into which Kafka Connect reads them.
 */
public final class Partitions {

    static final String SOURCE = "source";
    static final String SYSTEM = "system";
    static final String DATABASE = "database";
    static final String SLOT = "slot";
    static final String SNAPSHOT = "snapshot";
    static final String TABLE = "table";

    private static final Set<String> OF_IDENTITY = Set.of(SOURCE, SLOT);
    private static final Set<String> OF_STREAM = Set.of(SYSTEM, DATABASE, SLOT);
    private static final Set<String> OF_SNAPSHOT = Set.of(SYSTEM, DATABASE, SLOT, SNAPSHOT);
    private static final Set<String> OF_TABLE = Set.of(SYSTEM, DATABASE, SLOT, SNAPSHOT, TABLE);

    /** What a partition is of. */
    public enum Kind {
        IDENTITY,
        STREAM,
        SNAPSHOT,
        TABLE
    }

    private Partitions() {}

    /** Returns what a partition is of; null: it is none of ours. */
    public static @Nullable Kind kind(Map<String, ?> partition) {
        Set<String> keys = partition.keySet();
        if (!partition.values().stream().allMatch(String.class::isInstance)) {
            return null;
        }
        return keys.equals(OF_STREAM)
                ? Kind.STREAM
                : keys.equals(OF_IDENTITY)
                        ? Kind.IDENTITY
                        : keys.equals(OF_SNAPSHOT) ? Kind.SNAPSHOT : keys.equals(OF_TABLE) ? Kind.TABLE : null;
    }

    /** Returns the slot of a partition that has a kind. */
    public static String slot(Map<String, ?> partition) {
        return String.valueOf(partition.get(SLOT));
    }

    /** Returns the partition that tells which server a source's offsets are of. */
    public static Map<String, String> identity(String source, String slot) {
        return of(SOURCE, source, SLOT, slot);
    }

    /** Returns the partition of the {@link StreamOffset}. */
    public static Map<String, String> stream(QueueIdentity identity) {
        return stream(identity.systemIdentifier(), identity.databaseName(), identity.slotName());
    }

    /** Returns the partition of the {@link StreamOffset}. */
    public static Map<String, String> stream(String system, String database, String slot) {
        return of(SYSTEM, system, DATABASE, database, SLOT, slot);
    }

    /** Returns the partition of what a snapshot is, and which tables it reads. */
    static Map<String, String> snapshot(Map<String, String> stream, String snapshot) {
        return with(stream, SNAPSHOT, snapshot);
    }

    /** Returns the partition of how far a snapshot has read a table. */
    static Map<String, String> table(Map<String, String> stream, String snapshot, String table) {
        return with(snapshot(stream, snapshot), TABLE, table);
    }

    private static Map<String, String> of(String... entries) {
        Map<String, String> partition = new HashMap<>();
        for (int i = 0; i < entries.length; i += 2) {
            partition.put(entries[i], entries[i + 1]);
        }
        return partition;
    }

    private static Map<String, String> with(Map<String, String> partition, String key, String value) {
        Map<String, String> more = new HashMap<>(); // not a copy: that may have another capacity, and so another order
        more.putAll(partition);
        more.put(key, value);
        return more;
    }
}
