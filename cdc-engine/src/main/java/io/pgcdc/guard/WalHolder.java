package io.pgcdc.guard;

import io.pgcdc.model.Lsn;
import java.util.Comparator;
import java.util.List;

/**
 * Who keeps the primary from removing WAL.
 *
 * @param name tells one holder from another of its kind
 * @param text for a person, without a full stop
 * @param bytes of WAL that it holds
 * @param remedy what to do, a sentence
 */
public record WalHolder(Kind kind, String name, String text, long bytes, String remedy) {

    /** The kinds of holders. */
    public enum Kind {
        /** A sink has not stored changes that the queue has. */
        SINK,
        /** A transaction on the primary is open. */
        TRANSACTION,
        /** A transaction on the primary is prepared and not finished. */
        PREPARED_TRANSACTION,
        /** The pipeline has not read the WAL. */
        READER,
        /** The slot holds no more than in normal use. */
        NOBODY
    }

    /** Less than this is normal: a part of a WAL file. */
    static final long LITTLE = 1 << 20;

    /** The server notes every 15 s which transactions run, so a younger one holds no more than others do. */
    static final long SETTLED_MS = 15_000;

    /**
     * Finds the holder.
     *
     * @param byQueue true if a change is acknowledged once the queue has it
     * @param receivedLsn the greatest LSN that the pipeline has received
     * @param queueEndLsn end of the last commit that the queue has durably
     */
    static WalHolder of(
            SlotReading reading, boolean byQueue, long receivedLsn, long queueEndLsn, List<SinkPlace> sinks) {
        long end = reading.walEndLsn();
        long confirmed = reading.confirmedLsn();
        OpenTransaction oldest = reading.oldest();
        long unreleased = reading.restartLsn() == Lsn.INVALID ? 0 : confirmed - reading.restartLsn();
        boolean settled = oldest != null && oldest.ageMs() != null && oldest.ageMs() >= SETTLED_MS;
        if (oldest != null && settled && unreleased >= LITTLE && unreleased >= end - confirmed) {
            return transaction(oldest, reading.retainedBytes());
        }
        SinkPlace slowest = sinks.stream()
                .min(Comparator.comparing(SinkPlace::durableEndLsn, Lsn::compare))
                .orElse(null);
        if (!byQueue && slowest != null && Lsn.compare(slowest.durableEndLsn(), queueEndLsn) < 0) {
            long behind = end - Lsn.max(slowest.durableEndLsn(), confirmed);
            if (behind >= LITTLE) {
                return sink(slowest, behind);
            }
        }
        long unread = end - Lsn.max(receivedLsn, confirmed);
        if (unread >= LITTLE) {
            return new WalHolder(
                    Kind.READER,
                    "",
                    "the pipeline has not read " + Words.bytes(unread) + " of it",
                    unread,
                    "Let it read: cdc resume, if reading is paused; free the queue's disk, or repair the connection, if the log says so.");
        }
        return new WalHolder(
                Kind.NOBODY,
                "",
                "nobody holds it: the server releases WAL in steps",
                0,
                "If the rate is normal, raise max_slot_wal_keep_size.");
    }

    private static WalHolder sink(SinkPlace sink, long behind) {
        return new WalHolder(
                Kind.SINK,
                sink.name(),
                "sink \"" + sink.name() + "\"" + (sink.state().isEmpty() ? "" : " (" + sink.state() + ")")
                        + " holds it, " + Words.bytes(behind) + " behind",
                behind,
                "Repair its target or resume it, or set queue.confirm: auto or queue, which lets the primary remove what the queue has.");
    }

    private static WalHolder transaction(OpenTransaction oldest, long held) {
        String gid = oldest.gid();
        return gid == null
                ? new WalHolder(
                        Kind.TRANSACTION,
                        oldest.xid(),
                        oldest.describe() + ", holds it",
                        held,
                        "End that transaction. If its client does not: SELECT pg_terminate_backend(" + oldest.pid()
                                + ");")
                : new WalHolder(
                        Kind.PREPARED_TRANSACTION,
                        gid,
                        oldest.describe() + ", holds it",
                        held,
                        "Finish it in its database: COMMIT PREPARED or ROLLBACK PREPARED '" + gid.replace("'", "''")
                                + "';");
    }

    /** Returns true if it is the same holder, perhaps with another amount. */
    boolean isSame(WalHolder other) {
        return kind == other.kind && name.equals(other.name);
    }
}
