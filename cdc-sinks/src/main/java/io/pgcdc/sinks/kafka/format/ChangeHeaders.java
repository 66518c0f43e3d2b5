package io.pgcdc.sinks.kafka.format;

import io.pgcdc.json.JsonBuffer;
import io.pgcdc.model.Change;
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

    /** @param more that are there, wanted or not */
    @Nullable
    List<Header> of(Change change, TableRecords table, List<Header> more) {
        if (!wanted) {
            return more.isEmpty() ? null : more;
        }
        List<Header> all = new ArrayList<>(6 + more.size());
        place(change, all);
        all.add(table.kind(change.kind()));
        all.add(table.schema());
        all.add(table.table());
        all.addAll(more);
        return all;
    }

    /** Of a message. */
    @Nullable
    List<Header> of(Change change) {
        if (!wanted) {
            return null;
        }
        List<Header> all = new ArrayList<>();
        place(change, all);
        all.add(MESSAGE);
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
