package io.pgcdc.sinks.debezium;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.SnapshotPlace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the parts of a value that do not depend on the table's columns: source, transaction, op, and the time of writing.
 *
 * <pre>
 *   ,"source":{"version":..,"connector":"postgresql","name":..,"ts_ms":..,"snapshot":"false","db":..,"sequence":"[\"1\",\"2\"]",
 *     "ts_us":..,"ts_ns":..,"schema":..,"table":..,"txId":..,"lsn":..,"xmin":null,"origin":null,"origin_lsn":null},"transaction":null
 *   ,"op":"c","ts_ms":..,"ts_us":..,"ts_ns":..
 * </pre>
 */
public final class Envelope {

    /** The value of {@code source.version}, instead of Debezium's version. */
    public static final String VERSION = "pgcdc";

    /** The value of {@code source.connector}. */
    public static final String CONNECTOR = "postgresql";

    private static final long MICROS_PER_MILLI = 1_000;
    private static final long NANOS_PER_MICRO = 1_000;

    private static final ConnectSchema.Field SOURCE_SCHEMA = ConnectSchema.struct(List.of(
                    ConnectSchema.STRING.field(false, "version"),
                    ConnectSchema.STRING.field(false, "connector"),
                    ConnectSchema.STRING.field(false, "name"),
                    ConnectSchema.INT64.field(false, "ts_ms"),
                    ConnectSchema.STRING
                            .named("io.debezium.data.Enum", 1)
                            .parameters(
                                    "allowed",
                                    "true,first,first_in_data_collection,last_in_data_collection,last,false,incremental")
                            .withDefault("false")
                            .field(true, "snapshot"),
                    ConnectSchema.STRING.field(false, "db"),
                    ConnectSchema.STRING.field(true, "sequence"),
                    ConnectSchema.INT64.field(true, "ts_us"),
                    ConnectSchema.INT64.field(true, "ts_ns"),
                    ConnectSchema.STRING.field(false, "schema"),
                    ConnectSchema.STRING.field(false, "table"),
                    ConnectSchema.INT64.field(true, "txId"),
                    ConnectSchema.INT64.field(true, "lsn"),
                    ConnectSchema.INT64.field(true, "xmin"),
                    ConnectSchema.STRING.field(true, "origin"),
                    ConnectSchema.INT64.field(true, "origin_lsn")))
            .named("io.debezium.connector.postgresql.Source", 1)
            .field(false, "source");

    private static final ConnectSchema.Field TRANSACTION_SCHEMA = ConnectSchema.struct(List.of(
                    ConnectSchema.STRING.field(false, "id"),
                    ConnectSchema.INT64.field(false, "total_order"),
                    ConnectSchema.INT64.field(false, "data_collection_order")))
            .named("event.block", 1)
            .field(true, "transaction");

    private static final byte[] SNAPSHOT = bytes(",\"snapshot\":\"");

    private final byte[] head;
    private final byte[] afterSnapshot;
    private final LongSupplier clockMicros;

    /** The id of the next records' transaction; null for no transaction. */
    private @Nullable String transaction;

    private long totalOrder;
    private long tableOrder;

    Envelope(DebeziumOptions options) {
        head = bytes("\"source\":{\"version\":" + ConnectSchema.quoted(VERSION) + ",\"connector\":\"" + CONNECTOR
                + "\",\"name\":" + ConnectSchema.quoted(options.prefix()) + ",\"ts_ms\":");
        afterSnapshot = bytes("\",\"db\":" + ConnectSchema.quoted(options.database()) + ",\"sequence\":\"[");
        clockMicros = options.clockMicros();
    }

    static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Returns the schema of a table's values.
     *
     * @param row the schema of the table's rows
     * @param topic the table's topic
     */
    static ConnectSchema schema(ConnectSchema row, String topic) {
        return ConnectSchema.struct(List.of(
                        row.field(true, "before"),
                        row.field(true, "after"),
                        SOURCE_SCHEMA,
                        TRANSACTION_SCHEMA,
                        ConnectSchema.STRING.field(false, "op"),
                        ConnectSchema.INT64.field(true, "ts_ms"),
                        ConnectSchema.INT64.field(true, "ts_us"),
                        ConnectSchema.INT64.field(true, "ts_ns")))
                .named(topic + ".Envelope", 2);
    }

    /**
     * Returns the schema of logical messages.
     *
     * @param content the schema of the messages' content
     */
    static ConnectSchema messageSchema(ConnectSchema content) {
        return ConnectSchema.struct(List.of(
                        ConnectSchema.STRING.field(false, "op"),
                        ConnectSchema.INT64.field(true, "ts_ms"),
                        SOURCE_SCHEMA,
                        TRANSACTION_SCHEMA,
                        ConnectSchema.struct(List.of(
                                        ConnectSchema.STRING.field(true, "prefix"), content.field(true, "content")))
                                .named("io.debezium.connector.postgresql.Message", 1)
                                .field(false, "message")))
                .named("io.debezium.connector.postgresql.MessageValue", 1);
    }

    /**
     * Appends source and transaction.
     *
     * @param names JSON of the table's names: {@code ,"schema":"s","table":"t","txId":}
     */
    void appendSource(Change change, byte[] names, JsonBuffer out) {
        long micros = change.commitTimeMicros();
        out.append(head).appendLong(Math.floorDiv(micros, MICROS_PER_MILLI));
        out.append(SNAPSHOT).appendAscii(snapshot(change.snapshot()));
        out.append(afterSnapshot);
        if (hasCommitLsn(change)) {
            out.appendAscii("\\\"").appendLong(change.commitLsn()).appendAscii("\\\"");
        } else {
            out.appendAscii("null");
        }
        out.appendAscii(",\\\"").appendLong(change.lsn()).appendAscii("\\\"]\"");
        appendMicros(micros, out);
        out.append(names);
        if (change.xid() == 0) {
            out.appendAscii("null");
        } else {
            out.appendLong(Integer.toUnsignedLong(change.xid()));
        }
        out.appendAscii(",\"lsn\":").appendLong(change.lsn()).appendAscii(",\"xmin\":null,\"origin\":");
        String origin = change.origin();
        if (origin == null) {
            out.appendAscii("null");
        } else {
            out.appendString(origin);
        }
        out.appendAscii(",\"origin_lsn\":null},\"transaction\":");
        appendTransaction(out);
    }

    /** Returns true if {@code source.sequence} has a commit LSN. An initial snapshot comes before all commits. */
    public static boolean hasCommitLsn(Change change) {
        return change.snapshot() == null || change.snapshot() == SnapshotPlace.INCREMENTAL;
    }

    /** Returns the value of {@code source.snapshot}. */
    public static String snapshot(@Nullable SnapshotPlace place) {
        if (place == null) {
            return "false";
        }
        return switch (place) {
            case FIRST -> "first";
            case FIRST_OF_TABLE -> "first_in_data_collection";
            case INSIDE -> "true";
            case LAST_OF_TABLE -> "last_in_data_collection";
            case LAST -> "last";
            case INCREMENTAL -> "incremental";
        };
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

    private void appendTransaction(JsonBuffer out) {
        String id = transaction;
        if (id == null) {
            out.appendAscii("null");
            return;
        }
        out.appendAscii("{\"id\":")
                .appendString(id)
                .appendAscii(",\"total_order\":")
                .appendLong(totalOrder);
        out.appendAscii(",\"data_collection_order\":").appendLong(tableOrder).appendByte('}');
    }

    void appendOp(Op op, JsonBuffer out) {
        long now = clockMicros.getAsLong();
        out.appendAscii(",\"op\":\"").appendByte(op.code()).appendAscii("\",\"ts_ms\":");
        out.appendLong(Math.floorDiv(now, MICROS_PER_MILLI));
        appendMicros(now, out);
    }

    void appendMessageOp(JsonBuffer out) {
        out.appendAscii("\"op\":\"m\",\"ts_ms\":")
                .appendLong(Math.floorDiv(clockMicros.getAsLong(), MICROS_PER_MILLI))
                .appendByte(',');
    }

    private static void appendMicros(long micros, JsonBuffer out) {
        out.appendAscii(",\"ts_us\":").appendLong(micros);
        out.appendAscii(",\"ts_ns\":").appendLong(micros * NANOS_PER_MICRO);
    }
}
