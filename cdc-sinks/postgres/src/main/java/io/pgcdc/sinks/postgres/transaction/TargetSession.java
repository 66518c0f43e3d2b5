package io.pgcdc.sinks.postgres.transaction;

import io.pgcdc.error.SinkException;
import io.pgcdc.model.Position;
import io.pgcdc.model.TableName;
import io.pgcdc.sink.SourceId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection on which this process has claimed the sink's position, and the position that was committed last. For one thread. */
final class TargetSession implements AutoCloseable {

    private final Connection connection;
    private final Statement statement;
    private final SinkPositions positions;
    private final Applier applier;
    private final int sinkId;
    private final boolean onSource;
    private @Nullable Position position;
    private List<TableName> tables;
    private boolean inBatch;

    private TargetSession(
            Connection connection,
            SinkPositions positions,
            Applier applier,
            SinkPositions.Claim claim,
            boolean onSource)
            throws SQLException {
        this.connection = connection;
        this.statement = connection.createStatement();
        this.positions = positions;
        this.applier = applier;
        this.sinkId = claim.id();
        this.position = claim.position();
        this.onSource = onSource;
        this.tables = List.copyOf(applier.tables());
    }

    /**
     * Connects, creates or checks the tables, and claims the position.
     *
     * @throws SinkException if one of these fails
     */
    static TargetSession open(String sink, Target target, SinkPositions positions, Applier applier, SourceId source) {
        Connection connection = target.connect();
        String doing = "reading its position";
        try {
            positions.requireKnown(connection, source);
            positions.prepare(connection);
            SinkPositions.Claim claim = positions.claim(connection, source, applier.tables());
            doing = "setting its replication origin";
            target.setUpOrigin(connection, originName(sink, source));
            boolean onSource = positions.isSource(connection, source);
            doing = "preparing its tables";
            connection.setAutoCommit(false);
            applier.connected(connection, claim.id(), onSource);
            connection.commit();
            return new TargetSession(connection, positions, applier, claim, onSource);
        } catch (SQLException e) {
            Target.close(connection);
            throw TargetErrors.statement(e, doing, target.where());
        } catch (RuntimeException e) {
            Target.close(connection);
            throw e;
        }
    }

    /** Returns the origin's name. Origins belong to a whole cluster, so the name also contains the source. */
    private static String originName(String sink, SourceId source) {
        return "pgcdc_" + source.systemIdentifier() + "_" + source.slot() + "_" + sink;
    }

    Connection connection() {
        return connection;
    }

    /** Returns true if the target is the database that the changes come from. */
    boolean onSource() {
        return onSource;
    }

    @Nullable
    Position position() {
        return position;
    }

    /** Starts a batch, unless one is open. It can be rolled back alone until {@link #endBatch}. */
    void beginBatch() throws SQLException {
        if (!inBatch) {
            statement.execute("SAVEPOINT batch");
            inBatch = true;
        }
    }

    /** Rolls back to {@link #beginBatch}, if it was called. */
    void rollback() throws SQLException {
        if (inBatch) {
            statement.execute("ROLLBACK TO SAVEPOINT batch");
        }
    }

    /**
     * Ends the batch that {@link #beginBatch} started, if it was called.
     *
     * @param keep true if the transaction has rows: the batch's rows are kept. False rolls back the transaction, because one without
     *     rows must not stay open
     * @return false if the transaction was rolled back
     */
    boolean endBatch(boolean keep) throws SQLException {
        if (inBatch) {
            inBatch = false;
            if (!keep) {
                connection.rollback();
                return false;
            }
            statement.execute("RELEASE SAVEPOINT batch");
        }
        return true;
    }

    /** Starts a change within a batch, which can be rolled back alone. */
    void beginChange() throws SQLException {
        statement.execute("SAVEPOINT change");
    }

    void endChange() throws SQLException {
        statement.execute("RELEASE SAVEPOINT change");
    }

    void rollbackChange() throws SQLException {
        statement.execute("ROLLBACK TO SAVEPOINT change");
    }

    /** Checks all deferred constraints now, then defers all deferrable constraints again. */
    void checkConstraints() throws SQLException {
        if (inBatch) {
            LongStatements.execute(connection, "SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED");
        }
    }

    /** Commits the rows of a replay. The position stays, and this process must still be its owner. */
    void commitReplay() throws SQLException {
        addTables();
        positions.hold(connection, sinkId, position);
        connection.commit();
    }

    /** Commits the rows together with the position. */
    void commit(Position last) throws SQLException {
        addTables();
        positions.move(connection, sinkId, position, last);
        connection.commit();
        position = last;
    }

    private void addTables() throws SQLException {
        if (!applier.tables().equals(tables)) {
            tables = List.copyOf(applier.tables());
            positions.alsoWrites(connection, sinkId, tables);
        }
    }

    @Override
    public void close() {
        Target.close(connection);
    }
}
