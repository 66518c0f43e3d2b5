package io.pgcdc.connect.record.debezium;

import io.pgcdc.error.DecodeException;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.MessageView;
import io.pgcdc.model.PerLayout;
import io.pgcdc.model.Relation;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sinks.debezium.DebeziumFormat;
import io.pgcdc.sinks.debezium.DebeziumOptions;
import io.pgcdc.sinks.debezium.Op;
import io.pgcdc.sinks.debezium.TransactionIds;
import io.pgcdc.sinks.kafka.format.Contents;
import io.pgcdc.sinks.kafka.format.Part;
import io.pgcdc.sinks.kafka.format.TableRecords;
import io.pgcdc.sinks.kafka.format.TransactionCounts;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.jspecify.annotations.Nullable;

/** Makes keys and values of Debezium's form as Structs. JsonConverter makes the JSON of the Kafka sink of them. For one thread. */
public final class DebeziumStructs implements Contents<SchemaAndValue> {

    private final String name;
    private final DebeziumFormat format;
    private final EnvelopeStructs envelope;
    private final MessageStructs messages;
    private final BoundaryStructs boundaries = new BoundaryStructs();
    private final TransactionIds ids = new TransactionIds();
    private final PerLayout<StructTable> tables = new PerLayout<>();

    /** @param name the connector's name, for error messages */
    public DebeziumStructs(String name, DebeziumOptions options) {
        this.name = name;
        format = new DebeziumFormat(options);
        envelope = new EnvelopeStructs(options);
        messages = new MessageStructs(options, envelope);
    }

    private StructTable table(TableRecords records) {
        Relation relation = records.relation();
        StructTable table = tables.find(relation);
        if (table == null) {
            table = new StructTable(format.shape(relation), envelope);
            tables.put(relation, table);
        }
        return table;
    }

    @Override
    public boolean changesKey(Change update, TableRecords table) {
        try {
            return format.isKeyChange(update);
        } catch (DecodeException e) {
            throw misfit(update, e);
        }
    }

    @Override
    public @Nullable SchemaAndValue key(Change change, Part part, TableRecords table) {
        try {
            return table(table).key(change, part == Part.REMOVED);
        } catch (DecodeException e) {
            throw misfit(change, e);
        }
    }

    @Override
    public SchemaAndValue tableKey(TableRecords table) {
        throw new IllegalStateException("a table's name is no key in this format");
    }

    @Override
    public boolean appendKeyInHeader(Change change, Part part, TableRecords table, JsonBuffer out) {
        try {
            return format.appendKeyInHeader(change, part == Part.REMOVED, out);
        } catch (DecodeException e) {
            throw misfit(change, e);
        }
    }

    @Override
    public SchemaAndValue value(Change change, Part part, TableRecords table) {
        Op op = DebeziumFormat.op(part.kind(change));
        try {
            return table(table).value(change, op);
        } catch (DecodeException e) {
            throw misfit(change, e);
        }
    }

    @Override
    public SchemaAndValue key(Change change, MessageView message) {
        return messages.key(message);
    }

    @Override
    public SchemaAndValue value(Change change, MessageView message) {
        return messages.value(change, message);
    }

    private String id(TransactionCounts transaction) {
        return ids.of(transaction.xid(), transaction.commitLsn());
    }

    @Override
    public void placeIn(TransactionCounts transaction, long ofTable) {
        envelope.placeIn(id(transaction), transaction.records(), ofTable);
    }

    @Override
    public void placeNowhere() {
        envelope.placeIn(null, 0, 0);
    }

    @Override
    public SchemaAndValue boundaryKey(TransactionCounts transaction) {
        return boundaries.key(id(transaction));
    }

    @Override
    public SchemaAndValue boundary(TransactionCounts transaction, boolean end) {
        return boundaries.value(id(transaction), transaction, end);
    }

    private RefusedChangeException misfit(Change change, DecodeException e) {
        return new RefusedChangeException(change.position(), "sink \"" + name + "\": " + e.getMessage(), e);
    }
}
