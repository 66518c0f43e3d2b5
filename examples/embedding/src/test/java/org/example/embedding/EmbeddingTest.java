package org.example.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineStatus;
import io.pgcdc.servers.PgServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingTest {

    @TempDir
    Path directory;

    @Test
    void whatChangesIsPrinted() throws Exception {
        PgServer server = PgServer.shared(18);
        String database = server.createDatabase("embedding");
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintSink sink = new PrintSink(new PrintStream(printed, false, StandardCharsets.UTF_8));
        Pipeline pipeline = Embedding.pipeline(server.url(database), directory.resolve("queue"), sink);
        try (Connection connection = server.connect(database);
                Statement sql = connection.createStatement()) {
            sql.execute("CREATE TABLE users (user_id int PRIMARY KEY, email text)");
            pipeline.whenStarted(() -> {
                try {
                    sql.execute("INSERT INTO users VALUES (42, 'ada@example.com')");
                    pipeline.control().stopWhenCaughtUp();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            sql.execute("SET synchronous_commit = on");
            pipeline.run();
            sql.execute("SELECT pg_drop_replication_slot('embedding')");
        }
        assertEquals(PipelineStatus.State.STOPPED, pipeline.status().state());
        List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(1, lines.size(), lines.toString());
        assertTrue(lines.get(0).contains("\"new_data\":{\"user_id\":42,\"email\":\"ada@example.com\"}"), lines.get(0));
    }
}
