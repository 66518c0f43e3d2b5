package io.pgcdc.sinks.kafka.format;

import io.pgcdc.error.DecodeException;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.MessageView;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sinks.debezium.DebeziumFormat;
import io.pgcdc.sinks.debezium.DebeziumOptions;
import io.pgcdc.sinks.debezium.Op;

/** Makes Debezium's records. For one thread. */
final class DebeziumEncoding implements Encoding {

    private final String sink;
    private final DebeziumFormat format;

    /** The id of the last transaction, which all its records share. It is made of {@link #xid} and {@link #commitLsn}. */
    private String id = "";

    private int xid;
    private long commitLsn;

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

    /** Returns the transaction's id in Debezium's form: xid, colon, commit LSN, both decimal. */
    private String id(TransactionCounts transaction) {
        if (id.isEmpty() || xid != transaction.xid() || commitLsn != transaction.commitLsn()) {
            xid = transaction.xid();
            commitLsn = transaction.commitLsn();
            id = Integer.toUnsignedString(xid) + ":" + commitLsn;
        }
        return id;
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
