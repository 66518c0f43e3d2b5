package io.pgcdc.connect.record.typed;

import io.pgcdc.error.DecodeException;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.MessageView;
import io.pgcdc.model.PerLayout;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sinks.avro.AvroOptions;
import io.pgcdc.sinks.kafka.format.Contents;
import io.pgcdc.sinks.kafka.format.KeyChange;
import io.pgcdc.sinks.kafka.format.Part;
import io.pgcdc.sinks.kafka.format.TableRecords;
import io.pgcdc.sinks.kafka.format.TransactionCounts;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.jspecify.annotations.Nullable;

/**
 * Makes keys and values of the native record as Structs: a key has the key's columns, a value the record's fields. The headers of a key change have
 * the record_id, as those of the Kafka sink's native record. For one thread.
 */
public final class TypedStructs implements Contents<SchemaAndValue> {

    private final String name;
    private final AvroOptions options;
    private final MessageStructs messages;
    private final BoundaryStructs boundaries;
    private final KeyChange halves = new KeyChange();
    private final PerLayout<TypedTable> tables = new PerLayout<>();

    /**
     * Creates it.
     *
     * @param name the connector's name, for error messages
     * @param options their prefix is the first part of the schemas' names
     */
    public TypedStructs(String name, AvroOptions options) {
        this.name = name;
        this.options = options;
        messages = new MessageStructs(options);
        boundaries = new BoundaryStructs(options);
    }

    private TypedTable table(TableRecords records) {
        TypedTable table = tables.find(records.relation());
        if (table == null) {
            table = new TypedTable(records.relation(), records.key(), options);
            tables.put(records.relation(), table);
        }
        return table;
    }

    @Override
    public boolean changesKey(Change update, TableRecords table) {
        return table.changesKey(update);
    }

    @Override
    public @Nullable SchemaAndValue key(Change change, Part part, TableRecords table) {
        try {
            return table(table).key(halves.view(change, part));
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
        return table.appendKey(halves.view(change, part), out);
    }

    @Override
    public SchemaAndValue value(Change change, Part part, TableRecords table) {
        try {
            return table(table).value(halves.view(change, part));
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

    @Override
    public SchemaAndValue boundaryKey(TransactionCounts transaction) {
        return boundaries.key(transaction);
    }

    @Override
    public SchemaAndValue boundary(TransactionCounts transaction, boolean end) {
        return boundaries.value(transaction, end);
    }

    private RefusedChangeException misfit(Change change, DecodeException e) {
        return new RefusedChangeException(change.position(), "sink \"" + name + "\": " + e.getMessage(), e);
    }
}
