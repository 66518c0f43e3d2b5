package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import io.pgcdc.model.TableName;
import io.pgcdc.sink.ReplayTerms;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes changes as rows, in a transaction that {@link TargetSink} opens and ends. Receives the changes in order. The committed rows
 * contain each change exactly once. Belongs to one thread.
 */
public interface Applier {

    /**
     * Starts to use a new connection, and forgets the earlier one. Checks the tables, and creates missing ones if the settings
     * allow it. May commit. The caller commits the rest.
     *
     * @param sinkId the number of this pair of source and sink in the target
     * @param onSource true if the target is the database that the changes come from
     */
    void connected(Connection connection, int sinkId, boolean onSource) throws SQLException;

    /** Returns the tables that this applier writes. A partitioned table stands for all its partitions. */
    List<TableName> tables();

    /**
     * Takes a change. May send earlier changes to the target.
     *
     * @return false if the change does not concern the target
     * @throws io.pgcdc.sink.RefusedChangeException if the target cannot take the change; then no part of it was taken
     */
    boolean take(Change change) throws SQLException;

    /** Sends all taken changes to the target. */
    void send() throws SQLException;

    /** Forgets the changes that were taken but not sent. Changes that were sent may have been rolled back. */
    void discard();

    /** Returns the approximate size of the changes taken since the last commit, in bytes. */
    long bytes();

    /** Returns how many tables the open transaction has written or created. The target keeps locks on each. */
    default int touched() {
        return 1;
    }

    /**
     * Called after all changes were sent, just before the commit.
     *
     * @param last the position that is committed together with the changes
     */
    default void beforeCommit(Position last) throws SQLException {}

    /**
     * Called when all changes so far are durable in the target. The sink reports them as durable only after this call. May use the
     * connection, and must leave no open transaction.
     *
     * @return false if work for these changes remains. The sink then does not report them as durable, and calls this method again
     * @throws io.pgcdc.error.SinkException for a temporary failure; the sink then receives the changes again
     */
    default boolean settled() throws SQLException {
        return true;
    }

    /**
     * Called instead of {@link #take} for a change that the target already has, from an earlier connection. Such changes come in
     * order, before new ones.
     */
    default void passedOver(Change change) {}

    /**
     * Called for a change that the target refuses, before {@link io.pgcdc.sink.RefusedChangeException} is thrown. If the transaction goes on, it goes on
     * without the change, and contains what this method writes. If that is rolled back, the change may not come again.
     *
     * @return true if the next commit must come although no row waits for it
     */
    default boolean refused(Change change) throws SQLException {
        return false;
    }

    /** Returns true if {@link #take} handles changes of kind RECONCILE. */
    default boolean reconciles() {
        return false;
    }

    /**
     * Returns what a replay means for these tables ({@link io.pgcdc.sink.Sink#replayTerms}). May use the connection, and must leave no open
     * transaction.
     *
     * @param has the target's position; null if nothing was written yet
     * @throws io.pgcdc.error.SinkException if the tables do not permit a replay
     */
    ReplayTerms replayTerms(Connection connection, @Nullable Position has) throws SQLException;

    /**
     * Tells that the next changes are a replay, or that it has ended. The target has their effects already, and perhaps those of later changes.
     * {@link #discard} follows.
     */
    default void replaying(boolean on) {}

    /**
     * Returns the target of a change for messages, such as {@code table public.orders}. Null: the message names only the source
     * table.
     */
    default @Nullable String destination(Change change) {
        return null;
    }

    /** Frees the applier's resources at the end of the sink. */
    default void close() {}
}
