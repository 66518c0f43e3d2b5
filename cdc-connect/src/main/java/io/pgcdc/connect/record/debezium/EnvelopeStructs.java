package io.pgcdc.connect.record.debezium;

import io.pgcdc.connect.record.struct.InnerStruct;
import io.pgcdc.model.Change;
import io.pgcdc.sinks.debezium.DebeziumOptions;
import io.pgcdc.sinks.debezium.Envelope;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Makes the parts of a value that do not depend on the table's columns: source, transaction, and the time of writing. For one thread. */
final class EnvelopeStructs {

    private static final long MICROS_PER_MILLI = 1_000;
    private static final long NANOS_PER_MICRO = 1_000;

    private final DebeziumOptions options;

    /** The id of the next records' transaction; null for no transaction. */
    private @Nullable String transaction;

    private long totalOrder;
    private long tableOrder;

    EnvelopeStructs(DebeziumOptions options) {
        this.options = options;
    }

    /**
     * Sets the place of the next records.
     *
     * @param id the transaction's id; null for no transaction
     */
    void placeIn(@Nullable String id, long total, long ofTable) {
        transaction = id;
        totalOrder = total;
        tableOrder = ofTable;
    }

    /** The fields of one schema of values. They differ by what the schema has besides these. */
    final class Fields {

        private final Schema source;
        private final Field ofSource;
        private final Field version;
        private final Field connector;
        private final Field name;
        private final Field timeMs;
        private final Field snapshot;
        private final Field database;
        private final Field sequence;
        private final Field timeUs;
        private final Field timeNs;
        private final Field schema;
        private final Field table;
        private final Field xid;
        private final Field lsn;
        private final Field origin;
        private final Field block;
        private final Field op;
        private final Field writtenMs;
        private final @Nullable Field writtenUs;
        private final @Nullable Field writtenNs;

        Fields(Schema value) {
            ofSource = value.field("source");
            source = ofSource.schema();
            version = source.field("version");
            connector = source.field("connector");
            name = source.field("name");
            timeMs = source.field("ts_ms");
            snapshot = source.field("snapshot");
            database = source.field("db");
            sequence = source.field("sequence");
            timeUs = source.field("ts_us");
            timeNs = source.field("ts_ns");
            schema = source.field("schema");
            table = source.field("table");
            xid = source.field("txId");
            lsn = source.field("lsn");
            origin = source.field("origin");
            block = value.field("transaction");
            op = value.field("op");
            writtenMs = value.field("ts_ms");
            writtenUs = value.field("ts_us");
            writtenNs = value.field("ts_ns");
        }

        /** Puts source, transaction, op and the time of writing. */
        void put(Change change, String ofSchema, String ofTable, char code, Struct value) {
            value.put(ofSource, source(change, ofSchema, ofTable));
            String id = transaction;
            if (id != null) {
                value.put(block, transaction(id));
            }
            value.put(op, String.valueOf(code));
            long now = options.clockMicros().getAsLong();
            value.put(writtenMs, Math.floorDiv(now, MICROS_PER_MILLI));
            if (writtenUs != null && writtenNs != null) {
                value.put(writtenUs, now);
                value.put(writtenNs, now * NANOS_PER_MICRO);
            }
        }

        private Struct source(Change change, String ofSchema, String ofTable) {
            long micros = change.commitTimeMicros();
            Struct struct = new InnerStruct(source)
                    .put(version, Envelope.VERSION)
                    .put(connector, Envelope.CONNECTOR)
                    .put(name, options.prefix())
                    .put(timeMs, Math.floorDiv(micros, MICROS_PER_MILLI))
                    .put(snapshot, Envelope.snapshot(change.snapshot()))
                    .put(database, options.database())
                    .put(sequence, sequence(change))
                    .put(timeUs, micros)
                    .put(timeNs, micros * NANOS_PER_MICRO)
                    .put(schema, ofSchema)
                    .put(table, ofTable)
                    .put(lsn, change.lsn())
                    .put(origin, change.origin());
            return change.xid() == 0 ? struct : struct.put(xid, Integer.toUnsignedLong(change.xid()));
        }

        private Struct transaction(String id) {
            Schema of = block.schema();
            return new InnerStruct(of)
                    .put("id", id)
                    .put("total_order", totalOrder)
                    .put("data_collection_order", tableOrder);
        }
    }

    private static String sequence(Change change) {
        String commit = Envelope.hasCommitLsn(change) ? "\"" + change.commitLsn() + "\"" : "null";
        return "[" + commit + ",\"" + change.lsn() + "\"]";
    }
}
