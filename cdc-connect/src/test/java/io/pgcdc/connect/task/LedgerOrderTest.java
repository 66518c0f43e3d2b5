package io.pgcdc.connect.task;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.connect.offset.Partitions;
import io.pgcdc.connect.offset.Partitions.Kind;
import io.pgcdc.history.History;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.testkit.history.Comparison;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

/** A worker without exactly-once support may commit the offsets of one answer without those of another. */
class LedgerOrderTest {

    private static final Map<String, List<String>> KEYS = Map.of("public.documents", List.of("id"));

    /** Changes the next rows, and leaves their bodies in TOAST. */
    private static final String UPDATE =
            "UPDATE documents SET n = n + 1 WHERE id IN (SELECT id FROM documents ORDER BY n, id DESC LIMIT 20)";

    private final List<SourceRecord> unanswered = new ArrayList<>();
    private int held;

    @Test
    void noRecordOfTheStreamIsGivenWhileALedgerIsUnderWay() throws Exception {
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("ledgers");
        try (Connection connection = server.connect(database);
                Statement sql = connection.createStatement()) {
            sql.execute("CREATE TABLE documents (id int PRIMARY KEY, n int NOT NULL, body text NOT NULL)");
            sql.execute("ALTER TABLE documents ALTER body SET STORAGE EXTERNAL");
            sql.execute("INSERT INTO documents SELECT i, 0, repeat(md5(i::text), 100) FROM generate_series(1, 300) i");
            sql.execute("CREATE PUBLICATION p FOR ALL TABLES");
            Bookkeeping books = Bookkeeping.atLeastOnce(TaskProperties.withSnapshot(server, database, 8_192));
            books.start();
            Await.until("some rows", () -> {
                step(books);
                return books.hasSomeRows();
            });
            assertFalse(books.hasAllRows(), "no row was left to be read");
            for (int i = 0; i < 6; i++) {
                sql.execute(UPDATE);
            }
            String end = server.ask("SELECT pg_current_wal_lsn()");
            String reached = "SELECT confirmed_flush_lsn >= '" + end + "' FROM pg_replication_slots WHERE slot_name = '"
                    + database + "'";
            Await.until("all rows and changes", Duration.ofMinutes(1), () -> {
                step(books);
                return books.hasAllRows() && server.ask(reached).equals("t");
            });
            books.stop();
            assertTrue(held > 0, "no ledger was under way");
            History history = new History(KEYS);
            history.rowsFollow();
            for (List<SourceRecord> answered : books.committed()) {
                for (SourceRecord record : answered) {
                    if (record.topic().endsWith(".documents")) {
                        history.add(new String((byte[]) record.value(), StandardCharsets.UTF_8));
                    }
                }
            }
            Comparison.compare(connection, KEYS, history);
        }
    }

    /** Asks the task. Ledgers are answered one round later than the stream. */
    private void step(Bookkeeping books) throws InterruptedException {
        List<SourceRecord> late = List.copyOf(unanswered);
        List<SourceRecord> taken = books.take();
        for (SourceRecord record : taken) {
            if (Partitions.kind(record.sourcePartition()) == Kind.STREAM) {
                assertTrue(unanswered.isEmpty(), "a change overtook a ledger");
                books.answer(List.of(record));
            } else {
                unanswered.add(record);
            }
        }
        if (!late.isEmpty()) {
            held++;
            books.answer(late);
            unanswered.subList(0, late.size()).clear();
        }
    }
}
