package io.pgcdc.sinks.postgres.changelog;

import io.pgcdc.model.TableName;
import io.pgcdc.sinks.postgres.transaction.BinaryCopy;
import io.pgcdc.sinks.postgres.transaction.Ddl;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Inserts those of many rows that the log does not have, in a replay: they are copied into a temporary table first, because COPY cannot leave rows out.
 * For one thread.
 */
final class MissingRows {

    private static final String WAITING = "pg_temp.pgcdc_replayed";

    /** Finds a unique index by which the rows of a replay can be compared. */
    private static final String COMPARABLE = """
            SELECT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = to_regclass(?) AND i.indisunique AND i.indpred IS NULL AND i.indimmediate
                AND (SELECT array_agg(attname::text ORDER BY attname) FROM pg_attribute a
                    WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey))
                = ARRAY['changed_at', 'commit_lsn', 'epoch', 'ordinal', 'source_id'])""";

    private final Connection connection;
    private final String table;
    private final String columns;
    private final BinaryCopy copy;

    /** True if the temporary table exists in this transaction. */
    private boolean begun;

    /** @param columns quoted, in the order of a row */
    MissingRows(Connection connection, TableName table, String columns) {
        this.connection = connection;
        this.table = table.sql();
        this.columns = columns;
        copy = new BinaryCopy("COPY " + WAITING + " (" + columns + ") FROM STDIN (FORMAT binary)");
    }

    /** Returns true if the log can tell which rows it has. */
    static boolean permits(Connection connection, TableName table) throws SQLException {
        return Ddl.isTrue(connection, COMPARABLE, table.sql());
    }

    /** Returns what copies the rows. */
    BinaryCopy copy() {
        return copy;
    }

    /** Prepares for rows. Call it before the first one. */
    void begin() throws SQLException {
        if (!begun) {
            execute("DROP TABLE IF EXISTS " + WAITING);
            execute("CREATE TEMPORARY TABLE pgcdc_replayed ON COMMIT DROP AS SELECT " + columns + " FROM " + table
                    + " WITH NO DATA");
            begun = true;
        }
    }

    /** Inserts the rows that are missing. */
    void send() throws SQLException {
        if (begun) {
            copy.end(connection);
            execute("INSERT INTO " + table + " (" + columns + ") SELECT " + columns + " FROM " + WAITING
                    + " ORDER BY commit_lsn, ordinal ON CONFLICT DO NOTHING");
            execute("DROP TABLE " + WAITING);
            begun = false;
        }
    }

    /** Forgets rows that were not sent. The transaction may have been rolled back. */
    void discard() {
        copy.cancel();
        begun = false;
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
