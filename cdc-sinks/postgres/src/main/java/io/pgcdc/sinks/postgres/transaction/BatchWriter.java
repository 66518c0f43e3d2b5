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
 * Applies batches in the open transaction, each under a savepoint. If the target refuses a row, the batch is rolled back and
 * applied again, one transaction at a time. A transaction that is refused is applied change by change, so the error can name the
 * change. Everything before that change is kept. For one thread.
 */
final class BatchWriter {

    private static final Logger LOG = LoggerFactory.getLogger(BatchWriter.class);

    private final String name;
    private final String where;
    private final Applier applier;
    private final OwnTables own;
    private final CommitGroup group = new CommitGroup();
    private final Committer committer;

    /** The target has all changes up to this position, committed or in its open transaction. */
    private final MovingPosition applied = new MovingPosition();

    /** True if the open transaction has rows. */
    private boolean pending;

    /** Commits the open transaction. */
    interface Committer {

        /** @param last the position of the last change in it, which is the end of a transaction of the source */
        void commit(Position last) throws SQLException;
    }

    BatchWriter(String name, String where, Applier applier, OwnTables own, Committer committer) {
        this.name = name;
        this.where = where;
        this.applier = applier;
        this.own = own;
        this.committer = committer;
    }

    /**
     * Starts again without an open transaction, after a connection was opened or closed.
     *
     * @param last the committed position; null if there is none, or no connection
     */
    void restart(@Nullable Position last) {
        applied.to(last);
        pending = false;
        group.rolledBack();
        own.forget();
        applier.discard();
    }

    /** Makes the next transactions of the target smaller if this error says that it had no room for the locks of this one. */
    void failed(SQLException e) {
        if (CommitGroup.OUT_OF_MEMORY.equals(e.getSQLState()) && group.shrink()) {
            LOG.warn(
                    "sink {}: the target has no memory, or no room for more locks. From now on, each commit there has at most {} of the"
                            + " source's transactions",
                    name,
                    group.most());
        }
    }

    /** Returns true if the open transaction must be committed before the next transaction of the source. */
    boolean isFull() {
        return group.isFull(applier.touched());
    }

    /** Returns true if the open transaction has rows. */
    boolean pending() {
        return pending;
    }

    void committed() {
        pending = false;
        group.committed();
    }

    /**
     * Applies a batch, except changes that are already applied.
     *
     * @throws RefusedChangeException if the target refuses a change; the changes before it are applied. After any other
     *     CdcException except a SinkException, nothing of the batch is applied. After a SinkException or an SQLException, the
     *     transaction must be rolled back
     */
    void write(Batch batch, TargetSession current) throws SQLException {
        try {
            apply(batch, current);
        } catch (RefusedChangeException e) {
            tellRefused(batch, e.position(), current);
            endBatch(current);
            throw e;
        } catch (CdcException e) {
            if (!(e instanceof SinkException)) {
                endBatch(current);
            }
            throw e;
        }
        endBatch(current);
    }

    /** Tells the applier which change is missing. Not earlier: a rollback to a savepoint would undo what the applier writes about it. */
    private void tellRefused(Batch batch, Position refused, TargetSession current) throws SQLException {
        current.beginBatch();
        each(batch, change -> {
            if (change.position().equals(refused)) {
                pending |= applier.refused(change);
            }
        });
    }

    /**
     * Applies, after a {@link StoppedException}, the transactions of the batch that come before the change.
     *
     * @return the end of the last of them, or null if there is none
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

    /** Returns true if a part of that change's transaction is applied. It can then not be separated from earlier changes. */
    boolean holdsPartOf(Position change) {
        return applied.isInTransactionOf(change);
    }

    private void endBatch(TargetSession current) throws SQLException {
        if (!current.endBatch(pending)) {
            applier.discard(); // the rollback also removed tables that the applier created in this transaction
        }
    }

    private void apply(Batch batch, TargetSession current) throws SQLException {
        MovingPosition before = applied.copy();
        RefusedChangeException refused = null;
        try {
            try {
                walk(batch, change -> {
                    if (applied.isApartFrom(change)) {
                        group.add();
                        if (isFull()) {
                            sendAll(current, true);
                            commitHere(current);
                            before.to(applied);
                        }
                    }
                    take(change, current);
                });
            } catch (RefusedChangeException e) {
                refused = e; // the applier refused it, not the server; earlier changes are kept
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

    /** Commits within a batch, between two transactions of the source. All taken changes must be sent. */
    private void commitHere(TargetSession current) throws SQLException {
        endBatch(current);
        Position last = applied.position();
        if (!pending || last == null) {
            return;
        }
        try {
            committer.commit(last);
        } catch (SQLException e) {
            failed(e);
            throw TargetErrors.statement(e, "committing", where); // no savepoint is left to go back to
        }
    }

    /**
     * Sends all taken changes to the target.
     *
     * @param atCommit true to check deferred constraints now, while the row that violates them can still be found
     */
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

    /** The ways to apply a refused transaction change by change. */
    private enum Singly {
        /** Check deferred constraints at its end. */
        UNTIL_ITS_END,
        /** Check deferred constraints after each change, because the transaction was refused at its end. */
        EACH_CHECKED
    }

    /** Applies each transaction of the source separately. Applies a refused transaction change by change. */
    private void applyInPieces(Batch batch, TargetSession current) throws SQLException {
        Map<Long, Singly> singly = new HashMap<>();
        while (true) {
            Pieces pieces = new Pieces(current, singly, batch.endsAtCommit());
            try {
                try {
                    walk(batch, pieces::take);
                } catch (RefusedChangeException e) {
                    applier.send(); // earlier changes are kept
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
                restore(pieces.before, current); // undoes the changes of its transaction that were applied singly
                throw e;
            }
        }
    }

    /** One attempt of {@link #applyInPieces}. */
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
                group.add();
                if (isFull()) {
                    commitHere(current);
                }
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

        /** Takes one change under its own savepoint: a refusal rolls back only this change, unless it comes at the transaction's end. */
        private void takeAlone(Change change, Singly how) throws SQLException {
            current.beginBatch();
            if (change.kind() != ChangeKind.TRUNCATE) {
                applier.send(); // waiting changes must not be rolled back with this one
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
                StoppedException waits =
                        MissingParent.of(e, change, applier.destination(change), name, own, current.connection());
                throw waits != null ? waits : refused(change, e);
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
                        + ". " + TargetErrors.refusalRemedy(e)
                        + ", or write dead_letter: true to move such changes to the dead-letter file.",
                null); // the server's message may contain values
    }

    private void take(Change change, TargetSession current) throws SQLException {
        current.beginBatch();
        if (!own.contain(change.relation(), current)) {
            pending |= applier.take(change);
        }
        applied.to(change);
    }

    /** Takes the step for each change that is not applied yet. */
    private void walk(Batch batch, Step step) throws SQLException {
        each(batch, change -> {
            if (applied.covers(change)) {
                applier.passedOver(change);
            } else {
                step.take(change);
            }
        });
    }

    private static void each(Batch batch, Step step) throws SQLException {
        try {
            batch.forEach(change -> {
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

    /** An action on one change. */
    private interface Step {
        void take(Change change) throws SQLException;
    }
}
