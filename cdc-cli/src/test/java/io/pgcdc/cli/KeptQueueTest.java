package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.PgServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Queue directories that earlier versions wrote are read as they were read then. With {@code -Dpgcdc.rewrite=true} this test first keeps one of the
 * present version, unless there is one: do it for each release, and never replace one that was released.
 */
class KeptQueueTest {

    private static final Path KEPT = Path.of("src", "test", "resources", "queues");
    private static final String ARCHIVE = ".zip";

    @TempDir
    Path directory;

    static List<String> versions() throws Exception {
        if (Boolean.getBoolean("pgcdc.rewrite")) {
            keepThisVersion();
        }
        try (Stream<Path> files = Files.list(KEPT)) {
            List<String> versions = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(ARCHIVE))
                    .map(name -> name.substring(0, name.length() - ARCHIVE.length()))
                    .sorted()
                    .toList();
            assertTrue(!versions.isEmpty(), "no queue is kept in " + KEPT.toAbsolutePath());
            return versions;
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void anEarlierVersionsQueueIsRead(String version) throws IOException {
        Path queue = unpack(KEPT.resolve(version + ARCHIVE), directory.resolve("queue"));
        CommandRun verified = queue("verify", queue);
        assertEquals(0, verified.exitCode(), verified.stdout() + verified.stderr());
        assertEquals(Files.readString(KEPT.resolve(version + ".jsonl")), changes(queue));
        CommandRun info = queue("info", queue);
        assertEquals(0, info.exitCode(), info.stdout() + info.stderr());
        assertTrue(info.stdout().contains("kept_slot"), info.stdout());
    }

    private static CommandRun queue(String command, Path queue) {
        return CommandRun.of(List.of("queue", command, "--queue-dir", queue.toString()));
    }

    private static String changes(Path queue) {
        CommandRun cat = CommandRun.of(List.of("queue", "cat", "--queue-dir", queue.toString(), "--json"));
        assertEquals(0, cat.exitCode(), cat.stderr());
        return cat.stdout();
    }

    // --- keeping one

    private static void keepThisVersion() throws Exception {
        Path archive = KEPT.resolve("0.1.0" + ARCHIVE);
        if (Files.exists(archive)) {
            return;
        }
        Path scratch = Files.createTempDirectory("kept-queue");
        try (Bench bench = Bench.on(PgServer.shared(18), scratch)) {
            Path queue = scratch.resolve("queue");
            bench.sql(
                    "CREATE TYPE mood AS ENUM ('sad', 'happy')",
                    "CREATE TABLE many (id bigint PRIMARY KEY, n numeric(12, 2), t timestamptz, a text[], j jsonb, m mood, b bytea)",
                    "CREATE TABLE whole (id int PRIMARY KEY, large text)",
                    "ALTER TABLE whole REPLICA IDENTITY FULL",
                    "INSERT INTO users SELECT i, 'user ' || i FROM generate_series(1, 50) i",
                    "CREATE PUBLICATION kept FOR ALL TABLES");
            Path config = Files.writeString(scratch.resolve("cdc.yaml"), """
                    source: {url: "%s", slot: kept_slot, publications: [kept], create_slot: true}
                    snapshot: {mode: initial}
                    queue: {dir: "%s", retain_bytes: 100000000}
                    sinks: [{name: out, type: stdout}]
                    """.formatted(bench.url("postgres"), queue));
            List<String> run = List.of("run", "-c", config.toString(), "--until-caught-up");
            CommandRun first = CommandRun.of(run);
            assertEquals(0, first.exitCode(), first.stderr());
            bench.sql(
                    "INSERT INTO many VALUES (1, 12.50, '2026-01-02 03:04:05.678+00', '{a,\"b c\",NULL}', '{\"k\": [1, 2.50]}', 'happy', '\\x00ff')",
                    "BEGIN; UPDATE users SET name = 'Ada' WHERE id = 1; UPDATE users SET id = 1001 WHERE id = 2; DELETE FROM users WHERE id = 3; COMMIT",
                    "INSERT INTO whole SELECT 1, string_agg(md5(i::text), '') FROM generate_series(1, 200) i",
                    "UPDATE whole SET id = 2",
                    "ALTER TABLE users ADD COLUMN email text DEFAULT 'none'",
                    "UPDATE users SET email = 'ada@example.org' WHERE id = 1",
                    "SELECT pg_logical_emit_message(true, 'note', 'kept')",
                    "TRUNCATE many");
            CommandRun second = CommandRun.of(run);
            assertEquals(0, second.exitCode(), second.stderr());
            bench.sql("SELECT pg_drop_replication_slot('kept_slot')");
            pack(queue, archive);
            Files.writeString(KEPT.resolve("0.1.0.jsonl"), changes(queue));
        }
    }

    private static void pack(Path queue, Path archive) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(queue)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        try (OutputStream to = Files.newOutputStream(archive);
                ZipOutputStream zip = new ZipOutputStream(to)) {
            for (Path file : files) {
                zip.putNextEntry(new ZipEntry(queue.relativize(file).toString()));
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
    }

    private static Path unpack(Path archive, Path queue) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = queue.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
        return queue;
    }
}
