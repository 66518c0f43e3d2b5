package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.sinks.postgres.projection.ProjectionSinkProvider;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A source whose tables a test alters, a replica that follows them, and what is printed run as it is printed. */
abstract class AlteredSource {

    private static final String ROWS = "INSERT INTO %s (id, v) SELECT g, 'v' || g FROM generate_series(1, 3) g";

    @TempDir
    Path directory;

    private @Nullable TargetDatabase source;
    private @Nullable TargetDatabase target;

    @AfterEach
    void dropDatabases() {
        if (source != null && target != null) {
            source.close();
            target.close();
        }
    }

    final TargetDatabase source() {
        return assertNotNull2(source);
    }

    final TargetDatabase target() {
        return assertNotNull2(target);
    }

    private static TargetDatabase assertNotNull2(@Nullable TargetDatabase database) {
        assertNotNull(database);
        return database;
    }

    final void start(int version) {
        source = new TargetDatabase(version);
        target = new TargetDatabase(version);
        source().sql("CREATE PUBLICATION captured FOR ALL TABLES");
        ReplicaTest.slot(source());
    }

    final void bring(String... settings) {
        new Captured(source(), directory.resolve("queue"))
                .bringTo(Map.of("replica", target().sink(new ProjectionSinkProvider(), settings)));
    }

    final void createTable(String table) {
        source().sql("CREATE TABLE " + table + " (id int PRIMARY KEY, u varchar(10), v text)", ROWS.formatted(table));
    }

    /** Starts the sink, and runs the SQL that it prints each time it stops. Returns the first error. */
    final CdcException runPrintedSql(String... settings) {
        CdcException first = assertThrows(CdcException.class, () -> bring(settings));
        CdcException e = first;
        for (int stops = 0; e != null; stops++) {
            assertTrue(stops < 40, e.getMessage());
            run(target(), e, "In the target: (.*?;) Then start again\\.");
            run(source(), e, "On the source, to have all rows sent again: (.*;)$");
            e = tryToBring(settings);
        }
        return first;
    }

    final @Nullable CdcException tryToBring(String... settings) {
        try {
            bring(settings);
            return null;
        } catch (CdcException e) {
            return e;
        }
    }

    static void run(TargetDatabase where, CdcException e, String pattern) {
        Matcher sql = Pattern.compile(pattern).matcher(String.valueOf(e.getMessage()));
        if (sql.find()) {
            where.sql(sql.group(1));
        }
    }

    final String contents(TargetDatabase database, String table) {
        String names = source().ask(
                        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attname) FROM pg_attribute WHERE attrelid = '"
                                + table + "'::regclass AND attnum > 0 AND NOT attisdropped");
        return database.list("SELECT row(" + names + ")::text FROM " + table + " ORDER BY 1")
                .toString();
    }
}
