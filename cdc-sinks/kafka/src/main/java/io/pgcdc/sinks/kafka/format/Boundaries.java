package io.pgcdc.sinks.kafka.format;

import io.pgcdc.model.Change;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the begin and end of the source's transactions to a separate topic. Counts all changes, including those that were sent
 * before, so that a restart does not change the counts. For one thread.
 *
 * @param <V> the form of keys and values
 */
final class Boundaries<V> {

    private final Supplier<Topic> topicMaker;
    private final Contents<V> contents;
    private @Nullable Topic topic;
    private @Nullable TransactionCounts open;

    /** The open transaction's counts before the batch; null if no transaction was open. */
    private @Nullable TransactionCounts before;

    Boundaries(Supplier<Topic> topicMaker, Contents<V> contents) {
        this.topicMaker = topicMaker;
        this.contents = contents;
    }

    void startOfBatch() {
        TransactionCounts current = open;
        before = current == null ? null : current.copy();
    }

    /** Restores the counts from before the batch, because the batch repeats. */
    void undoBatch() {
        open = before;
    }

    /**
     * Handles a change before its records are made. If it is the first of its transaction, ends the open transaction and begins the
     * new one.
     */
    void enter(Change change, Collector<V> out) {
        TransactionCounts current = open;
        if (current != null && current.has(change)) {
            return;
        }
        close(out);
        if (change.xid() != 0) { // xid 0: a message outside a transaction
            TransactionCounts next = new TransactionCounts(change);
            open = next;
            add(next, false, out);
        }
    }

    /**
     * Counts a record before it is made. Do not call it for tombstones.
     *
     * @param table the table's name; null for a message
     */
    void place(@Nullable String table) {
        TransactionCounts current = open;
        if (current == null) {
            contents.placeNowhere();
        } else {
            long ofTable = current.count(table);
            contents.placeIn(current, ofTable);
        }
    }

    /** Marks the open transaction: the topic already has its end. */
    void endIsKnown() {
        TransactionCounts current = open;
        if (current != null) {
            current.setKnown();
        }
    }

    /** Ends the open transaction, if there is one. Adds its end unless the topic already has it. */
    void close(Collector<V> out) {
        TransactionCounts current = open;
        if (current != null && !current.isKnown()) {
            add(current, true, out);
        }
        open = null;
    }

    private void add(TransactionCounts transaction, boolean end, Collector<V> out) {
        Topic to = topic;
        if (to == null) {
            to = topicMaker.get();
            topic = to;
        }
        out.add(
                transaction.commitTimeMicros(),
                to,
                contents.boundaryKey(transaction),
                contents.boundary(transaction, end),
                "a transaction's boundary");
    }
}
