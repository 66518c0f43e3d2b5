package io.pgcdc.sinks.kafka.format;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.PositionText;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Adds the headers of a change's records. With them, a reader can identify the change without the value. For one thread. */
final class ChangeHeaders {

    /**
     * On a key change, each of the two records has the other record's key in a header. The names are Debezium's, because consumers
     * know them.
     */
    private static final String NEW_KEY = "__debezium.newkey";

    private static final String OLD_KEY = "__debezium.oldkey";

    private static final Header MESSAGE = TableRecords.header("change_type", "MESSAGE");

    private final boolean wanted;
    private final JsonBuffer text = new JsonBuffer();

    /** The xid of {@link #xid}. Changes of one transaction share that header. */
    private int lastXid;

    private Header xid = xid(0);

    ChangeHeaders(boolean wanted) {
        this.wanted = wanted;
    }

    static Header newKey(JsonBuffer key) {
        return new RecordHeader(NEW_KEY, copy(key));
    }

    static Header oldKey(JsonBuffer key) {
        return new RecordHeader(OLD_KEY, copy(key));
    }

    /**
     * Adds the headers of a table's change.
     *
     * @param kind the record's kind, which differs from the change's for a key change
     * @param ofFormat headers of the format, to add even if the user does not want ours
     * @param more like {@code ofFormat}
     */
    void add(Change change, ChangeKind kind, TableRecords table, List<Header> ofFormat, List<Header> more, Headers to) {
        if (wanted) {
            place(change, to);
            to.add(table.kind(kind));
            to.add(table.schema());
            to.add(table.table());
        }
        addAll(ofFormat, to);
        addAll(more, to);
    }

    /** Adds the headers of a message. */
    void add(Change change, List<Header> ofFormat, Headers to) {
        if (wanted) {
            place(change, to);
            to.add(MESSAGE);
        }
        addAll(ofFormat, to);
    }

    private static void addAll(List<Header> some, Headers to) {
        for (int i = 0; i < some.size(); i++) {
            to.add(some.get(i));
        }
    }

    private void place(Change change, Headers to) {
        text.clear();
        PositionText.append(change, text);
        to.add(new RecordHeader("position", copy(text)));
        if (change.xid() != lastXid) {
            lastXid = change.xid();
            xid = xid(lastXid);
        }
        to.add(xid);
        text.clear();
        to.add(new RecordHeader("lsn", copy(text.appendLsn(change.lsn()))));
    }

    private static Header xid(int xid) {
        return TableRecords.header("xid", Integer.toUnsignedString(xid));
    }

    private static byte[] copy(JsonBuffer text) {
        return Arrays.copyOf(text.array(), text.length());
    }
}
