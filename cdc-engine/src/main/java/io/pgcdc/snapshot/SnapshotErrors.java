package io.pgcdc.snapshot;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.session.ServerWords;
import io.pgcdc.session.SourceErrors;
import java.sql.SQLException;
import org.postgresql.util.ServerErrorMessage;

/** The errors of reading a snapshot. */
final class SnapshotErrors {

    private SnapshotErrors() {}

    /** Returns the error of a failed query. */
    static SourceException reading(SQLException e, ChunkQuery query, String where) {
        String said = ServerWords.said(e) + "; while reading " + query + " at " + where + ". ";
        String table = query.table().name().sql();
        String state = String.valueOf(e.getSQLState());
        if (state.startsWith("22") && query.table().where() != null) {
            return new SourceException(
                    ErrorCode.SNAPSHOT_REFUSED,
                    said + "The condition fails for a row. Cancel the snapshot, and order it with another one.",
                    e);
        }
        return switch (state) {
            case "42501" ->
                new SourceException(
                        ErrorCode.PRIVILEGE_MISSING,
                        said
                                + (isRowSecurity(e)
                                        ? "A policy would hide rows. As a superuser: ALTER ROLE ... BYPASSRLS."
                                        : "As the table's owner: GRANT SELECT ON " + table
                                                + " TO that role, and GRANT USAGE ON its schema."),
                        e);
            // the table, a column, its schema or its collation is gone
            case "42P01", "42703", "3F000", "42704" ->
                new SourceException(ErrorCode.SNAPSHOT_TABLE_CHANGED, said.trim(), e);
            default -> SourceErrors.statement(e, "reading " + query + " at " + where);
        };
    }

    /** Returns the error of an import. 14 to 17 have one state for a snapshot whose transaction has ended, 18 has another. */
    static SourceException importing(SQLException e, String where) {
        String state = String.valueOf(e.getSQLState());
        return state.equals("22023") || state.equals("42704")
                ? new SourceException(
                        ErrorCode.SNAPSHOT_GONE,
                        ServerWords.said(e) + "; while importing the slot's snapshot at " + where + ".",
                        e)
                : SourceErrors.statement(e, "importing the slot's snapshot at " + where);
    }

    private static boolean isRowSecurity(SQLException e) {
        ServerErrorMessage message = ServerWords.message(e);
        return message != null && "check_enable_rls".equals(message.getRoutine());
    }

    static SourceException rewritten(ChunkQuery query, String where) {
        return new SourceException(
                ErrorCode.SNAPSHOT_TABLE_CHANGED,
                query.table().name()
                        + " was rewritten (VACUUM FULL, CLUSTER, TRUNCATE or ALTER TABLE), or its publication was altered, while its rows were read; "
                        + where + ".");
    }

    static SourceException gone(String table, String snapshot) {
        return new SourceException(
                ErrorCode.SNAPSHOT_TABLE_CHANGED,
                "table " + table + " of snapshot " + snapshot
                        + " was dropped or renamed, or is not published any more. Publish it again, or cancel the snapshot:"
                        + " cdc snapshot cancel " + snapshot + ".");
    }

    static SourceException needsKey(SnapshotTable table, long limit) {
        return new SourceException(
                ErrorCode.SNAPSHOT_NEEDS_KEY,
                "the rows of " + table.name() + " take more than " + limit
                        + " bytes, and cannot be read in parts while changes are"
                        + " streamed: they have no key, or UPDATE is not published and their key has a type that is not built in. Raise snapshot.chunk_bytes; or add a primary key and start again.");
    }

    static SourceException tooLarge(ChunkQuery query, long bytes, long limit) {
        return new SourceException(
                ErrorCode.ROW_TOO_LARGE,
                "a row of table " + query.table().name() + " has " + bytes + " bytes, max_row_bytes is " + limit
                        + "; in " + query
                        + ". Raise max_row_bytes, or leave the column or the table out of the publication.");
    }
}
