package io.pgcdc.sinks.postgres.changelog;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import io.pgcdc.model.TableName;
import io.pgcdc.session.Quoted;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.ReplayTerms;
import io.pgcdc.sink.SinkContext;
import io.pgcdc.sinks.postgres.transaction.Applier;
import io.pgcdc.sinks.postgres.transaction.BinaryCopy;
import io.pgcdc.sinks.postgres.transaction.TargetSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Appends changes as rows to the target table by COPY. For one thread. */
final class ChangeLogApplier implements Applier {

    private static final long UPKEEP_NANOS = Duration.ofMinutes(10).toNanos();

    private final String sink;
    private final InstantSource clock;
    private final TableName table;
    private final boolean create;
    private final boolean qualifiedNames;
    private final boolean map;
    private final @Nullable String channel;
    private final @Nullable Partitions partitions;
    private @Nullable Work work;
    private boolean replaying;

    /** Objects that live as long as a connection. */
    private static final class Work {

        private final Connection connection;
        private final ChangeLogRow row;
        private final BinaryCopy copy;
        private final MissingRows missing;
        private long bytesAtCommit;
        private long upkeepNanos;

        Work(Connection connection, ChangeLogRow row, BinaryCopy copy, MissingRows missing) {
            this.missing = missing;
            this.connection = connection;
            this.row = row;
            this.copy = copy;
        }
    }

    ChangeLogApplier(SinkContext context, SettingValues settings) {
        sink = context.name();
        clock = context.clock();
        table = ChangeLogSettings.table(settings);
        create = settings.get(TargetSettings.CREATE);
        qualifiedNames = settings.get(ChangeLogSettings.TABLE_NAMES) == ChangeLogSettings.TableNames.QUALIFIED;
        map = settings.get(ChangeLogSettings.WHEN_UNFIT) == ChangeLogSettings.WhenUnfit.MAP;
        channel = settings.find(ChangeLogSettings.NOTIFY);
        Period period = ChangeLogSettings.partition(settings);
        partitions = period == null
                ? null
                : new Partitions(
                        table,
                        period,
                        settings.get(ChangeLogSettings.PARTITIONS_AHEAD),
                        settings.get(ChangeLogSettings.RETAIN),
                        settings.get(ChangeLogSettings.RETAIN_DAYS));
    }

    @Override
    public List<TableName> tables() {
        return List.of(table);
    }

    @Override
    public void connected(Connection connection, int sinkId, boolean onSource) throws SQLException {
        ChangeLogDdl ddl = new ChangeLogDdl(table);
        if (create) {
            ddl.createTable(connection);
        }
        ChangeLogShape shape = ChangeLogShape.read(connection, table, partitions != null);
        if (create && shape.canBeProcessed()) {
            ddl.createFunctions(connection);
        }
        connection.commit();
        String columns = shape.columns().stream().map(Quoted::identifier).collect(Collectors.joining(", "));
        Work fresh = new Work(
                connection,
                new ChangeLogRow(sink, table.toString(), shape, qualifiedNames, map, sinkId),
                new BinaryCopy("COPY " + table.sql() + " (" + columns + ") FROM STDIN (FORMAT binary)"),
                new MissingRows(connection, table, columns));
        work = fresh;
        upkeep(fresh);
    }

    private void upkeep(Work current) throws SQLException {
        if (partitions != null) {
            partitions.upkeep(current.connection, ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));
            current.upkeepNanos = System.nanoTime();
        }
    }

    private Work work() {
        Work current = work;
        if (current == null) {
            throw new IllegalStateException("not connected");
        }
        return current;
    }

    @Override
    public ReplayTerms replayTerms(Connection connection, @Nullable Position has) throws SQLException {
        boolean unique = MissingRows.permits(connection, table);
        connection.commit();
        if (!unique) {
            throw new SinkException(
                    ErrorCode.REPLAY_REFUSED,
                    "table " + table
                            + " has no unique constraint over changed_at, commit_lsn, ordinal, source_id and epoch, so its rows"
                            + " would be there twice. Add the columns and the constraint (docs/how-to/change-log.md).");
        }
        return new ReplayTerms(
                "Rows that are gone from " + table
                        + " are inserted again, not yet processed and with a new change_id; those that are there"
                        + " stay as they are.",
                null,
                false,
                false,
                has);
    }

    @Override
    public void replaying(boolean on) {
        replaying = on;
    }

    @Override
    public boolean take(Change change) throws SQLException {
        Work current = work();
        if (partitions != null && !partitions.covers(change.commitTimeMicros())) {
            send();
            partitions.make(current.connection, change.commitTimeMicros());
        }
        if (replaying) {
            current.missing.begin();
        }
        BinaryCopy copy = replaying ? current.missing.copy() : current.copy;
        boolean taken = current.row.append(change, copy.rows());
        copy.rowAdded(current.connection);
        return taken;
    }

    @Override
    public void send() throws SQLException {
        Work current = work();
        if (replaying) {
            current.missing.send();
        } else {
            current.copy.end(current.connection);
        }
    }

    @Override
    public void discard() {
        Work current = work;
        if (current != null) {
            current.copy.cancel();
            current.missing.discard();
        }
        if (partitions != null) {
            partitions.forget();
        }
    }

    @Override
    public long bytes() {
        Work current = work();
        return current.copy.bytes() + current.missing.copy().bytes() - current.bytesAtCommit;
    }

    @Override
    public void beforeCommit(Position last) throws SQLException {
        if (channel != null) {
            try (PreparedStatement statement = work().connection.prepareStatement("SELECT pg_notify(?, ?)")) {
                statement.setString(1, channel);
                statement.setString(2, last.toString());
                statement.execute();
            }
        }
    }

    @Override
    public boolean settled() throws SQLException {
        Work current = work();
        current.bytesAtCommit = current.copy.bytes() + current.missing.copy().bytes();
        if (System.nanoTime() - current.upkeepNanos > UPKEEP_NANOS) {
            upkeep(current);
        }
        return true;
    }

    @Override
    public String destination(Change change) {
        return "table " + table;
    }
}
