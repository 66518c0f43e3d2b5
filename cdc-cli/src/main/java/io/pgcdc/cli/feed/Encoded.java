package io.pgcdc.cli.feed;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.NativeFormat;
import io.pgcdc.model.Change;
import io.pgcdc.model.Relation;
import io.pgcdc.model.TablePattern;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The next piece of a stream: changes, encoded. It holds some tens of KB, or one record that is larger. Only two clients at a time may have a large one,
 * so that many slow clients cannot fill the heap. One thread.
 */
final class Encoded {

    /** A piece that has as much takes no further change. */
    private static final int FULL = 64 * 1024;

    /** A larger piece needs a permit. Less is kept between pieces. */
    private static final int LARGE = 256 * 1024;

    private static final long WAIT_MS = 500;

    private static final Semaphore LARGE_PIECES = new Semaphore(2);

    private final boolean events;
    private final List<TablePattern> tables;
    private final NativeFormat format = new NativeFormat();
    private JsonBuffer buffer = new JsonBuffer();
    private boolean large;
    private boolean waits;
    private long changes;

    /**
     * Begins empty.
     *
     * @param events true for server-sent events, false for lines
     * @param tables only their changes; empty: all
     */
    Encoded(boolean events, List<TablePattern> tables) {
        this.events = events;
        this.tables = tables;
    }

    /** Appends the change, unless it is not of the tables. Returns false if there is no room for it now. */
    boolean take(Change change) {
        if (buffer.length() >= FULL) {
            return false;
        }
        if (!isWanted(change.relation(), tables)) {
            return true;
        }
        int start = buffer.length();
        if (events) {
            buffer.appendAscii("id: ").appendAscii(change.position().toString()).appendAscii("\ndata: ");
        }
        try {
            format.append(change, buffer);
        } catch (RuntimeException e) {
            buffer.truncate(start);
            throw e;
        }
        buffer.appendAscii(events ? "\n\n" : "\n");
        if (buffer.length() > LARGE && !large) {
            large = LARGE_PIECES.tryAcquire();
            waits = !large;
            if (waits) {
                buffer.truncate(start);
                buffer = copy(buffer);
                return false;
            }
        }
        changes++;
        return true;
    }

    /** Returns whether a change of the table is among those of the tables; none: all are. */
    static boolean isWanted(@Nullable Relation table, List<TablePattern> tables) {
        return tables.isEmpty()
                || (table != null
                        && tables.stream().anyMatch(pattern -> pattern.matches(table.schema(), table.name())));
    }

    /** Returns a buffer with the same content, and no more room than that needs. */
    private static JsonBuffer copy(JsonBuffer full) {
        JsonBuffer small = new JsonBuffer();
        small.append(full.array(), 0, full.length());
        return small;
    }

    byte[] array() {
        return buffer.array();
    }

    int length() {
        return buffer.length();
    }

    /** If the last change was refused because others have large ones: waits a while, until it may be taken. Call it with an empty piece. */
    void awaitRoom() throws InterruptedException {
        if (waits) {
            large = LARGE_PIECES.tryAcquire(WAIT_MS, TimeUnit.MILLISECONDS);
            waits = !large;
        }
    }

    /** Returns true if the last change was refused because others have large ones. */
    boolean waits() {
        return waits;
    }

    /** Returns the number of changes in this piece. */
    long changes() {
        return changes;
    }

    /** Makes room for the next piece. */
    void clear() {
        changes = 0;
        if (large) {
            large = false;
            LARGE_PIECES.release();
        }
        if (buffer.array().length > LARGE) {
            buffer = new JsonBuffer();
        }
        buffer.clear();
    }
}
