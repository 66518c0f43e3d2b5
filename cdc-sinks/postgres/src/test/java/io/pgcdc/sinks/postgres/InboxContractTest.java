package io.pgcdc.sinks.postgres;

import io.pgcdc.servers.testing.Soak;
import io.pgcdc.sinks.postgres.inbox.InboxSinkProvider;
import io.pgcdc.testkit.sink.FaultyTarget;
import io.pgcdc.testkit.sink.SinkContract;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** An inbox on a real server whose connections are cut; every row that is inserted into the kit's table is an event. */
class InboxContractTest extends SinkContract {

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
                new InboxSinkProvider(),
                List.of("event_driven.event_inbox", "pgcdc.sink_positions"),
                "SELECT '0/0:' || row_number() OVER (ORDER BY event_id), to_jsonb(i) - 'event_id' - 'created_at'"
                        + " FROM event_driven.event_inbox i ORDER BY event_id",
                "create=true",
                "source_service=kit",
                "outbox_table=kit.items",
                "id_column=id",
                "type_column=id",
                "aggregate_column=id",
                "payload_column=id",
                "commit_bytes=20");
    }
}
