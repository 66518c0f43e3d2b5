package io.pgcdc.connect.offset;

import io.pgcdc.queue.QueueIdentity;
import java.util.LinkedHashMap;
import java.util.Map;

/** The source partitions under which Kafka Connect keeps the offsets of one source. All values are text. */
public final class Partitions {

    static final String SOURCE = "source";
    static final String SYSTEM = "system";
    static final String DATABASE = "database";
    static final String SLOT = "slot";
    static final String SNAPSHOT = "snapshot";
    static final String TABLE = "table";

    private Partitions() {}

    /** Returns the partition that tells which server a source's offsets are of. */
    public static Map<String, String> identity(String source, String slot) {
        return Map.of(SOURCE, source, SLOT, slot);
    }

    /** Returns the partition of the {@link StreamOffset}. */
    public static Map<String, String> stream(QueueIdentity of) {
        return stream(of.systemIdentifier(), of.databaseName(), of.slotName());
    }

    /** Returns the partition of the {@link StreamOffset}. */
    public static Map<String, String> stream(String system, String database, String slot) {
        return Map.of(SYSTEM, system, DATABASE, database, SLOT, slot);
    }

    /** Returns the partition of what a snapshot is, and which tables it reads. */
    static Map<String, String> snapshot(Map<String, String> stream, String snapshot) {
        return with(stream, SNAPSHOT, snapshot);
    }

    /** Returns the partition of how far a snapshot has read a table. */
    static Map<String, String> table(Map<String, String> stream, String snapshot, String table) {
        return with(snapshot(stream, snapshot), TABLE, table);
    }

    private static Map<String, String> with(Map<String, String> partition, String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(partition);
        more.put(key, value);
        return Map.copyOf(more);
    }
}
