package io.pgcdc.sinks.postgres;

import io.pgcdc.servers.testing.Soak;
import io.pgcdc.sinks.postgres.projection.ProjectionSinkProvider;
import io.pgcdc.testkit.sink.FaultyTarget;
import io.pgcdc.testkit.sink.SinkContract;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A replica of the kit's table on a real server whose connections are cut; with a column that counts changes, so that none counts twice. */
class ProjectionContractTest extends SinkContract {

    private static TargetDatabase database;

    @BeforeAll
    static void createDatabase() {
        database = new TargetDatabase(18);
        database.sql(
                "CREATE SCHEMA kit",
                "CREATE TABLE kit.items (id int PRIMARY KEY, note text, body text NOT NULL, version int NOT NULL)");
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
                new ProjectionSinkProvider(),
                List.of("kit.items", "pgcdc.sink_positions"),
                "SELECT '0/0:' || row_number() OVER (ORDER BY id), to_jsonb(i) FROM kit.items i ORDER BY id",
                "create=true",
                "version_column=version",
                "commit_bytes=20000");
    }
}
