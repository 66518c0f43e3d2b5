package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.sinks.kafka.format.Records.Outgoing;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** The keys of one table in its topic: which records have them, and the record that deletes one. For one thread. */
public final class TableKeys {

    private final TableRecords table;
    private final ChangeHeaders headers;
    private final @Nullable String obstacle;
    private final boolean shared;

    /** The key of records that have no key of a row; null if such records have none. */
    private final byte @Nullable [] notOfRow;

    /**
     * @param obstacle why keys must not be deleted; null if they may be
     * @param shared true if other records may be in the topic
     * @param nullKey the key of records without a key of a row
     */
    TableKeys(TableRecords table, ChangeHeaders headers, @Nullable String obstacle, boolean shared, NullKey nullKey) {
        this.table = table;
        this.headers = headers;
        this.obstacle = obstacle;
        this.shared = shared;
        notOfRow = nullKey == NullKey.TABLE ? table.name().getBytes(StandardCharsets.UTF_8) : null;
    }

    /** Returns the table's name with its schema. */
    public String table() {
        return table.name();
    }

    public String topic() {
        return table.topic().name();
    }

    /** Returns why keys must not be deleted, for a message; null if they may be. */
    public @Nullable String obstacle() {
        return obstacle;
    }

    /**
     * Returns true if the record is of a row of this table. Records tell their table by headers. Those without such headers are of
     * this table if no other records can be in the topic.
     */
    public boolean has(byte @Nullable [] key, Headers of) {
        if (key == null || Arrays.equals(key, notOfRow)) {
            return false;
        }
        Header schema = of.lastHeader(table.schema().key());
        Header name = of.lastHeader(table.table().key());
        if (schema == null || name == null) {
            return !shared;
        }
        return Arrays.equals(schema.value(), table.schema().value())
                && Arrays.equals(name.value(), table.table().value());
    }

    /**
     * Returns the tombstone of a key. It is the last record that a DELETE of the row writes.
     *
     * @param end the change at which the row is known not to exist
     * @param partition where the key's last record is
     */
    public Outgoing tombstone(Change end, byte[] key, int partition) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic(), partition, Records.timestamp(end.commitTimeMicros()), key, null, List.of());
        headers.add(end, ChangeKind.DELETE, table, List.of(), List.of(), record.headers());
        return new Outgoing(record, null, "a tombstone of " + table.name());
    }
}
