package io.pgcdc.sinks.postgres;

import io.pgcdc.servers.testing.Soak;
import io.pgcdc.sinks.postgres.changelog.ChangeLogSinkProvider;
import io.pgcdc.testkit.sink.FaultyTarget;
import io.pgcdc.testkit.sink.HistoryContract;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A change_logs table on a real server whose connections are cut. */
class ChangeLogContractTest extends HistoryContract {

    private static TargetDatabase database;

    @BeforeAll
    static void createDatabase() {
        database = new TargetDatabase(18);
    }

    @AfterAll
    static void dropDatabase() {
        database.close();
    }

    /** Each takes a second. */
    @Override
    protected int crashes() {
        return Soak.count(6, 60);
    }

    @Override
    protected FaultyTarget newTarget() {
        return new PostgresTarget(
                database,
                new ChangeLogSinkProvider(),
                List.of("cdc_pattern.change_logs", "pgcdc.sink_positions"),
                "SELECT commit_lsn || ':' || CASE WHEN ordinal < -1 THEN 'r' || ordinal + 9223372036854775808 ELSE ordinal::text END,"
                        + " to_jsonb(c) - 'change_id' - 'source_id'"
                        + " FROM cdc_pattern.change_logs c ORDER BY change_id",
                "create=true",
                "partitions_ahead=0",
                "commit_bytes=20000");
    }
}
