package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.sink.Sink;
import io.pgcdc.sinks.postgres.inbox.InboxSinkProvider;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outboxes and inboxes of other forms: events without a payload, events with a time, tables made by hand. */
class InboxFormsTest {

    /** The inbox of an application that knows nothing of this sink. */
    private static final String SEED = """
            CREATE SCHEMA event_driven;
            CREATE TABLE event_driven.event_inbox (
                event_id BIGSERIAL PRIMARY KEY,
                event_type VARCHAR(100) NOT NULL,
                aggregate_id VARCHAR(200) NOT NULL,
                event_data JSONB NOT NULL,
                source_service VARCHAR(100) NOT NULL,
                status VARCHAR(20) NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'processed', 'failed')),
                processed_at TIMESTAMPTZ,
                created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
            );
            CREATE INDEX idx_event_inbox_status ON event_driven.event_inbox(status, created_at) WHERE status = 'pending';
            """;

    private static final String STEPS = """
            CREATE SCHEMA saga_pattern;
            CREATE TABLE saga_pattern.saga_steps (
                step_id BIGSERIAL PRIMARY KEY, saga_id UUID NOT NULL DEFAULT '00000000-0000-0000-0000-000000000001',
                step_name VARCHAR(100) NOT NULL, request_payload JSONB, executed_at TIMESTAMPTZ);
            """;

    private static final String[] OF_STEPS = {
        "outbox_table=saga_pattern.saga_steps",
        "id_column=step_id",
        "type_column=step_name",
        "aggregate_column=saga_id",
        "payload_column=request_payload",
        "message_prefix=steps"
    };

    private static final String DATA =
            "SELECT event_type || ' ' || coalesce(event_data::text, 'NULL') FROM event_driven.event_inbox ORDER BY event_id";

    private static final String TIMES =
            "SELECT event_type || ' ' || CASE WHEN occurred_at > now() - interval '1 day' THEN 'now'"
                    + " ELSE to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') END"
                    + " FROM event_driven.event_inbox ORDER BY event_id";

    @TempDir
    Path directory;

    private TargetDatabase source;
    private TargetDatabase target;

    @BeforeEach
    void createDatabases() {
        source = new TargetDatabase(18);
        target = new TargetDatabase(18);
        source.sql(STEPS, "CREATE PUBLICATION captured FOR ALL TABLES");
        ReplicaTest.slot(source);
    }

    @AfterEach
    void dropDatabases() {
        source.close();
        target.close();
    }

    private Sink inbox(String... settings) {
        List<String> all = new ArrayList<>(List.of("source_service=sagas"));
        all.addAll(List.of(OF_STEPS));
        all.addAll(List.of(settings));
        return target.sink(new InboxSinkProvider(), all.toArray(String[]::new));
    }

    private void bring(boolean deadLetters, String... settings) {
        new Captured(source, directory.resolve("queue"), deadLetters).bringTo(Map.of("inbox", inbox(settings)));
    }

    private void message(String json) {
        source.sql("SELECT pg_logical_emit_message(true, 'steps', '" + json + "')");
    }

    private void step(String name, String payload) {
        source.sql("INSERT INTO saga_pattern.saga_steps (step_name, request_payload) VALUES ('" + name + "', " + payload
                + ")");
    }

    private void runPrinted(CdcException e) {
        assertEquals(ErrorCode.TARGET_MISFIT, e.code());
        Matcher sql = Pattern.compile("Run there: (.*;) Then start again\\.").matcher(e.getMessage());
        assertTrue(sql.find(), e.getMessage());
        target.sql(sql.group(1));
    }

    @Test
    void anEventWithoutAPayloadIsJsonNullIfTheColumnMustNotBeNull() {
        step("empty", "NULL");
        step("json", "'null'");
        step("full", "'{\"a\": 1}'");
        message("{\"step_name\": \"without\", \"saga_id\": 1}");
        message("{\"step_name\": \"with\", \"saga_id\": 1, \"request_payload\": null}");
        bring(false, "create=true");
        assertEquals(
                List.of("empty null", "json null", "full {\"a\": 1}", "without null", "with null"), target.list(DATA));
        message("{\"saga_id\": 1, \"request_payload\": {}}");
        CdcException e = assertThrows(CdcException.class, () -> bring(false, "create=true"));
        assertEquals(ErrorCode.CHANGE_REFUSED, e.code());
        assertTrue(e.getMessage().contains("its content has no key step_name"), e.getMessage());
    }

    @Test
    void anEventWithoutAPayloadIsNullIfTheColumnMayBe() {
        step("before", "NULL");
        bring(false, "create=true");
        target.sql("ALTER TABLE event_driven.event_inbox ALTER event_data DROP NOT NULL");
        step("empty", "NULL");
        step("json", "'null'");
        message("{\"step_name\": \"without\", \"saga_id\": 1}");
        bring(false, "create=true");
        assertEquals(List.of("before null", "empty NULL", "json null", "without NULL"), target.list(DATA));
        // the first event comes again: NULL and the JSON null are the same content
        target.sql("UPDATE pgcdc.sink_positions SET epoch = NULL, commit_lsn = NULL, ordinal = NULL");
        new Captured(source, directory.resolve("anew")).bringTo(Map.of("inbox", inbox("create=true")));
        assertEquals("4", target.ask("SELECT count(*) FROM event_driven.event_inbox"));
    }

    @Test
    void anEventsOwnTimeCountsAndThatOfItsCommitOtherwise() {
        target.sql("ALTER DATABASE " + target.name() + " SET TimeZone = 'Asia/Tokyo'");
        source.sql("INSERT INTO saga_pattern.saga_steps (step_name, executed_at) VALUES"
                + " ('own', '2020-02-29 04:05:06.789012+05:30'), ('commit', NULL)");
        message("{\"step_name\": \"message\", \"saga_id\": 1, \"executed_at\": \"2020-02-29T04:05:06Z\"}");
        message("{\"step_name\": \"local\", \"saga_id\": 1, \"executed_at\": \"2020-02-29 04:05\"}");
        message("{\"step_name\": \"none\", \"saga_id\": 1}");
        bring(false, "create=true", "time_column=executed_at");
        step("unset", "NULL");
        bring(false, "create=true");
        assertEquals(
                List.of(
                        "own 2020-02-28 22:35:06.789012",
                        "commit now",
                        "message 2020-02-29 04:05:06.000000",
                        "local 2020-02-29 04:05:00.000000",
                        "none now",
                        "unset now"),
                target.list(TIMES));
    }

    /** PostgreSQL would take the first two, and make another time of them. */
    @Test
    void aTimeThatIsNoTimestampIsRefusedByName() throws Exception {
        for (String time : List.of("\"now\"", "1700001231", "\"2021-02-29\"", "{}")) {
            message("{\"step_name\": \"bad\", \"saga_id\": 1, \"executed_at\": " + time + "}");
        }
        message("{\"step_name\": \"good\", \"saga_id\": 1, \"executed_at\": \"infinity\"}");
        CdcException e = assertThrows(CdcException.class, () -> bring(false, "create=true", "time_column=executed_at"));
        assertEquals(ErrorCode.CHANGE_REFUSED, e.code());
        assertTrue(
                e.getMessage().contains("its executed_at, which time_column names, is not a timestamp"),
                e.getMessage());
        bring(true, "create=true", "time_column=executed_at");
        assertEquals(
                List.of("good infinity"),
                target.list("SELECT event_type || ' ' || occurred_at FROM event_driven.event_inbox"));
        assertEquals(
                4,
                Files.readAllLines(directory.resolve("queue/dead-letters/inbox.jsonl"))
                        .size());
    }

    @Test
    void anInboxMadeByHandWorksAfterThePrintedSql() {
        target.sql(SEED, "CREATE SCHEMA pgcdc");
        step("first", "'{}'");
        runPrinted(assertThrows(CdcException.class, () -> bring(false, "create=true")));
        bring(false, "create=true", "time_column=executed_at"); // without occurred_at
        assertEquals(
                "1 first {} sagas 1 pending",
                target.ask(
                        "SELECT concat_ws(' ', event_id, event_type, event_data, source_service, source_event_id, status)"
                                + " FROM event_driven.event_inbox"));
        assertEquals(
                "true",
                target.ask(
                        "SELECT attnotnull::text FROM pg_attribute WHERE attrelid = 'event_driven.event_inbox'::regclass"
                                + " AND attname = 'source_event_id'"));
        target.sql("ALTER TABLE event_driven.event_inbox ADD COLUMN occurred_at TIMESTAMPTZ");
        step("second", "'{}'");
        bring(false, "create=true");
        assertEquals(
                List.of("first null", "second now"),
                target.list("SELECT event_type || ' ' || CASE WHEN occurred_at IS NULL THEN 'null' ELSE 'now' END"
                        + " FROM event_driven.event_inbox ORDER BY event_id"));
    }

    @Test
    void anInboxWithRowsWorksAfterThePrintedSql() {
        target.sql(
                SEED,
                "INSERT INTO event_driven.event_inbox (event_type, aggregate_id, event_data, source_service)"
                        + " VALUES ('T', 'a', '{}', 'sagas'), ('T', 'a', '{}', 'sagas')");
        step("first", "'{}'");
        runPrinted(assertThrows(CdcException.class, () -> bring(false, "create=true")));
        bring(false, "create=true");
        assertEquals("3", target.ask("SELECT count(*) FROM event_driven.event_inbox"));
    }
}
