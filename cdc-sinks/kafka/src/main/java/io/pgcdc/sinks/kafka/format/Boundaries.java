package io.pgcdc.sinks.kafka.format;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the source's transactions begin and end, as records of a topic of their own. Follows the changes, also those that are there
 * already, so that the counts are the same however often it begins anew. One thread.
 */
final class Boundaries {

    private final Supplier<Topic> topicMaker;
    private final Encoding encoding;
    private final JsonBuffer key = new JsonBuffer();
    private final JsonBuffer value = new JsonBuffer();
    private @Nullable Topic topic;
    private @Nullable OpenTransaction open;

    /** As it was before the batch. */
    private @Nullable OpenTransaction before;

    Boundaries(Supplier<Topic> topicMaker, Encoding encoding) {
        this.topicMaker = topicMaker;
        this.encoding = encoding;
    }

    void startOfBatch() {
        OpenTransaction current = open;
        before = current == null ? null : current.copy();
    }

    /** The batch comes again. */
    void undoBatch() {
        open = before;
    }

    /** Before the change's records: it may be the first of its transaction. */
    void enter(Change change, Records out) {
        OpenTransaction current = open;
        if (current != null && current.has(change)) {
            return;
        }
        close(out);
        if (change.xid() != 0) { // else a message outside of all
            OpenTransaction next = new OpenTransaction(change);
            open = next;
            add(next, false, out);
        }
    }

    /**
     * Before each record that is no tombstone.
     *
     * @param table null: it is of a message
     */
    void place(@Nullable String table) {
        OpenTransaction current = open;
        if (current == null) {
            encoding.placeNowhere();
        } else {
            long ofTable = current.count(table);
            encoding.placeIn(current, ofTable);
        }
    }

    /** The last change is there already, and so is the end of its transaction. */
    void endIsKnown() {
        OpenTransaction current = open;
        if (current != null) {
            current.setKnown();
        }
    }

    /** No more changes of the open transaction come. */
    void close(Records out) {
        OpenTransaction current = open;
        if (current != null && !current.isKnown()) {
            add(current, true, out);
        }
        open = null;
    }

    private void add(OpenTransaction transaction, boolean end, Records out) {
        Topic to = topic;
        if (to == null) {
            to = topicMaker.get();
            topic = to;
        }
        key.clear();
        encoding.appendBoundaryKey(transaction, key);
        value.clear();
        encoding.appendBoundary(transaction, end, value);
        out.add(transaction.commitTimeMicros(), to, key, value, "a transaction's boundary");
    }
}
