package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ConfigException;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.sink.Sink;
import io.pgcdc.sinks.postgres.inbox.InboxSinkProvider;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An outbox of which only some rows are events, and one whose events are changes of a status. */
class OutboxConditionTest {

    @TempDir
    Path directory;

    private TargetDatabase source;
    private TargetDatabase target;
    private Captured captured;

    @BeforeEach
    void createDatabases() {
        source = new TargetDatabase(18);
        target = new TargetDatabase(18);
        source.sql("CREATE PUBLICATION captured FOR ALL TABLES");
        ReplicaTest.slot(source);
        captured = new Captured(source, directory.resolve("queue"));
    }

    @AfterEach
    void dropDatabases() {
        source.close();
        target.close();
    }

    private void bring(String... settings) {
        Sink sink = target.sink(new InboxSinkProvider(), settings);
        captured.bringTo(Map.of("inbox", sink));
    }

    private List<String> inbox() {
        return target.list("SELECT concat_ws('|', event_type, aggregate_id, event_data, source_event_id)"
                + " FROM event_driven.event_inbox ORDER BY event_id");
    }

    /** The table of a saga's steps: a step that begins is an event of the service that does it. */
    @Test
    void aRowThatGetsAStatusIsAnEvent() {
        source.sql(
                "CREATE SCHEMA saga_pattern",
                "CREATE TABLE saga_pattern.saga_steps (step_id bigserial PRIMARY KEY, saga_id text NOT NULL, step_name text NOT NULL,"
                        + " service_name text NOT NULL, status text NOT NULL, request_payload jsonb, note text)",
                "ALTER TABLE saga_pattern.saga_steps REPLICA IDENTITY FULL");
        String[] settings = {
            "create=true",
            "source_service=orders",
            "outbox_table=saga_pattern.saga_steps",
            "id_column=step_id",
            "type_column=step_name",
            "aggregate_column=saga_id",
            "payload_column=request_payload",
            "where=new.service_name == 'users' && new.status == 'executing' && (old == null || old.status != 'executing')",
        };
        String insert =
                "INSERT INTO saga_pattern.saga_steps (saga_id, step_name, service_name, status, request_payload) VALUES ";
        source.sql(
                insert
                        + "('s-1', 'reserve', 'users', 'executing', '{\"amount\": 5}'), ('s-1', 'ship', 'orders', 'executing', NULL),"
                        + " ('s-2', 'reserve', 'users', 'pending', NULL)",
                "UPDATE saga_pattern.saga_steps SET note = 'seen'",
                "UPDATE saga_pattern.saga_steps SET status = 'executing' WHERE saga_id = 's-2'",
                "UPDATE saga_pattern.saga_steps SET status = 'completed'",
                "DELETE FROM saga_pattern.saga_steps");
        bring(settings);
        assertEquals(List.of("reserve|s-1|{\"amount\": 5}|1", "reserve|s-2|null|3"), inbox());
    }

    @Test
    void aConditionOnRowsLeavesUpdatesAlone() {
        source.sql(
                "CREATE SCHEMA event_driven",
                "CREATE TABLE event_driven.event_outbox (event_id bigserial PRIMARY KEY, event_type text, aggregate_id text, event_data jsonb)",
                "INSERT INTO event_driven.event_outbox (event_type, aggregate_id, event_data) VALUES ('Sold', 'a', '{\"n\": 2}'),"
                        + " ('Sold', 'b', '{\"n\": 1}'), ('Internal', 'c', '{\"n\": 9}')",
                "UPDATE event_driven.event_outbox SET event_data = '{\"n\": 5}' WHERE aggregate_id = 'b'");
        bring("create=true", "source_service=orders", "where=new.event_type != 'Internal' && new.event_data.n > 1");
        assertEquals(List.of("Sold|a|{\"n\": 2}|1"), inbox());
    }

    /** The mark is an UPDATE of the outbox. */
    @Test
    void marksAndUpdatesAsEventsExcludeEachOther() {
        ConfigException e = assertThrows(
                ConfigException.class,
                () -> bring("source_service=orders", "publish_url=" + source.url(), "where=kind != 'DELETE'"));
        assertTrue(e.getMessage().contains("a mark could be an event"), e.getMessage());
    }
}
