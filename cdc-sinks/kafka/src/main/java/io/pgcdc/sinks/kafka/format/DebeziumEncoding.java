package io.pgcdc.sinks.kafka.format;

import io.pgcdc.error.DecodeException;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.MessageView;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sinks.debezium.DebeziumFormat;
import io.pgcdc.sinks.debezium.DebeziumOptions;
import io.pgcdc.sinks.debezium.Op;
import io.pgcdc.sinks.debezium.TransactionIds;

/** Makes Debezium's records. For one thread. */
final class DebeziumEncoding implements Encoding {

    private final String sink;
    private final DebeziumFormat format;
    private final TransactionIds ids = new TransactionIds();

    DebeziumEncoding(String sink, DebeziumOptions options) {
        this.sink = sink;
        format = new DebeziumFormat(options);
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
    public boolean appendKey(Change change, Part part, TableRecords table, JsonBuffer out) {
        try {
            return format.appendKey(change, part == Part.REMOVED, out);
        } catch (DecodeException e) {
            throw misfit(change, e);
        }
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
    public void appendValue(Change change, Part part, TableRecords table, JsonBuffer out) {
        try {
            format.appendValue(change, DebeziumFormat.op(part.kind(change)), out);
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

    private String id(TransactionCounts transaction) {
        return ids.of(transaction.xid(), transaction.commitLsn());
    }

    @Override
    public void placeIn(TransactionCounts transaction, long ofTable) {
        format.placeIn(id(transaction), transaction.records(), ofTable);
    }

    @Override
    public void placeNowhere() {
        format.placeIn(null, 0, 0);
    }

    @Override
    public void appendBoundaryKey(TransactionCounts transaction, JsonBuffer out) {
        format.appendBoundaryKey(id(transaction), out);
    }

    @Override
    public void appendBoundary(TransactionCounts transaction, boolean end, JsonBuffer out) {
        if (end) {
            format.appendEnd(
                    id(transaction), transaction.commitTimeMicros(), transaction.records(), transaction.counts(), out);
        } else {
            format.appendBegin(id(transaction), transaction.commitTimeMicros(), out);
        }
    }

    private RefusedChangeException misfit(Change change, DecodeException e) {
        return new RefusedChangeException(change.position(), "sink \"" + sink + "\": " + e.getMessage(), e);
    }
}
