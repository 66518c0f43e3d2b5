package io.pgcdc.capture;

import io.pgcdc.decode.FrameHead;
import io.pgcdc.decode.PgOutput;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts what each table's rows take in the stream. It counts every row, and looks into few: what they consist of is a sample. The capture thread
 * counts; any thread reads.
 */
public final class TableTraffic {

    /** The first rows of a layout are all looked into, and then one of as many. A power of two. */
    private static final int SAMPLE = 64;

    private static final int INSERTS = 0;
    private static final int UPDATES = 1;
    private static final int DELETES = 2;
    private static final int BYTES = 3;
    private static final int COUNTS = 4;

    private final Map<Integer, Table> byOid = new ConcurrentHashMap<>();
    private final RowSizes sizes = new RowSizes();

    /**
     * What a table's rows took in this run.
     *
     * @param relation its latest layout
     * @param bytes of pgoutput messages
     * @param sample what rows of this layout consist of
     */
    public record Usage(Relation relation, long inserts, long updates, long deletes, long bytes, Sample sample) {}

    /**
     * What some rows of a layout consist of, in bytes.
     *
     * @param bytes of these rows' messages; 0: there was none
     * @param oldRows of old rows that are whole, as REPLICA IDENTITY FULL has them
     * @param columns of each of the layout's columns, in old and new rows
     */
    public record Sample(long bytes, long oldRows, List<Long> columns) {}

    /** A table. Each counter has one writer, so an increment needs no lock, nor a fence that waits for other cores. */
    static final class Table {

        private final AtomicLongArray counts = new AtomicLongArray(COUNTS);
        private volatile Sampled sampled;

        Table(Relation relation) {
            sampled = new Sampled(relation);
        }

        private void add(int counter, long amount) {
            counts.setRelease(counter, counts.getPlain(counter) + amount);
        }
    }

    /** The sample of one layout: bytes, bytes of old rows, and bytes of each column. */
    static final class Sampled {

        private static final int BYTES = 0;
        private static final int OLD_ROWS = 1;
        private static final int COLUMNS = 2;

        /** Measures nothing. */
        static final Sampled NONE =
                new Sampled(new Relation(0, 0, "", "", ReplicaIdentity.NOTHING, List.of(), null, List.of()));

        private final Relation relation;
        private final AtomicLongArray sums;
        private int rows;

        Sampled(Relation relation) {
            this.relation = relation;
            sums = new AtomicLongArray(COLUMNS + relation.columns().size());
        }

        /** Returns true if the next row is one to look into. */
        private boolean isDue() {
            int row = rows++;
            return (row & SAMPLE - 1) == 0 || (row >= 0 && row < SAMPLE);
        }

        void message(int bytes) {
            add(BYTES, bytes);
        }

        void oldRow(int bytes) {
            add(OLD_ROWS, bytes);
        }

        void column(int column, int bytes) {
            if (column < sums.length() - COLUMNS) {
                add(COLUMNS + column, bytes);
            }
        }

        private void add(int sum, long amount) {
            sums.setRelease(sum, sums.getPlain(sum) + amount);
        }

        private Sample read() {
            List<Long> columns = new ArrayList<>();
            for (int i = COLUMNS; i < sums.length(); i++) {
                columns.add(sums.getAcquire(i));
            }
            return new Sample(sums.getAcquire(BYTES), sums.getAcquire(OLD_ROWS), columns);
        }
    }

    /** Returns the table's counters. Capture thread; call it once for each Relation message. */
    Table table(Relation relation) {
        Table table = byOid.computeIfAbsent(relation.oid(), oid -> new Table(relation));
        if (!table.sampled.relation.equals(relation)) {
            table.sampled = new Sampled(relation);
        }
        return table;
    }

    /** Counts a row. Capture thread. */
    void row(FrameHead frame, Table table) {
        byte type = frame.type();
        table.add(type == PgOutput.INSERT ? INSERTS : type == PgOutput.UPDATE ? UPDATES : DELETES, 1);
        table.add(BYTES, frame.length());
        Sampled sampled = table.sampled;
        if (sampled.isDue()) {
            sizes.look(frame, sampled);
        }
    }

    /** Returns what the tables' rows took. Any thread. */
    public List<Usage> read() {
        return byOid.values().stream()
                .map(table -> new Usage(
                        table.sampled.relation,
                        table.counts.getAcquire(INSERTS),
                        table.counts.getAcquire(UPDATES),
                        table.counts.getAcquire(DELETES),
                        table.counts.getAcquire(BYTES),
                        table.sampled.read()))
                .toList();
    }
}
