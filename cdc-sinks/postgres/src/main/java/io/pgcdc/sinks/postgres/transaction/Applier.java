package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import io.pgcdc.model.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns changes into rows, within a transaction that {@link TargetSink} opens and ends. Changes come in order, each once in what is
 * committed. One thread.
 */
public interface Applier {

    /**
     * A new connection. Checks the tables, and makes what it was told to make; may commit, and what it leaves open is committed. What it
     * remembers of an earlier connection no longer counts.
     *
     * @param sinkId identifies source and sink within the target
     * @param onSource the target is the database that the changes come from
     */
    void connected(Connection connection, int sinkId, boolean onSource) throws SQLException;

    /** Tables that are written; their partitions count as they. */
    List<TableName> tables();

    /**
     * Takes a change, and may send what it took so far.
     *
     * @return false when the change does not concern the target
     * @throws io.pgcdc.sink.RefusedChangeException when the target cannot take it; nothing of it was taken then
     */
    boolean take(Change change) throws SQLException;

    /** Sends all that was taken. */
    void send() throws SQLException;

    /** What was taken and not sent is to be forgotten; what was sent may have been rolled back. */
    void discard();

    /** About how many bytes were taken since the last commit. */
    long bytes();

    /** Everything was sent, and will be committed in a moment. */
    default void beforeCommit(Position last) throws SQLException {}

    /**
     * All changes that were given are durable in the target, and the sink is about to say so. The connection may be used, and must be left
     * without an open transaction.
     *
     * @return false: something is left to be done for them. The sink does not say yet that they are durable, and asks again
     * @throws io.pgcdc.error.SinkException that may pass, to have them given again
     */
    default boolean settled() throws SQLException {
        return true;
    }

    /**
     * A change that the target has already, from before this connection; in order, in front of what is new.
     */
    default void passedOver(Change change) {}

    /** Where a change was to go, for messages; null: nothing to say beside the change's own table. */
    default @Nullable String destination(Change change) {
        return null;
    }

    /** The sink ends. */
    default void close() {}
}
