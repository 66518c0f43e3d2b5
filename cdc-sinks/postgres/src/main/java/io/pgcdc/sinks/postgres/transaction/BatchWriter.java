package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.RefusedChangeException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies batches within the transaction that is open, each under a savepoint. When the target refuses a row, the batch is rolled back to it
 * and applied again, each transaction by itself, and one that is refused change by change, so that the error names the one that is; what stood
 * before it remains. One thread.
 */
final class BatchWriter {

    private static final Logger LOG = LoggerFactory.getLogger(BatchWriter.class);

    private final String name;
    private final String where;
    private final Applier applier;
    private final OwnTables own;

    /** Changes up to there are in the target, committed or in its open transaction. */
    private final MovingPosition applied = new MovingPosition();

    /** The open transaction of the target holds rows. */
    private boolean pending;

    BatchWriter(String name, String where, Applier applier, OwnTables own) {
        this.name = name;
        this.where = where;
        this.applier = applier;
        this.own = own;
    }

    /** Another connection, or none; without a transaction. */
    void restart(@Nullable Position behind) {
        applied.to(behind);
        pending = false;
        own.forget();
        applier.discard();
    }

    /** Whether the open transaction holds rows. */
    boolean pending() {
        return pending;
    }

    void committed() {
        pending = false;
    }

    /**
     * Applies a batch, without what is applied already.
     *
     * @throws RefusedChangeException when the target refuses a change; what came before it is applied. After any other CdcException but a
     *     SinkException nothing of the batch is; after those and an SQLException the transaction is to be given up
     */
    void write(Batch batch, TargetSession current) throws SQLException {
        try {
            apply(batch, current);
        } catch (CdcException e) {
            if (e instanceof RefusedChangeException || !(e instanceof SinkException)) {
                endBatch(current);
            }
            throw e;
        }
        endBatch(current);
    }

    /**
     * After a {@link StoppedException}: applies the transactions of the batch before that of the change.
     *
     * @return where the last of them ends; null: there is none
     */
    @Nullable
    Position writeBefore(Batch batch, Position stop, TargetSession current) throws SQLException {
        walk(batch, change -> {
            int byLsn = Lsn.compare(change.commitLsn(), stop.commitLsn());
            if (change.epoch() < stop.epoch() || (change.epoch() == stop.epoch() && byLsn < 0)) {
                take(change, current);
            }
        });
        sendAll(current, true);
        endBatch(current);
        return applied.position();
    }

    /** Whether a part of that change's transaction is applied: it cannot be told from what came before any more. */
    boolean holdsPartOf(Position change) {
        return applied.isInTransactionOf(change);
    }

    private void endBatch(TargetSession current) throws SQLException {
        if (!current.endBatch(pending)) {
            applier.discard(); // what it made for rows that did not come is gone, too
        }
    }

    private void apply(Batch batch, TargetSession current) throws SQLException {
        MovingPosition before = applied.copy();
        RefusedChangeException refused = null;
        try {
            try {
                walk(batch, change -> take(change, current));
            } catch (RefusedChangeException e) {
                refused = e; // found out without the server; what came before it stands
            }
            sendAll(current, refused == null && batch.endsAtCommit());
        } catch (SQLException e) {
            if (!TargetErrors.isRefusal(e)) {
                throw e;
            }
            LOG.debug("sink {}: a batch was refused: {}", name, TargetErrors.refusal(e));
            restore(before, current);
            applyInPieces(batch, current);
            return;
        } catch (CdcException e) {
            restore(before, current);
            throw e;
        }
        if (refused != null) {
            throw refused;
        }
    }

    /** @param atCommit constraints that wait for the end of the transaction are looked at now, while it can still be said whose row it is */
    private void sendAll(TargetSession current, boolean atCommit) throws SQLException {
        applier.send();
        if (atCommit) {
            current.checkConstraints();
        }
    }

    private void restore(MovingPosition before, TargetSession current) throws SQLException {
        applier.discard();
        current.rollback();
        applied.to(before);
    }

    /** How the pieces of a transaction are applied that was refused as a whole. */
    private enum Singly {
        /** Deferred constraints are looked at when it ends. */
        UNTIL_ITS_END,
        /** They are what refuses it: looked at behind each change. */
        EACH_CHECKED
    }

    /** Each transaction of the source by itself; one that is refused, change by change. */
    private void applyInPieces(Batch batch, TargetSession current) throws SQLException {
        Map<Long, Singly> singly = new HashMap<>();
        while (true) {
            Pieces pieces = new Pieces(current, singly, batch.endsAtCommit());
            try {
                try {
                    walk(batch, pieces::take);
                } catch (RefusedChangeException e) {
                    applier.send(); // what came before it stands
                    throw e;
                }
                pieces.end();
                return;
            } catch (SQLException e) {
                Singly tried = singly.get(pieces.commitLsn);
                if (!TargetErrors.isRefusal(e) || tried == Singly.EACH_CHECKED) {
                    throw e;
                }
                singly.put(pieces.commitLsn, tried == null ? Singly.UNTIL_ITS_END : Singly.EACH_CHECKED);
                restore(pieces.before, current);
            } catch (StoppedException e) {
                restore(pieces.before, current); // the changes of its transaction that were applied one by one
                throw e;
            }
        }
    }

    /** One walk of {@link #applyInPieces}. */
    private final class Pieces {

        private final TargetSession current;
        private final Map<Long, Singly> singly;
        private final boolean endsAtCommit;
        private MovingPosition before = applied.copy();
        private long commitLsn;
        private boolean any;

        Pieces(TargetSession current, Map<Long, Singly> singly, boolean endsAtCommit) {
            this.current = current;
            this.singly = singly;
            this.endsAtCommit = endsAtCommit;
        }

        void take(Change change) throws SQLException {
            if (any && change.commitLsn() != commitLsn) {
                endTransaction(true);
            }
            commitLsn = change.commitLsn();
            any = true;
            Singly how = singly.get(commitLsn);
            if (how == null) {
                BatchWriter.this.take(change, current);
            } else {
                takeAlone(change, how);
            }
        }

        void end() throws SQLException {
            endTransaction(endsAtCommit);
        }

        private void endTransaction(boolean whole) throws SQLException {
            sendAll(current, whole);
            current.endBatch(true);
            before = applied.copy();
        }

        /** What an error takes back is this change alone, but for one that only the transaction's end brings about. */
        private void takeAlone(Change change, Singly how) throws SQLException {
            current.beginBatch();
            if (change.kind() != ChangeKind.TRUNCATE) {
                applier.send(); // what waits is not to be taken back with this change
            }
            current.beginChange();
            try {
                BatchWriter.this.take(change, current);
                if (change.kind() != ChangeKind.TRUNCATE) {
                    applier.send(); // tables that are truncated together cannot be truncated one by one
                }
                if (how == Singly.EACH_CHECKED) {
                    current.checkConstraints();
                }
            } catch (SQLException e) {
                if (!TargetErrors.isRefusal(e)) {
                    throw e;
                }
                applier.discard();
                current.rollbackChange();
                throw refused(change, e);
            }
            current.endChange();
        }
    }

    private RefusedChangeException refused(Change change, SQLException e) {
        Relation relation = change.relation();
        String to = applier.destination(change);
        String what = relation == null ? "a message" : change.kind() + " of " + relation.qualifiedName();
        return new RefusedChangeException(
                change.position(),
                "sink \"" + name + "\": " + what + " at " + change.position() + " is refused"
                        + (to == null ? "" : " by " + to) + ": " + TargetErrors.refusal(e) + "; " + where
                        + ". Alter the table there, or put such changes aside with dead_letter: true.",
                null); // the server's own words may hold values
    }

    private void take(Change change, TargetSession current) throws SQLException {
        current.beginBatch();
        if (!own.contain(change.relation(), current)) {
            pending |= applier.take(change);
        }
        applied.to(change);
    }

    private void walk(Batch batch, Step step) throws SQLException {
        try {
            batch.forEach(change -> {
                if (applied.covers(change)) {
                    applier.passedOver(change);
                    return;
                }
                try {
                    step.take(change);
                } catch (SQLException e) {
                    throw new Interrupted(e);
                }
            });
        } catch (Interrupted e) {
            throw e.sql;
        }
    }

    /** Carries an SQLException out of a walk. */
    private static final class Interrupted extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final transient SQLException sql;

        Interrupted(SQLException sql) {
            super(sql);
            this.sql = sql;
        }
    }

    /** What is done with a change. */
    private interface Step {
        void take(Change change) throws SQLException;
    }
}
