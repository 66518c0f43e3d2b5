package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.testkit.process.CdcProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Command lines and files that cannot be meant: exit code 2, one CDC-0nn, and nothing is touched. */
class BadUsageIT {

    private static final String URL = "postgresql://cdc:" + Refusal.SECRET + "@localhost:1/shop";

    @TempDir
    Path directory;

    private Path queues = Path.of("");

    @BeforeEach
    void makeQueues() throws Exception {
        queues = Files.createDirectory(directory.resolve("queues"));
    }

    private Refusal refused(String... arguments) {
        return Refusal.of(queues, List.of(arguments));
    }

    private Refusal refusedRun(String url, String sink, String... more) {
        List<String> arguments = new ArrayList<>(List.of("run", "--source", url, "--sink", sink, "--slot", "s"));
        arguments.addAll(
                List.of("--publication", "p", "--queue-dir", queues.resolve("q").toString()));
        arguments.addAll(List.of(more));
        return Refusal.of(queues, arguments);
    }

    @Test
    void malformedUrl() {
        refusedRun("postgresql://cdc:" + Refusal.SECRET + "@localhost:99999/shop", "stdout")
                .is(ErrorCode.CONFIG_SOURCE_URL)
                .says("--source", "port is \"99999\"", "write 1 to 65535");
        refusedRun("mysql://cdc:" + Refusal.SECRET + "@localhost/shop", "stdout")
                .is(ErrorCode.CONFIG_SOURCE_URL)
                .says("--source", "\"mysql\" is not PostgreSQL's", "postgresql://user@host:5432/database");
        refusedRun("postgresql://cdc:" + Refusal.SECRET + "%zz@localhost/shop", "stdout")
                .is(ErrorCode.CONFIG_SOURCE_URL)
                .says("--source");
    }

    @Test
    void everythingMissing() {
        refused("run")
                .is(ErrorCode.CONFIG_MISSING)
                .says("5 problems", "--source is missing", "--slot is missing", "--publication is missing")
                .says("--queue-dir is missing", "--sink is missing", "-c");
    }

    @Test
    void unknownFlag() {
        refusedRun(URL, "stdout", "--create-slott")
                .is(ErrorCode.CONFIG_UNKNOWN_KEY)
                .says("unknown flag --create-slott", "--create-slot", "cdc run --help");
    }

    @Test
    void whatIsNoPathForTheSystemIsNamed() {
        refused("queue", "info", "--queue-dir", "que\0ue")
                .is(ErrorCode.CONFIG_BAD_VALUE)
                .says("--queue-dir", "\"que?ue\" is no path", "cdc queue info --help");
        refused("queue", "info", "--queue-dir", "")
                .is(ErrorCode.CONFIG_BAD_VALUE)
                .says("--queue-dir", "1 to 4096");
    }

    @Test
    void longAndInvisibleTextsAreShortenedAndReplaced() {
        refused("run", "--slo\u202et" + "t".repeat(10_000))
                .is(ErrorCode.CONFIG_UNKNOWN_KEY)
                .says("unknown flag --slo?" + "t".repeat(34) + "…;");
    }

    @Test
    void flagWithoutItsValue() {
        refused("run", "--slot").is(ErrorCode.CONFIG_MISSING).says("--slot", "cdc run --help");
    }

    @Test
    void valueThatIsNoBooleanIsNotRepeatedWhenItLooksLikeAUrl() {
        refused("run", "--create-slot=" + URL).is(ErrorCode.CONFIG_BAD_VALUE).says("--create-slot", "boolean");
    }

    @Test
    void argumentWithoutFlagIsNotRepeated() {
        refused("run", URL).is(ErrorCode.CONFIG_UNKNOWN_KEY).says("without a flag", "--source URL");
    }

    @Test
    void unknownCommand() {
        refused("runn").is(ErrorCode.CONFIG_UNKNOWN_KEY).says("unknown command runn", "run", "cdc --help");
    }

    @Test
    void unknownSink() {
        refusedRun(URL, "stdoutt").is(ErrorCode.SINK_UNKNOWN).says("--sink is \"stdoutt\"", "did you mean \"stdout\"");
        refusedRun(URL, "teleprinter")
                .is(ErrorCode.SINK_UNKNOWN)
                .says("known names are change_logs, feed, inbox, kafka, projection, stdout");
    }

    @Test
    void unknownKeyInTheFile() throws Exception {
        Path file = Files.writeString(directory.resolve("cdc.yaml"), """
                source:
                  url: postgresql://cdc:%s@localhost:1/shop
                  slott: shop_cdc
                  publications: [users_pub]
                queue: {dir: ./queue}
                sinks:
                  - {name: out, type: stdout}
                """.formatted(Refusal.SECRET));
        refused("run", "-c", file.toString(), "--slot", "s")
                .is(ErrorCode.CONFIG_UNKNOWN_KEY)
                .says("cdc.yaml:3:3", "\"slott\"", "did you mean \"slot\"");
    }

    @Test
    void fileThatIsNotThere() {
        refused("run", "-c", directory.resolve("absent.yaml").toString())
                .is(ErrorCode.CONFIG_FILE_UNREADABLE)
                .says("absent.yaml");
    }

    @Test
    void verbosePrintsTheStackTrace() {
        String[] arguments = {
            "run",
            "--source",
            URL,
            "--sink",
            "stdout",
            "--slot",
            "s",
            "--publication",
            "p",
            "--verbose",
            "--queue-dir",
            queues.resolve("q").toString()
        };
        try (CdcProcess run = CdcProcess.start(directory, arguments)) {
            assertEquals(1, run.awaitExit());
            assertTrue(run.stderr().contains(ErrorCode.SOURCE_UNREACHABLE + " "), run.stderr());
            assertTrue(run.stderr().contains("\tat io.pgcdc.catalog.CatalogConnection"), run.stderr());
            assertFalse(run.stderr().contains(Refusal.SECRET), run.stderr());
            assertEquals(0, run.stdoutBytes());
        }
    }

    @Test
    void noArgumentsShowTheHelp() throws Exception {
        try (CdcProcess run = CdcProcess.start(directory)) {
            assertEquals(0, run.awaitExit());
            assertEquals("", run.stderr());
            assertTrue(Files.readString(run.stdout()).startsWith("Usage: cdc "));
        }
    }
}
