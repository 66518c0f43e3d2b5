package io.pgcdc.sinks.kafka.format;

import io.pgcdc.error.DecodeException;
import io.pgcdc.json.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.MessageView;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sinks.debezium.DebeziumFormat;
import io.pgcdc.sinks.debezium.DebeziumOptions;
import io.pgcdc.sinks.debezium.Op;

/** Debezium's records. One thread. */
final class DebeziumEncoding implements Encoding {

    private final String sink;
    private final DebeziumFormat format;

    DebeziumEncoding(String sink, DebeziumOptions options) {
        this.sink = sink;
        format = new DebeziumFormat(options);
    }

    private static Op op(Change change, Part part) {
        return switch (part) {
            case ALL -> DebeziumFormat.op(change.kind());
            case REMOVED -> Op.DELETE;
            case ADDED -> Op.CREATE;
        };
    }

    @Override
    public boolean changesKey(Change update, TableRecords table) {
        return format.isKeyChange(update);
    }

    @Override
    public boolean appendKey(Change change, Part part, TableRecords table, JsonBuffer out) {
        try {
            return format.appendKey(change, part == Part.REMOVED, out);
        } catch (DecodeException e) {
            throw misfit(change, e);
        }
    }

    @Override
    public void appendValue(Change change, Part part, TableRecords table, JsonBuffer out) {
        try {
            format.appendValue(change, op(change, part), out);
        } catch (DecodeException e) {
            throw misfit(change, e);
        }
    }

    @Override
    public void appendKey(Change change, MessageView message, JsonBuffer out) {
        format.appendKey(change, false, out);
    }

    @Override
    public void appendValue(Change change, MessageView message, JsonBuffer out) {
        format.appendValue(change, Op.MESSAGE, out);
    }

    private RefusedChangeException misfit(Change change, DecodeException e) {
        return new RefusedChangeException(change.position(), "sink \"" + sink + "\": " + e.getMessage(), e);
    }
}
