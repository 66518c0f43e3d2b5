package io.pgcdc.connect.task;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.connect.offset.LedgerOffsets;
import io.pgcdc.history.History;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.testkit.history.Comparison;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

/** Changes lack values of more rows than an offset can name: 500 rows, each with a key of 1,440 bytes. */
class LongKeysTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, List<String>> KEYS = Map.of("public.documents", List.of("id"));
    private static final int UPDATES = 6;

    /** The keys, and the few bytes that say how far the table is read. */
    private static final int MAX_BYTES = LedgerOffsets.MAX_KEY_BYTES + 4_096;

    /** Changes the next 50 rows, and leaves their bodies in TOAST. */
    private static final String UPDATE =
            "UPDATE documents SET n = n + 1 WHERE id IN" + " (SELECT id FROM documents ORDER BY n, id LIMIT 50)";

    @Test
    void offsetsStaySmallAndEachRowComesWhole() throws Exception {
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("longkeys");
        try (Connection connection = server.connect(database);
                Statement sql = connection.createStatement()) {
            sql.execute("CREATE TABLE documents (id text PRIMARY KEY, n int NOT NULL, body text NOT NULL)");
            sql.execute("ALTER TABLE documents ALTER body SET STORAGE EXTERNAL");
            sql.execute("INSERT INTO documents SELECT"
                    + " (SELECT string_agg(md5(i || '.' || j), '' ORDER BY j) FROM generate_series(1, 45) j),"
                    + " 0, repeat(md5(i::text), 100) FROM generate_series(1, 500) i");
            sql.execute("CREATE PUBLICATION p FOR ALL TABLES");
            Map<String, String> properties = TaskProperties.withSnapshot(server, database, 8_192);
            properties.put("commit_bytes", "65536");
            Bookkeeping books = new Bookkeeping(properties);
            books.start();
            String created = "SELECT count(*) FROM pg_replication_slots WHERE slot_name = '" + database + "'";
            Await.until("some rows", () -> {
                books.poll();
                return !server.ask(created).equals("0") && books.hasSomeRows();
            });
            books.stop();
            assertFalse(books.hasAllRows(), "the snapshot was over before the first kill");
            sql.execute(UPDATE); // alone: two exceed the bound, and then the table is begun again with an empty list
            books.start();
            Await.until("a long list of rows", () -> books.poll() && largest(books) > 100_000);
            books.stop();
            for (int i = 0; i < UPDATES; i++) {
                sql.execute(UPDATE);
            }
            int before = books.committed().size();
            books.start();
            Await.until("some changes", () -> books.poll() && books.committed().size() > before);
            books.stop();
            sql.execute(UPDATE);
            drain(books, server, database);
            books.stop();
            History history = new History(KEYS);
            history.rowsFollow();
            for (List<SourceRecord> transaction : books.committed()) {
                for (SourceRecord record : transaction) {
                    if (record.topic().endsWith(".documents")) {
                        history.add(new String((byte[]) record.value(), StandardCharsets.UTF_8));
                    }
                }
            }
            Comparison.compare(connection, KEYS, history);
            long largest = largest(books);
            assertTrue(largest <= MAX_BYTES, largest + " bytes");
        }
    }

    private static long largest(Bookkeeping books) throws JsonProcessingException {
        long largest = 0;
        for (List<SourceRecord> transaction : books.committed()) {
            for (SourceRecord record : transaction) {
                largest = Math.max(largest, bytes(record));
            }
        }
        return largest;
    }

    private static int bytes(SourceRecord record) throws JsonProcessingException {
        return JSON.writeValueAsBytes(record.sourcePartition()).length
                + JSON.writeValueAsBytes(record.sourceOffset()).length;
    }

    private static void drain(Bookkeeping books, PgServer server, String database) throws Exception {
        String end = server.ask("SELECT pg_current_wal_lsn()");
        String reached = "SELECT confirmed_flush_lsn >= '" + end + "' FROM pg_replication_slots WHERE slot_name = '"
                + database + "'";
        books.start();
        Await.until(
                "all rows and changes",
                Duration.ofMinutes(1),
                () -> !books.poll() && books.hasAllRows() && server.ask(reached).equals("t"));
    }
}
