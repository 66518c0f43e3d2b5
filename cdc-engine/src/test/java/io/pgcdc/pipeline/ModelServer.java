package io.pgcdc.pipeline;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;

/** A primary with one slot. It has forgotten all WAL before the slot's position. */
final class ModelServer implements World.Actor {

    private final World world;
    private final ModelWal wal;
    private final ModelWorkload workload;

    /** Some versions let a slot go back when an old status comes late. */
    private final boolean letsSlotsGoBack;

    private boolean silentKeepalives;
    private boolean readingPaused;
    private long confirmed;

    /** The slot's position after a crash of the server. */
    private long confirmedOnDisk;

    ModelServer(World world, ModelWal wal, ModelWorkload workload) {
        this.world = world;
        this.wal = wal;
        this.workload = workload;
        letsSlotsGoBack = world.chance.nextBoolean();
        confirmed = wal.end();
        confirmedOnDisk = confirmed;
    }

    World world() {
        return world;
    }

    ModelWal wal() {
        return wal;
    }

    long confirmed() {
        return confirmed;
    }

    /** Creates the slot at the end of the WAL. Waits for all transactions. Returns what its snapshot shows. */
    String createSlot() {
        wal.quiesce();
        confirmed = wal.end();
        confirmedOnDisk = confirmed;
        return wal.database().snapshot();
    }

    /** Has keepalives say nothing of the WAL's end, or something. */
    void silentKeepalives(boolean silent) {
        silentKeepalives = silent;
    }

    /** Returns what a keepalive says of the WAL's end. */
    long saysWalEnd(long walEnd) {
        return silentKeepalives ? 0 : walEnd;
    }

    /** Notes if capture has paused reading. */
    void readingPaused(boolean paused) {
        readingPaused = paused;
    }

    boolean isReadingPaused() {
        return readingPaused;
    }

    /** Does the rest of the workload at once. */
    void finish() {
        while (workload.hasMore()) {
            workload.work();
        }
        wal.quiesce();
    }

    @Override
    public void act() {
        if (workload.hasMore() && !world.once(4)) {
            workload.work();
        }
        if (world.once(20)) {
            confirmedOnDisk = confirmed;
        }
    }

    /** Simulates an immediate stop and start. Connections are lost, and the slot returns to its last saved position. */
    void crash() {
        confirmed = confirmedOnDisk;
    }

    /** Handles a Standby status update. */
    void confirm(long flushLsn) {
        if (flushLsn > wal.end()) {
            throw world.violated("the server was told to forget up to " + flushLsn + ", and ends at " + wal.end());
        }
        confirmed = letsSlotsGoBack ? flushLsn : Math.max(confirmed, flushLsn);
    }

    /** Starts the stream. Checks invariant 5 first: no gap between the slot and the received changes. */
    ModelStream connect(long startLsn, Judge judge) {
        world.others();
        if (world.mishap(4)) {
            throw new SourceException(ErrorCode.CONNECTION_LOST, "nobody answers. Wait.");
        }
        if (confirmed > startLsn) {
            throw world.violated("the slot stands at " + confirmed + ", and the queue ends at " + startLsn);
        }
        return new ModelStream(world, this, judge, startLsn);
    }
}
