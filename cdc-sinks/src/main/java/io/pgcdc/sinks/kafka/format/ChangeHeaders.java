package io.pgcdc.sinks.kafka.format;

import io.pgcdc.json.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** Headers of a change's records: what tells it apart, to be read without reading the value. One thread. */
final class ChangeHeaders {

    /** Names that consumers of change topics know: on the two halves of a key change, each has the other's key. */
    private static final String NEW_KEY = "__debezium.newkey";

    private static final String OLD_KEY = "__debezium.oldkey";

    private static final Header MESSAGE = TableRecords.header("change_type", "MESSAGE");

    private final boolean wanted;

    ChangeHeaders(boolean wanted) {
        this.wanted = wanted;
    }

    static Header newKey(JsonBuffer key) {
        return new RecordHeader(NEW_KEY, Arrays.copyOf(key.array(), key.length()));
    }

    static Header oldKey(JsonBuffer key) {
        return new RecordHeader(OLD_KEY, Arrays.copyOf(key.array(), key.length()));
    }

    /**
     * Of a change of a table.
     *
     * @param kind what the record tells, which of a key change is not the change's
     * @param encoding whose own headers are there, too; null: without
     * @param more that are there, wanted or not
     */
    List<Header> of(
            Change change, ChangeKind kind, TableRecords table, @Nullable Encoding encoding, List<Header> more) {
        List<Header> ofFormat = encoding == null ? List.of() : encoding.headers();
        if (!wanted) {
            return ofFormat.isEmpty() ? more : both(ofFormat, more);
        }
        List<Header> all = new ArrayList<>(6 + ofFormat.size() + more.size());
        place(change, all);
        all.add(table.kind(kind));
        all.add(table.schema());
        all.add(table.table());
        all.addAll(ofFormat);
        all.addAll(more);
        return all;
    }

    /** Of a message. */
    List<Header> of(Change change, Encoding encoding) {
        if (!wanted) {
            return encoding.headers();
        }
        List<Header> all = new ArrayList<>();
        place(change, all);
        all.add(MESSAGE);
        all.addAll(encoding.headers());
        return all;
    }

    private static List<Header> both(List<Header> some, List<Header> others) {
        List<Header> all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    private static void place(Change change, List<Header> all) {
        all.add(new RecordHeader("position", ascii(change.position().toString())));
        all.add(new RecordHeader("xid", ascii(Integer.toUnsignedString(change.xid()))));
        all.add(new RecordHeader("lsn", ascii(Lsn.toString(change.lsn()))));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
