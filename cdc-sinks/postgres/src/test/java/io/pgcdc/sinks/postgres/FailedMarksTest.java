package io.pgcdc.sinks.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.servers.PgServer;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.RefusedChangeException;
import io.pgcdc.sink.Sink;
import io.pgcdc.sinks.postgres.inbox.InboxSinkProvider;
import io.pgcdc.testkit.sink.TestChanges;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows of an outbox whose events the inbox refuses. The outbox is kit.items, so that a test makes its changes itself. */
class FailedMarksTest {

    /** The id of a transaction that this makes is one that any server has finished. */
    private static final long LONG_AGO = 10_000_000;

    private static final String MARKS =
            "SELECT concat_ws(' ', id, status, retry_count) FROM kit.items WHERE status <> 'none' ORDER BY id";

    private static final String EVENTS = "SELECT source_event_id FROM event_driven.event_inbox ORDER BY event_id";

    private static TargetDatabase source;
    private static TargetDatabase target;

    private final PrintStream err = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @BeforeAll
    static void createDatabases() {
        source = new TargetDatabase(18);
        target = new TargetDatabase(18);
    }

    @AfterAll
    static void dropDatabases() {
        source.close();
        target.close();
    }

    @BeforeEach
    void emptyDatabases() {
        target.sql("DROP SCHEMA IF EXISTS event_driven, pgcdc CASCADE");
        source.sql("DROP SCHEMA IF EXISTS kit CASCADE", "CREATE SCHEMA kit", """
                CREATE TABLE kit.items (id text PRIMARY KEY, v text,
                    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'published', 'failed')),
                    retry_count int DEFAULT 0, published_at timestamptz)""");
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restoreErr() {
        System.setErr(err);
    }

    private Sink open(String... settings) {
        return openFrom(source.url(), settings);
    }

    private Sink openFrom(String url, String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "create=true",
                "source_service=kit",
                "outbox_table=kit.items",
                "id_column=id",
                "type_column=id",
                "aggregate_column=id",
                "payload_column=v",
                "publish_url=" + url));
        all.addAll(List.of(settings));
        return target.open(new InboxSinkProvider(), all.toArray(String[]::new));
    }

    /** The inbox refuses an event whose content is {@code "bad"}. */
    private void refuseBad() {
        target.sql("ALTER TABLE event_driven.event_inbox ADD CONSTRAINT good CHECK (event_data <> '\"bad\"')");
    }

    private void acceptBad() {
        target.sql("ALTER TABLE event_driven.event_inbox DROP CONSTRAINT good");
    }

    /** Three events of one transaction; the inbox refuses the second. */
    private TestChanges three() {
        source.sql("INSERT INTO kit.items (id) VALUES ('1'), ('2'), ('3')");
        return new TestChanges(LONG_AGO)
                .insert("1", "{}")
                .insert("2", "\"bad\"")
                .insert("3", "{}");
    }

    /** Delivers three events as delivery does with dead letters. */
    private static void putAside(Sink sink, TestChanges three) {
        refused(sink, three.batch());
        sink.write(three.batchWithout(1, true));
        assertEquals(Durability.DURABLE, sink.flush());
    }

    private static void refused(Sink sink, Batch batch) {
        RefusedChangeException e = assertThrows(RefusedChangeException.class, () -> sink.write(batch));
        assertEquals(ErrorCode.CHANGE_REFUSED, e.code());
    }

    private void assertMarks(String... marks) {
        assertEquals(List.of(marks), source.list(MARKS));
    }

    private String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    private String printed(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(log());
        assertTrue(matcher.find(), log());
        return matcher.group(1);
    }

    @Test
    void eachRefusalCountsUntilTheEventIsDelivered() {
        Sink first = open();
        refuseBad();
        TestChanges three = three();
        refused(first, three.batch());
        first.close(); // without dead letters the sink stops
        assertMarks("1 pending 0", "2 failed 1", "3 pending 0");
        try (Sink second = open()) {
            refused(second, three.batch());
        }
        assertMarks("1 pending 0", "2 failed 2", "3 pending 0");
        acceptBad();
        try (Sink third = open()) {
            third.write(three.batch());
            assertEquals(Durability.DURABLE, third.flush());
        }
        assertMarks("1 published 0", "2 published 2", "3 published 0");
        assertEquals("3", source.ask("SELECT count(published_at) FROM kit.items"));
    }

    /** The target has the batch, and the sink's own checkpoint is before it. */
    @Test
    void aDeadLetterStaysFailedAfterACrash() {
        try (Sink sink = open()) {
            refuseBad();
            TestChanges three = three();
            putAside(sink, three);
            assertMarks("1 published 0", "2 failed 1", "3 published 0");
        }
        source.sql("UPDATE kit.items SET status = 'pending' WHERE id = '1'"); // as if it had not been marked
        source.sql("UPDATE kit.items SET status = 'failed' WHERE id = '3'"); // refused once, and delivered later
        target.sql(
                "DELETE FROM event_driven.event_inbox WHERE source_event_id = '1'"); // its reader has finished with it
        try (Sink sink = open()) {
            sink.write(new TestChanges(LONG_AGO)
                    .insert("1", "{}")
                    .insert("2", "\"bad\"")
                    .insert("3", "{}")
                    .batch());
            assertEquals(Durability.DURABLE, sink.flush());
        }
        assertMarks("1 published 0", "2 failed 1", "3 published 0");
    }

    @Test
    void anEventThatIsNoJsonStaysFailedAfterACrash() {
        source.sql("INSERT INTO kit.items (id) VALUES ('1'), ('2')");
        TestChanges two = new TestChanges(LONG_AGO).insert("1", "no JSON").insert("2", "{}");
        try (Sink sink = open()) {
            refused(sink, two.batch());
            sink.write(two.batchWithout(0, true));
            assertEquals(Durability.DURABLE, sink.flush());
        }
        source.sql("UPDATE kit.items SET status = 'failed' WHERE id = '2'");
        try (Sink sink = open()) {
            sink.write(two.batch());
            assertEquals(Durability.DURABLE, sink.flush());
        }
        assertMarks("1 failed 1", "2 published 0");
    }

    @Test
    void aRowThatIsNoEventIsMarked() {
        try (Sink sink = open("time_column=v")) {
            source.sql("INSERT INTO kit.items (id) VALUES ('1')");
            refused(sink, new TestChanges(LONG_AGO).insert("1", "tomorrow").batch());
        }
        assertMarks("1 failed 1");
    }

    @Test
    void aDeadLetterThatIsSentAgainIsPublished() {
        try (Sink sink = open()) {
            refuseBad();
            TestChanges three = three();
            putAside(sink, three);
            sink.replaying(true);
            putAside(sink, three);
            assertMarks("1 published 0", "2 failed 2", "3 published 0");
            acceptBad();
            sink.replaying(true);
            sink.write(three.batch());
            assertEquals(Durability.DURABLE, sink.flush());
            sink.replaying(false);
        }
        assertMarks("1 published 0", "2 published 2", "3 published 0");
        assertEquals(List.of("1", "3", "2"), target.list(EVENTS));
    }

    @Test
    void anEventWhoseIdIsUsedStaysFailedInAReplay() {
        try (Sink sink = open()) {
            target.sql(
                    "INSERT INTO event_driven.event_inbox (event_type, aggregate_id, event_data, source_service, source_event_id)"
                            + " VALUES ('2', '2', '\"another\"', 'kit', '2')");
            TestChanges three = three();
            putAside(sink, three);
            sink.replaying(true);
            sink.write(three.batch());
            assertEquals(Durability.DURABLE, sink.flush());
            sink.replaying(false);
        }
        assertMarks("1 published 0", "2 failed 1", "3 published 0");
    }

    @Test
    void aConstraintThatRefusesTheMarkIsNamed() {
        source.sql("ALTER TABLE kit.items DROP CONSTRAINT items_status_check,"
                + " ADD CONSTRAINT \"known ones\" CHECK (status IN ('pending', 'published'))");
        try (Sink sink = open()) {
            refuseBad();
            TestChanges three = three();
            putAside(sink, three);
            assertMarks("1 published 0", "2 pending 0", "3 published 0");
            source.sql(printed("although its event was refused: .* On the source: (ALTER TABLE .*;)"));
            sink.replaying(true);
            putAside(sink, three);
        }
        assertMarks("1 published 0", "2 failed 1", "3 published 0");
        assertThrows(IllegalStateException.class, () -> source.sql("UPDATE kit.items SET status = 'other'"));
    }

    @Test
    void anEnumWithoutTheLabelIsNamed() {
        source.sql(
                "ALTER TABLE kit.items DROP CONSTRAINT items_status_check, ALTER status DROP DEFAULT",
                "CREATE TYPE kit.\"Status\" AS ENUM ('none', 'pending', 'published')",
                "ALTER TABLE kit.items ALTER status TYPE kit.\"Status\" USING 'pending', ALTER status SET DEFAULT 'pending'");
        try (Sink sink = open()) {
            refuseBad();
            TestChanges three = three();
            putAside(sink, three);
            assertMarks("1 published 0", "2 pending 0", "3 published 0");
            source.sql(printed("although its event was refused: .* On the source: (ALTER TYPE .*;)"));
            sink.replaying(true);
            refused(sink, three.batch());
        }
        assertMarks("1 published 0", "2 failed 1", "3 published 0");
    }

    @Test
    void aMissingPrivilegeIsNamed() {
        String role = source.name() + " marker";
        source.sql(
                "CREATE ROLE \"" + role + "\" LOGIN PASSWORD '" + PgServer.password() + "'",
                "GRANT USAGE ON SCHEMA kit TO \"" + role + "\"",
                "GRANT SELECT, UPDATE (status, published_at) ON kit.items TO \"" + role + "\"");
        try (Sink sink = openFrom(source.url(role.replace(" ", "%20") + ":" + PgServer.password()))) {
            refuseBad();
            TestChanges three = three();
            putAside(sink, three);
            assertMarks("1 published 0", "2 pending 0", "3 published 0");
            source.sql(printed("although its event was refused: .* On the source: (GRANT .*;)"));
            sink.replaying(true);
            putAside(sink, three);
            assertMarks("1 published 0", "2 failed 1", "3 published 0");
        } finally {
            source.sql("DROP OWNED BY \"" + role + "\"", "DROP ROLE \"" + role + "\"");
        }
    }

    @Test
    void aTableThatCountsNoRefusalsIsMarked() {
        source.sql("ALTER TABLE kit.items DROP COLUMN retry_count");
        try (Sink sink = open("retry_column=tries")) {
            refuseBad();
            TestChanges three = three();
            putAside(sink, three);
            assertEquals("failed", source.ask("SELECT status FROM kit.items WHERE id = '2'"));
            source.sql(printed("refusals are not counted. On the source: (ALTER TABLE .*;)"));
        }
        try (Sink sink = open("retry_column=tries")) {
            sink.replaying(true);
            refused(sink, new TestChanges(LONG_AGO).insert("2", "\"bad\"").batch());
        }
        assertEquals("failed 1", source.ask("SELECT status || ' ' || tries FROM kit.items WHERE id = '2'"));
    }

    /** The refusal has its own error. What the source lacks is made up for before the inbox commits. */
    @Test
    void aSourceThatDoesNotAnswerIsWaitedFor() {
        try (Sink sink = open()) {
            refuseBad();
            TestChanges three = three();
            source.proxy().refuse();
            refused(sink, three.batch());
            CdcException e = assertThrows(CdcException.class, () -> {
                sink.write(three.batchWithout(1, true));
                sink.flush();
            });
            assertEquals(ErrorCode.TARGET_LOST, e.code());
            assertEquals(List.of(), target.list(EVENTS));
            source.proxy().accept();
            sink.write(three.batchWithout(1, true));
            assertEquals(Durability.DURABLE, sink.flush());
        }
        assertMarks("1 published 0", "2 failed 1", "3 published 0");
    }

    /** An application holds the row for longer than the sink waits, twice. The refusal has its own error at once. */
    @Test
    void aRowThatStaysLockedIsGivenUp() throws SQLException {
        try (Sink sink = open("answer_timeout_ms=1000");
                Connection application = source.server().connect(source.name())) {
            refuseBad();
            TestChanges three = three();
            application.setAutoCommit(false);
            application.createStatement().execute("SELECT FROM kit.items WHERE id = '2' FOR UPDATE");
            refused(sink, three.batch());
            sink.write(three.batchWithout(1, true));
            assertEquals(
                    ErrorCode.TARGET_BUSY,
                    assertThrows(CdcException.class, sink::flush).code());
            sink.write(three.batchWithout(1, true));
            assertEquals(Durability.DURABLE, sink.flush());
            application.rollback();
        }
        assertMarks("1 published 0", "2 pending 0", "3 published 0");
        printed("although its event was refused: (CDC-509) ");
    }
}
