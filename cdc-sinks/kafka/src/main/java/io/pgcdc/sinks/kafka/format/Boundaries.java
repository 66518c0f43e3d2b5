package io.pgcdc.sinks.kafka.format;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes boundaries of the source's transactions to a separate topic. Follows all changes, including those that were sent before,
 * so that the counts are the same after each restart. For one thread.
 */
final class Boundaries {

    private final Supplier<Topic> topicMaker;
    private final Encoding encoding;
    private final JsonBuffer key = new JsonBuffer();
    private final JsonBuffer value = new JsonBuffer();
    private @Nullable Topic topic;
    private @Nullable TransactionCounts open;

    /** The state before the batch. */
    private @Nullable TransactionCounts before;

    Boundaries(Supplier<Topic> topicMaker, Encoding encoding) {
        this.topicMaker = topicMaker;
        this.encoding = encoding;
    }

    void startOfBatch() {
        TransactionCounts current = open;
        before = current == null ? null : current.copy();
    }

    /** Restores the state before the batch, which repeats. */
    void undoBatch() {
        open = before;
    }

    /** Handles a change before its records are made: it may be the first of its transaction. */
    void enter(Change change, Records out) {
        TransactionCounts current = open;
        if (current != null && current.has(change)) {
            return;
        }
        close(out);
        if (change.xid() != 0) { // otherwise a message outside a transaction
            TransactionCounts next = new TransactionCounts(change);
            open = next;
            add(next, false, out);
        }
    }

    /**
     * Counts a record that is no tombstone, before it is made.
     *
     * @param table null for a message
     */
    void place(@Nullable String table) {
        TransactionCounts current = open;
        if (current == null) {
            encoding.placeNowhere();
        } else {
            long ofTable = current.count(table);
            encoding.placeIn(current, ofTable);
        }
    }

    /** Records that the topic has the end of the last change's transaction. */
    void endIsKnown() {
        TransactionCounts current = open;
        if (current != null) {
            current.setKnown();
        }
    }

    /** Ends the open transaction: no more of its changes come. */
    void close(Records out) {
        TransactionCounts current = open;
        if (current != null && !current.isKnown()) {
            add(current, true, out);
        }
        open = null;
    }

    private void add(TransactionCounts transaction, boolean end, Records out) {
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
