package io.pgcdc.sinks.kafka.format;

import io.pgcdc.error.DecodeException;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.MessageView;
import io.pgcdc.model.PerLayout;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sinks.avro.AvroBoundaries;
import io.pgcdc.sinks.avro.AvroMessages;
import io.pgcdc.sinks.avro.AvroOptions;
import io.pgcdc.sinks.avro.AvroTable;
import io.pgcdc.sinks.registry.SchemaRegistry;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Encodes keys and values as Avro, like Confluent's serializers. The id of the schema in the registry comes first:
 *
 * <pre>
 *   0      1        5
 *   +------+--------+----------------
 *   | 0    | id     | Avro, binary
 *   +------+--------+----------------
 * </pre>
 *
 * The first record of a layout registers the layout's schema, or looks it up. For one thread.
 */
final class AvroEncoding implements Encoding {

    private static final int MAGIC = 0;

    private final String sink;
    private final AvroOptions options;
    private final SubjectNaming naming;
    private final SchemaRegistry registry;
    private final KeyChange halves = new KeyChange();
    private final PerLayout<Layout> layouts = new PerLayout<>();
    private final AvroMessages messages;
    private final Registered messageKey;
    private final Registered messageValue;
    private final AvroBoundaries boundaries;
    private final Registered boundaryKey;
    private final Registered boundaryValue;

    /**
     * Creates the encoding. Does not ask the registry yet.
     *
     * @param messageTopic topic of messages; null for none
     * @param transactionTopic topic of transaction boundaries; null for none
     */
    AvroEncoding(
            String sink,
            @Nullable String messageTopic,
            @Nullable String transactionTopic,
            AvroOptions options,
            SubjectNaming naming,
            SchemaRegistry registry) {
        this.sink = sink;
        this.options = options;
        this.naming = naming;
        this.registry = registry;
        messages = new AvroMessages(options);
        messageKey = new Registered(messages.keySchema(), messageTopic, "key", "keys of logical messages");
        messageValue = new Registered(messages.valueSchema(), messageTopic, "value", "logical messages");
        boundaries = new AvroBoundaries(options);
        boundaryKey = new Registered(boundaries.keySchema(), transactionTopic, "key", "keys of transactions");
        boundaryValue = new Registered(boundaries.valueSchema(), transactionTopic, "value", "transactions");
    }

    /** A schema, and its id in the registry. The first use asks the registry for the id. */
    private final class Registered {

        private final Schema schema;
        private final String topic;
        private final String role;
        private final String of;
        private boolean known;
        private int id;

        /**
         * Creates it. Does not ask the registry yet.
         *
         * @param topic the topic of the records; null if no record uses the schema
         * @param role "key" or "value"
         * @param of the use of the schema, for error messages
         */
        Registered(Schema schema, @Nullable String topic, String role, String of) {
            this.schema = schema;
            this.topic = topic == null ? "" : topic;
            this.role = role;
            this.of = of;
        }

        void appendId(JsonBuffer out) {
            if (!known) {
                id = registry.id(naming.subject(topic, role, schema), schema.toString(), of);
                known = true;
            }
            out.appendByte(MAGIC);
            for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
                out.appendByte(id >>> shift);
            }
        }
    }

    /** The Avro form of one layout of a table, and its two schemas. */
    private final class Layout {

        private final AvroTable avro;
        private final Registered key;
        private final Registered value;

        Layout(TableRecords table) {
            avro = new AvroTable(table.relation(), table.key(), options);
            String topic = table.topic().name();
            key = new Registered(avro.keySchema(), topic, "key", "keys of " + table.name());
            value = new Registered(avro.valueSchema(), topic, "value", table.name());
        }
    }

    private Layout layout(TableRecords table) {
        Layout layout = layouts.find(table.relation());
        if (layout == null) {
            layout = new Layout(table);
            layouts.put(table.relation(), layout);
        }
        return layout;
    }

    @Override
    public boolean appendKey(Change change, Part part, TableRecords table, JsonBuffer out) {
        Layout layout = layout(table);
        Change view = halves.view(change, part);
        if (!layout.avro.hasKey(view)) {
            return false;
        }
        try {
            layout.key.appendId(out);
            layout.avro.appendKey(view, out);
            return true;
        } catch (DecodeException e) {
            throw misfit(change, e);
        }
    }

    @Override
    public void appendValue(Change change, Part part, TableRecords table, JsonBuffer out) {
        Layout layout = layout(table);
        try {
            layout.value.appendId(out);
            layout.avro.appendValue(halves.view(change, part), out);
        } catch (DecodeException e) {
            throw misfit(change, e);
        }
    }

    @Override
    public void appendKey(Change change, MessageView message, JsonBuffer out) {
        messageKey.appendId(out);
        messages.appendKey(message, out);
    }

    @Override
    public void appendValue(Change change, MessageView message, JsonBuffer out) {
        messageValue.appendId(out);
        messages.appendValue(change, message, out);
    }

    @Override
    public void appendBoundaryKey(TransactionCounts transaction, JsonBuffer out) {
        boundaryKey.appendId(out);
        boundaries.appendKey(of(transaction), out);
    }

    @Override
    public void appendBoundary(TransactionCounts transaction, boolean end, JsonBuffer out) {
        boundaryValue.appendId(out);
        if (end) {
            boundaries.appendEnd(of(transaction), transaction.records(), transaction.counts(), out);
        } else {
            boundaries.appendBegin(of(transaction), out);
        }
    }

    private static AvroBoundaries.Of of(TransactionCounts transaction) {
        return new AvroBoundaries.Of(
                transaction.commitLsn(), transaction.epoch(), transaction.xid(), transaction.commitTimeMicros());
    }

    private RefusedChangeException misfit(Change change, DecodeException e) {
        return new RefusedChangeException(change.position(), "sink \"" + sink + "\": " + e.getMessage(), e);
    }
}
