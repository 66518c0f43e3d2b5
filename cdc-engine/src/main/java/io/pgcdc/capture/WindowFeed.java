package io.pgcdc.capture;

import io.pgcdc.model.Relation;
import io.pgcdc.model.SeenTransactions;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot that is read while changes are streamed, as capture sees it. A reader registers a {@link Window}, then writes a watermark, a
 * logical message, into the server's WAL. Capture thread; others register.
 */
public interface WindowFeed {

    /** Prefix of the watermarks. No sink sees them. */
    String PREFIX = "pgcdc.snapshot";

    /** No snapshot is read. */
    WindowFeed NONE = new WindowFeed() {
        @Override
        public Set<Integer> watched() {
            return Set.of();
        }

        @Override
        public List<SeenTransactions> open() {
            return List.of();
        }

        @Override
        public @Nullable Window arrived(String watermark) {
            return null;
        }

        @Override
        public void begun() {}

        @Override
        public void changed(int oid, KeyedChange change) {}

        @Override
        public void truncated(int oid) {}

        @Override
        public Set<Integer> committed(long after) {
            return Set.of();
        }

        @Override
        public void appended(Window window, long index, @Nullable Set<RowKey> outdated) {}

        @Override
        public boolean announced(Relation relation) {
            return false;
        }

        @Override
        public void again(Window window) {}

        @Override
        public boolean isFinished() {
            return true;
        }

        @Override
        public void connectionEnded() {}
    };

    /** Returns the oids of the tables that are being read. */
    Set<Integer> watched();

    /** Returns what the windows that are being read, or wait for their watermarks, show; null: one has not said it yet. */
    @Nullable
    List<SeenTransactions> open();

    /** A transaction begins. An earlier one that has not committed was cut off. */
    void begun();

    /** The transaction changes a row of a watched table. */
    void changed(int oid, KeyedChange change);

    /** The transaction empties a watched table. */
    void truncated(int oid);

    /**
     * The transaction has committed.
     *
     * @param after index of the queue's last segment; the next one has the transaction, or its end
     * @return the oids of tables that are read from the beginning again
     */
    Set<Integer> committed(long after);

    /**
     * Takes a window whose watermark has arrived.
     *
     * @param watermark content of the message
     * @return null: it is no watermark of this run, or its window was dropped
     */
    @Nullable
    Window arrived(String watermark);

    /**
     * Notes that a window's rows are in the queue.
     *
     * @param index of the last segment; {@link io.pgcdc.queue.SegmentStore#NONE}: no row was left
     * @param outdated keys of the table's rows that a change has overtaken; null: all rows
     */
    void appended(Window window, long index, @Nullable Set<RowKey> outdated);

    /**
     * Takes a layout of a watched table that the stream announces. If the table is read with another one, or was published otherwise, it is looked up again, and so are
     * the rows of its open windows.
     *
     * @return true if it is another one
     */
    boolean announced(Relation relation);

    /** Makes the window's range be read again: it cannot be told which of its rows are outdated. */
    void again(Window window);

    /** Returns true if no further row comes, and all are durable in the queue. Any thread. */
    boolean isFinished();

    /** Drops all windows. Their ranges are read again. */
    void connectionEnded();
}
