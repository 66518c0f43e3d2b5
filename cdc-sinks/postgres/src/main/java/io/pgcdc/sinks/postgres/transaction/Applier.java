package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import io.pgcdc.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns changes into rows, in a transaction that {@link TargetSink} opens and ends. Changes come in order. What is committed has
 * each change once. For one thread.
 */
public interface Applier {

    /**
     * Starts to use a new connection. Checks the tables, and creates those that the settings allow. May commit; what it leaves
     * uncommitted is committed after it. Forgets everything about an earlier connection.
     *
     * @param sinkId identifies source and sink within the target
     * @param onSource true if the target is the database that the changes come from
     */
    void connected(Connection connection, int sinkId, boolean onSource) throws SQLException;

    /** Returns the tables that are written; their partitions are included. */
    List<TableName> tables();

    /**
     * Takes a change, and may send earlier ones.
     *
     * @return false if the change does not concern the target
     * @throws io.pgcdc.sink.RefusedChangeException if the target cannot take it; nothing of it was taken then
     */
    boolean take(Change change) throws SQLException;

    /** Sends everything that was taken. */
    void send() throws SQLException;

    /** Forgets what was taken and not sent. What was sent may have been rolled back. */
    void discard();

    /** Returns roughly how many bytes were taken since the last commit. */
    long bytes();

    /** Called when everything was sent, just before the commit. */
    default void beforeCommit(Position last) throws SQLException {}

    /**
     * Called when all changes so far are durable in the target, before the sink says so. May use the connection, and must leave no
     * open transaction.
     *
     * @return false if work for these changes remains. The sink does not call them durable then, and calls this again
     * @throws io.pgcdc.error.SinkException for a failure that may pass; the changes then repeat
     */
    default boolean settled() throws SQLException {
        return true;
    }

    /**
     * Takes a change that the target already has from an earlier connection. Such changes come in order, before new ones.
     */
    default void passedOver(Change change) {}

    /** Returns the target of a change, for messages; null if there is nothing to add to the change's own table. */
    default @Nullable String destination(Change change) {
        return null;
    }

    /** Frees the applier's resources at the end of the sink. */
    default void close() {}
}
