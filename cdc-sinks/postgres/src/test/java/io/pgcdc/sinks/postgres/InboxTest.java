package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.pipeline.Captured;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import io.pgcdc.sinks.postgres.inbox.InboxSinkProvider;
import io.pgcdc.testkit.sink.TestChanges;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events from services' outboxes in another service's inbox. */
class InboxTest {

    private static final String OUTBOX = """
            CREATE SCHEMA event_driven;
            CREATE TABLE event_driven.event_outbox (
                event_id BIGSERIAL PRIMARY KEY, event_type VARCHAR(100) NOT NULL, aggregate_id VARCHAR(200) NOT NULL,
                event_data JSONB NOT NULL,
                status VARCHAR(20) NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'published', 'failed')),
                retry_count INTEGER DEFAULT 0, published_at TIMESTAMPTZ, created_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP)
            """;

    private static final String EVENTS =
            "SELECT concat_ws('|', source_service, source_event_id, event_type, aggregate_id, event_data, status)"
                    + " FROM event_driven.event_inbox ORDER BY event_id";

    /** The id of a transaction that this makes is one that any server has finished. */
    private static final long LONG_AGO = 10_000_000;

    @TempDir
    Path directory;

    private TargetDatabase orders;
    private TargetDatabase target;

    @BeforeEach
    void createDatabases() {
        orders = service();
        target = new TargetDatabase(18);
    }

    private static TargetDatabase service() {
        TargetDatabase service = new TargetDatabase(18);
        service.sql(OUTBOX, "CREATE PUBLICATION captured FOR ALL TABLES");
        ReplicaTest.slot(service);
        return service;
    }

    @AfterEach
    void dropDatabases() {
        orders.close();
        target.close();
    }

    private static void publish(TargetDatabase service, String type, String aggregate, String json) {
        service.sql("INSERT INTO event_driven.event_outbox (event_type, aggregate_id, event_data) VALUES ('" + type
                + "', '" + aggregate + "', '" + json + "')");
    }

    private Sink inbox(String service, String... settings) {
        return inboxOf("kit", service, settings);
    }

    private Sink inboxOf(String sink, String service, String... settings) {
        List<String> all = new java.util.ArrayList<>(List.of("create=true", "source_service=" + service));
        all.addAll(List.of(settings));
        return target.sinkOf(sink, new InboxSinkProvider(), all.toArray(String[]::new));
    }

    private Captured captured(TargetDatabase service) {
        return new Captured(service, directory.resolve(service.name()));
    }

    @Test
    void eventsOfTwoServicesWithEqualIdsArriveOnceEach() {
        try (TargetDatabase users = service()) {
            publish(orders, "OrderPlaced", "o-1", "{\"total\": 12.50}");
            publish(users, "UserMade", "u-1", "{\"name\": \"Ada\"}");
            orders.sql(
                    "UPDATE event_driven.event_outbox SET retry_count = 1",
                    "BEGIN; INSERT INTO event_driven.event_outbox (event_type, aggregate_id, event_data) VALUES ('Gone', 'o-2', '[1]');"
                            + " DELETE FROM event_driven.event_outbox WHERE event_type = 'Gone'; COMMIT",
                    "CREATE TABLE other (id int PRIMARY KEY)",
                    "INSERT INTO other VALUES (1)");
            captured(orders).bringTo(Map.of("inbox", inbox("orders")));
            captured(users).bringTo(Map.of("inbox", inbox("users")));
            assertEquals(
                    List.of(
                            "orders|1|OrderPlaced|o-1|{\"total\": 12.50}|pending",
                            "orders|2|Gone|o-2|[1]|pending",
                            "users|1|UserMade|u-1|{\"name\": \"Ada\"}|pending"),
                    target.list(EVENTS));
            // even where the position was lost, an event is not there twice
            target.sql("UPDATE pgcdc.sink_positions SET epoch = NULL, commit_lsn = NULL, ordinal = NULL");
            new Captured(orders, directory.resolve("anew")).bringTo(Map.of("inbox", inbox("orders")));
            assertEquals("3", target.ask("SELECT count(*) FROM event_driven.event_inbox"));
        }
    }

    @Test
    void rowsThatExistAreEventsIfTheSinkIsTold() {
        try (TargetDatabase users = new TargetDatabase(18)) {
            users.sql(OUTBOX, "CREATE PUBLICATION captured FOR ALL TABLES");
            publish(users, "UserMade", "u-1", "{}");
            Map<String, Sink> sinks = new LinkedHashMap<>();
            sinks.put("untold", inboxOf("untold", "untold"));
            sinks.put("told", inboxOf("told", "told", "existing_rows=true", "publish_url=" + users.url()));
            Captured captured = captured(users).withRows(0);
            captured.bringTo(sinks);
            publish(users, "UserMade", "u-2", "{}");
            captured.bringTo(sinks);
            assertEquals(
                    List.of(
                            "told|1|UserMade|u-1|{}|pending",
                            "told|2|UserMade|u-2|{}|pending",
                            "untold|2|UserMade|u-2|{}|pending"),
                    target.list(EVENTS.replace("BY event_id", "BY source_service, source_event_id")));
            assertEquals(
                    List.of("published", "published"),
                    users.list("SELECT status FROM event_driven.event_outbox ORDER BY event_id"));
        }
    }

    @Test
    void messagesAreEventsWithoutATable() {
        orders.sql(
                "SELECT pg_logical_emit_message(true, 'events',"
                        + " '{\"event_type\": \"T \\u00e4\", \"event_id\": 7, \"aggregate_id\": \"a\", \"event_data\": {\"x\": [1, 2]}, \"more\": {}}')",
                "SELECT pg_logical_emit_message(false, 'events', '{\"event_type\":\"S\",\"aggregate_id\":2,\"event_data\":\"text\"}')",
                "SELECT pg_logical_emit_message(true, 'of somebody else', 'no event')");
        captured(orders).bringTo(Map.of("inbox", inbox("orders", "message_prefix=events")));
        List<String> events = target.list(EVENTS);
        assertEquals(2, events.size(), events.toString());
        assertEquals("orders|7|T ä|a|{\"x\": [1, 2]}|pending", events.get(0));
        assertTrue(
                events.get(1).matches("orders\\|[0-9A-F]+/[0-9A-F]+:-1\\|S\\|2\\|\"text\"\\|pending"), events.get(1));
    }

    @Test
    void debeziumsColumnsWorkByName() {
        orders.sql(
                "CREATE TABLE outbox (id uuid PRIMARY KEY, aggregatetype varchar(255) NOT NULL, aggregateid varchar(255) NOT NULL,"
                        + " type varchar(255) NOT NULL, payload text)",
                "INSERT INTO outbox VALUES ('00000000-0000-0000-0000-000000000001', 'order', 'o-1', 'Placed', '{\"a\": 1}')");
        captured(orders)
                .bringTo(Map.of(
                        "inbox",
                        inbox(
                                "orders",
                                "outbox_table=public.outbox",
                                "id_column=id",
                                "type_column=type",
                                "aggregate_column=aggregateid",
                                "payload_column=payload")));
        assertEquals(
                List.of("orders|00000000-0000-0000-0000-000000000001|Placed|o-1|{\"a\": 1}|pending"),
                target.list(EVENTS));
    }

    @Test
    void rowsAreMarkedAsPublishedOnceTheirEventsAreDurable() {
        for (int i = 1; i <= 20; i++) {
            publish(orders, "T", "a" + i, "{}");
        }
        String marked =
                "SELECT count(*) || ' ' || count(published_at) FROM event_driven.event_outbox WHERE status = 'published'";
        String url = "publish_url=" + orders.url();
        captured(orders).bringTo(Map.of("inbox", inbox("orders", url)));
        assertEquals("20 20", orders.ask(marked));
    }

    /**
     * The server sends a transaction that waits for its standby, and nobody there can see it. A row that is not found is marked later,
     * also by the next process; one that was deleted is not waited for.
     */
    @Test
    void aRowIsMarkedOnceItsTransactionCanBeSeen() throws Exception {
        String marked =
                "SELECT string_agg(aggregate_id || ' ' || status, ', ' ORDER BY event_id) FROM event_driven.event_outbox";
        String events = "SELECT count(*) FROM event_driven.event_inbox";
        String url = "publish_url=" + orders.url();
        target.sql("ALTER DATABASE " + target.name() + " SET synchronous_commit = local");
        captured(orders).bringTo(Map.of("inbox", inbox("orders", url)));
        try (AbsentStandby standby = new AbsentStandby(orders)) {
            publish(orders, "T", "seen", "{}");
            publish(orders, "T", "deleted", "{}");
            orders.sql("DELETE FROM event_driven.event_outbox WHERE aggregate_id = 'deleted'");
            standby.commitWaiting("INSERT INTO event_driven.event_outbox (event_type, aggregate_id, event_data)"
                    + " SELECT 'T', 'waits' || i, '{}' FROM generate_series(1, 3) i");
            Pipeline first = captured(orders).pipeline(Map.of("inbox", inbox("orders", url)));
            Thread run = new Thread(first::run);
            run.start();
            Await.until("all events", () -> target.ask(events).equals("5"));
            Await.until("the mark of what is seen", () -> orders.ask(marked).equals("seen published"));
            first.control().stop();
            run.join();
        }
        assertEquals("seen published, waits1 pending, waits2 pending, waits3 pending", orders.ask(marked));
        captured(orders).bringTo(Map.of("inbox", inbox("orders", url)));
        assertEquals("seen published, waits1 published, waits2 published, waits3 published", orders.ask(marked));
        assertEquals("5", target.ask(events));
    }

    /** Before the row can be seen, the inbox commits nothing: its position would pass over an event that is not marked. */
    @Test
    void aRefusedRowIsMarkedOnceItsTransactionCanBeSeen() throws Exception {
        String marked = "SELECT string_agg(concat_ws(' ', aggregate_id, status, retry_count), ', ' ORDER BY event_id)"
                + " FROM event_driven.event_outbox";
        String url = "publish_url=" + orders.url();
        target.sql("ALTER DATABASE " + target.name() + " SET synchronous_commit = local");
        captured(orders).bringTo(Map.of("inbox", inbox("orders", url)));
        target.sql("ALTER TABLE event_driven.event_inbox ADD CHECK (aggregate_id <> 'bad')");
        Pipeline run = new Captured(orders, directory.resolve(orders.name()), true)
                .pipeline(Map.of("inbox", inbox("orders", url)));
        Thread thread = new Thread(run::run);
        try (AbsentStandby standby = new AbsentStandby(orders)) {
            publish(orders, "T", "seen", "{}");
            standby.commitWaiting("INSERT INTO event_driven.event_outbox (event_type, aggregate_id, event_data)"
                    + " VALUES ('T', 'good', '{}'), ('T', 'bad', '{}')");
            thread.start();
            Path letters = directory.resolve(orders.name() + "/dead-letters/inbox.jsonl");
            Await.until("the refusal", () -> Files.exists(letters));
            Await.until(
                    "the wait for the row",
                    () -> run.status().sinks().get(0).trouble() instanceof CdcException e
                            && e.code() == ErrorCode.SOURCE_NOT_VISIBLE);
            assertEquals(List.of(), target.list("SELECT FROM event_driven.event_inbox WHERE aggregate_id = 'good'"));
        }
        run.control().stopWhenCaughtUp();
        thread.join();
        assertEquals("seen published 0, good published 0, bad failed 1", orders.ask(marked));
        assertEquals("2", target.ask("SELECT count(*) FROM event_driven.event_inbox"));
    }

    /** The inbox has the event, and the source does not answer: the event comes again, and only the mark is made up for. */
    @Test
    void aRowIsMarkedLaterWhenTheSourceCannotBeReached() {
        orders.sql(
                "CREATE SCHEMA kit",
                "CREATE TABLE kit.items (id text PRIMARY KEY, v jsonb, status text DEFAULT 'pending', published_at timestamptz)",
                "INSERT INTO kit.items VALUES ('1', '{}')");
        Sink sink = inbox(
                "orders",
                "outbox_table=kit.items",
                "id_column=id",
                "type_column=id",
                "aggregate_column=id",
                "payload_column=v",
                "publish_url=" + orders.url());
        sink.open(TargetDatabase.SOURCE);
        TestChanges event = new TestChanges(LONG_AGO).insert("1", "{}");
        orders.proxy().refuse();
        sink.write(event.batch());
        CdcException e = assertThrows(CdcException.class, sink::flush);
        assertEquals(ErrorCode.TARGET_LOST, e.code());
        assertEquals("1", target.ask("SELECT count(*) FROM event_driven.event_inbox"));
        assertEquals("pending", orders.ask("SELECT status FROM kit.items"));
        orders.proxy().accept();
        sink.write(event.batch());
        assertEquals(Durability.DURABLE, sink.flush());
        sink.close();
        assertEquals("1", target.ask("SELECT count(*) FROM event_driven.event_inbox"));
        assertEquals("published", orders.ask("SELECT status FROM kit.items WHERE published_at IS NOT NULL"));
    }

    @Test
    void whatIsNoEventIsRefusedOrPutAside() throws Exception {
        orders.sql(
                "SELECT pg_logical_emit_message(true, 'events', 'not JSON')",
                "SELECT pg_logical_emit_message(true, 'events', '{\"event_type\":\"T\"}')",
                "SELECT pg_logical_emit_message(true, 'events', '{\"event_type\":\"T\",\"aggregate_id\":\"a\",\"event_data\":{}}')");
        CdcException e = assertThrows(
                CdcException.class,
                () -> captured(orders).bringTo(Map.of("inbox", inbox("orders", "message_prefix=events"))));
        assertEquals(ErrorCode.CHANGE_REFUSED, e.code());
        assertTrue(e.getMessage().contains("its content is not a JSON object"), e.getMessage());
        new Captured(orders, directory.resolve(orders.name()), true)
                .bringTo(Map.of("inbox", inbox("orders", "message_prefix=events")));
        assertEquals("1", target.ask("SELECT count(*) FROM event_driven.event_inbox"));
        assertEquals(
                2,
                Files.readAllLines(directory.resolve(orders.name() + "/dead-letters/inbox.jsonl"))
                        .size());
    }

    /** The outbox was emptied, and gives its ids again. */
    @Test
    void aUsedIdWithOtherContentIsRefusedByName() {
        publish(orders, "Placed", "o-1", "{\"total\": 1.0}");
        captured(orders).bringTo(Map.of("inbox", inbox("orders")));
        orders.sql("TRUNCATE event_driven.event_outbox RESTART IDENTITY");
        publish(orders, "Placed", "o-1", "{\"total\":  1.0}"); // equal as jsonb: a repeat
        publish(orders, "Placed", "o-2", "{}");
        orders.sql("TRUNCATE event_driven.event_outbox RESTART IDENTITY");
        publish(orders, "Placed", "o-3", "{}");
        CdcException e =
                assertThrows(CdcException.class, () -> captured(orders).bringTo(Map.of("inbox", inbox("orders"))));
        assertEquals(ErrorCode.CHANGE_REFUSED, e.code());
        assertTrue(e.getMessage().contains("an event of this id with another content"), e.getMessage());
        assertTrue(e.getMessage().contains("write identity: position"), e.getMessage());
        captured(orders).bringTo(Map.of("inbox", inbox("orders", "identity=position")));
        captured(orders).bringTo(Map.of("inbox", inbox("orders", "identity=position")));
        assertEquals(
                List.of("o-1", "o-1", "o-2", "o-3"),
                target.list("SELECT aggregate_id FROM event_driven.event_inbox ORDER BY 1"));
    }

    @Test
    void anInboxWithoutTheSourcesIdIsRefusedByName() {
        target.sql("CREATE SCHEMA event_driven", "CREATE SCHEMA pgcdc", """
                CREATE TABLE event_driven.event_inbox (event_id BIGSERIAL PRIMARY KEY, event_type VARCHAR(100) NOT NULL,
                    aggregate_id VARCHAR(200) NOT NULL, event_data JSONB NOT NULL, source_service VARCHAR(100) NOT NULL)""");
        CdcException e = assertThrows(CdcException.class, () -> inbox("orders").open(TargetDatabase.SOURCE));
        assertEquals(ErrorCode.TARGET_MISFIT, e.code());
        assertTrue(e.getMessage().contains("has no column source_event_id"), e.getMessage());
        target.sql("ALTER TABLE event_driven.event_inbox ADD source_event_id TEXT");
        e = assertThrows(CdcException.class, () -> inbox("orders").open(TargetDatabase.SOURCE));
        assertTrue(
                e.getMessage().contains("has no unique constraint on (source_service, source_event_id)"),
                e.getMessage());
        target.sql("ALTER TABLE event_driven.event_inbox ADD UNIQUE (source_event_id, source_service)");
        inbox("orders").open(TargetDatabase.SOURCE);
    }
}
