package io.pgcdc.snapshot;

import java.util.Set;

/**
 * How far the reading of tables is. Blocks are the server's; rows and bytes count from the start of this run.
 *
 * @param tables that are read
 * @param tablesDone of which all rows are in the queue
 * @param blocks size of all tables when the work was planned
 * @param blocksDone of which the rows are in the queue
 * @param blocksBefore of which they were when the work was planned
 * @param nanos time since the work was planned
 * @param waitsFor ids of running transactions that must end before reading goes on; usually none
 */
public record SnapshotProgress(
        int tables,
        int tablesDone,
        long blocks,
        long blocksDone,
        long blocksBefore,
        long rows,
        long bytes,
        long nanos,
        Set<Integer> waitsFor) {

    public SnapshotProgress {
        waitsFor = Set.copyOf(waitsFor);
    }

    /** Nothing is planned yet. */
    public static final SnapshotProgress NONE = new SnapshotProgress(0, 0, 0, 0, 0, 0, 0, 0, Set.of());

    /** Returns the progress of the same snapshot after this, with the rows of both. */
    SnapshotProgress and(SnapshotProgress later) {
        return later.equals(NONE)
                ? this
                : new SnapshotProgress(
                        later.tables,
                        later.tablesDone,
                        later.blocks,
                        later.blocksDone,
                        blocksBefore,
                        rows + later.rows,
                        bytes + later.bytes,
                        nanos,
                        later.waitsFor);
    }

    /** Returns the part that is done, 0 to 1. By blocks, so it is an estimate. */
    public double share() {
        return blocks == 0 ? (tables > 0 && tables == tablesDone ? 1 : 0) : (double) blocksDone / blocks;
    }

    /** Returns the rows read in a second; 0: none were read yet. */
    public double rowsPerSecond() {
        return nanos == 0 ? 0 : rows * 1e9 / nanos;
    }

    /** Returns an estimate of the seconds until the end; -1: unknown. */
    public long secondsLeft() {
        long done = blocksDone - blocksBefore;
        return done <= 0 ? -1 : Math.round((blocks - blocksDone) * (nanos / 1e9) / done);
    }
}
