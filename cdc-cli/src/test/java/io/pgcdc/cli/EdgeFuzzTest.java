package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.cli.config.ConfigLoader;
import io.pgcdc.cli.config.ConfigView;
import io.pgcdc.cli.config.Environment;
import io.pgcdc.cli.config.Flags;
import io.pgcdc.cli.config.LoadedProcess;
import io.pgcdc.cli.fuzz.Examples;
import io.pgcdc.cli.fuzz.Fuzz;
import io.pgcdc.cli.fuzz.TextDamage;
import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.error.ConfigException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.servers.testing.Soak;
import io.pgcdc.sink.SinkProvider;
import io.pgcdc.sinks.kafka.KafkaSinkProvider;
import io.pgcdc.sinks.kafka.delivery.DebeziumOffset;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Files, flags, connection strings, templates and offsets, damaged: each is taken, or refused with an error that says what to do. */
class EdgeFuzzTest {

    private static final Map<String, SinkProvider> PROVIDERS =
            SinkProviders.own().byType();

    private static final List<String> VARIABLES = List.of(
            "PGHOST",
            "PGPORT",
            "PGUSER",
            "PGDATABASE",
            "PGPASSFILE",
            "PGCONNECT_TIMEOUT",
            "PGSSLMODE",
            "PGOPTIONS",
            "PGSERVICE");

    private static final List<String> WORDS = List.of(
            "localhost",
            "5432",
            "cdc",
            "require",
            "10",
            "h1,h2",
            "5432,5433",
            "~/.pgpass",
            "/tmp",
            "stdout",
            "initial",
            "json",
            "public.users",
            "public.users,a.\"b,c\"",
            "127.0.0.1:9187",
            "shop_cdc",
            "./queue",
            "0/1A2B3C8:5",
            "2026-01-02T03:04:05Z");

    /** Connect to nothing, and write nothing, however their arguments are damaged. */
    private static final List<List<String>> COMMANDS = List.of(
            List.of("config", "-c", "cdc.yaml", "--slot", "s", "--create-slot", "--format=json"),
            List.of(
                    "config",
                    "--source",
                    "host=localhost dbname=shop",
                    "--slot",
                    "s",
                    "--publication",
                    "p",
                    "--queue-dir",
                    "q",
                    "--sink",
                    "stdout"),
            List.of(
                    "queue",
                    "cat",
                    "--queue-dir",
                    "absent",
                    "--from",
                    "0/1A2B3C8:5",
                    "--to",
                    "2026-01-02T03:04:05Z",
                    "--table",
                    "public.users"),
            List.of("queue", "info", "--queue-dir", "absent", "--json"),
            List.of("status", "--queue-dir", "absent", "--json"),
            List.of("pause", "--queue-dir", "absent", "--sink", "out"),
            List.of("replay", "--queue-dir", "absent", "--sink", "out", "--from", "0/1A2B3C8:5", "--yes"),
            List.of("snapshot", "--queue-dir", "absent", "--table", "users", "--where", "id > 1", "--to", "replica"),
            List.of("snapshot", "cancel", "mx1v6r6e", "--queue-dir", "absent"),
            List.of("dead-letters", "show", "0/1A2B3C8:5", "--queue-dir", "absent"));

    /** Are only parsed: they would connect, or write. */
    private static final List<List<String>> LINES = List.of(
            List.of("run", "-c", "cdc.yaml", "--until-caught-up", "--accept-gap", "--log-format=json"),
            List.of("slot", "advance", "-c", "cdc.yaml", "--to", "0/1A2B3C8", "--yes"),
            List.of("slot", "adopt", "-c", "cdc.yaml", "--offset", "{\"lsn\":5}", "--sink-name", "bus"),
            List.of("sink", "reset", "replica", "-c", "cdc.yaml"),
            List.of("dead-letters", "drop", "0/1A2B3C8:5", "--sink", "audit", "-c", "cdc.yaml"),
            List.of("help", "run"));

    @TempDir
    static Path directory;

    private static Path file = Path.of("");
    private static Environment environment = new Environment(Map.of(), "", Path.of(""), Path.of(""));

    @BeforeAll
    static void environment() throws Exception {
        file = directory.resolve("cdc.yaml");
        environment = of(Map.of("EMPTY", "", "ODD", "\u202e\n\"'&*\u0001", "REGISTRY_PASSWORD", "s"));
        Files.writeString(directory.resolve(".pgpass"), "*:*:*:*:p\n");
        Files.setPosixFilePermissions(directory.resolve(".pgpass"), PosixFilePermissions.fromString("rw-------"));
    }

    private static Environment of(Map<String, String> variables) {
        return new Environment(variables, "osuser", directory, directory);
    }

    private static void load(@Nullable Path of, Flags flags, Environment in) {
        try {
            LoadedProcess loaded = ConfigLoader.load(of, flags, in, PROVIDERS);
            assertFalse(ConfigView.render(loaded).isEmpty());
            for (SinkConfig sink : loaded.pipelines().get(0).pipeline().sinks()) {
                if (sink.type().equals("kafka")) {
                    new KafkaSinkProvider().complete(sink.settings());
                }
            }
        } catch (ConfigException e) {
            List<String> lines = String.valueOf(e.getMessage()).lines().toList();
            int problems = lines.size() - 1;
            assertEquals(
                    problems + (problems == 1 ? " problem" : " problems") + " in the configuration:", lines.get(0));
            lines.stream()
                    .skip(1)
                    .forEach(line -> assertTrue(line.matches("  \\S.*: CDC-\\d{3} \\S.*[;.?] ?.*"), line));
            throw e;
        }
    }

    @Test
    void files() throws Exception {
        Fuzz.play("configuration files", Examples.files(), Soak.count(5_000, 365_000), (text, random) -> {
            Files.write(file, Fuzz.utf8(text));
            load(file, Flags.NONE, environment);
        });
    }

    @Test
    void connectionStrings() throws Exception {
        Fuzz.play("connection strings", Examples.connectionStrings(), Soak.count(6_500, 270_000), (text, random) -> {
            Map<String, String> variables = new HashMap<>();
            while (random.nextInt(3) == 0) {
                variables.put(
                        VARIABLES.get(random.nextInt(VARIABLES.size())),
                        damaged(random).replace("\0", ""));
            }
            load(null, flags(text, "s", "p", "q", "stdout", null, null, null), of(variables));
        });
    }

    private static Flags flags(
            String source,
            String slot,
            String publication,
            String queue,
            String sink,
            @Nullable String table,
            @Nullable String snapshot,
            @Nullable String http) {
        return new Flags(
                source,
                slot,
                List.of(publication),
                queue,
                List.of(sink),
                null,
                null,
                table != null,
                table == null ? List.of() : List.of(table),
                snapshot,
                http,
                null);
    }

    private static String damaged(Random random) {
        return new TextDamage(random).of(WORDS.get(random.nextInt(WORDS.size())), WORDS);
    }

    /** One flag's value is damaged. */
    @Test
    void values() throws Exception {
        Fuzz.play("values of flags", WORDS, Soak.count(3_000, 150_000), (text, random) -> {
            List<String> values = new ArrayList<>(
                    List.of("host=localhost", "s", "p", "q", "stdout", "public.t", "initial", "127.0.0.1:9187"));
            values.set(1 + random.nextInt(values.size() - 1), text);
            load(
                    null,
                    flags(
                            values.get(0),
                            values.get(1),
                            values.get(2),
                            values.get(3),
                            values.get(4),
                            values.get(5),
                            values.get(6),
                            values.get(7)),
                    environment);
        });
    }

    @Test
    void commandLines() throws Exception {
        Files.writeString(file, Examples.files().get(0));
        play("command lines", COMMANDS, Soak.count(300, 15_000), true);
        play("command lines of others", LINES, Soak.count(200, 10_000), false);
    }

    private static void play(String name, List<List<String>> lines, int count, boolean execute) throws Exception {
        List<String> seeds = lines.stream().map(line -> String.join("\n", line)).toList();
        Fuzz.play(name, seeds, count, (text, random) -> {
            // no argument has a zero byte, and --watch ends only on a signal
            String[] arguments = text.replace("\0", "")
                    .replace("watch", "")
                    .replace("cdc.yaml", file.toString())
                    .split("\n", -1);
            StringWriter err = new StringWriter();
            CommandLine commandLine = Main.commandLine(arguments)
                    .setOut(new PrintWriter(new StringWriter()))
                    .setErr(new PrintWriter(err));
            boolean harmless = lines.stream().anyMatch(line -> line.get(0).equals(arguments[0]));
            if (!execute || !harmless) {
                commandLine.setExecutionStrategy(parsed -> 0);
            }
            int exitCode = Main.execute(commandLine, arguments);
            Fuzz.requireFit(exitCode, err.toString());
        });
    }

    /** Only the topics of a valid sink are damaged. */
    @Test
    void topics() throws Exception {
        Fuzz.play("topics", Examples.topics(), Soak.count(1_500, 60_000), (text, random) -> {
            String quoted = "'" + text.replace("'", "''") + "'";
            String setting = random.nextBoolean() ? "topic: " + quoted : "topic_rules: [" + quoted + "]";
            Files.write(file, Fuzz.utf8("""
                    source: {url: host=localhost, slot: s, publications: [p]}
                    queue: {dir: q}
                    sinks:
                    - name: bus
                      type: kafka
                      prefix: shop
                      transaction_topic: shop.transaction
                      properties: {bootstrap.servers: "localhost:9092"}
                      %s
                    """.formatted(setting)));
            load(file, Flags.NONE, environment);
        });
    }

    @Test
    void offsets() throws Exception {
        Fuzz.play(
                "offsets", Examples.offsets(), Soak.count(1_500, 60_000), (text, random) -> DebeziumOffset.parse(text));
    }

    /** The oracle itself: what it must not let pass. */
    @Test
    void anErrorThatIsNotFitIsFound() {
        assertEquals(null, Fuzz.unfit(ErrorCode.CONFIG_SYNTAX, "CDC-003 not YAML; write a text"));
        for (String unfit : List.of(
                "CDC-003 not YAML",
                "not YAML; write a text",
                "CDC-003 \u202e is no text; write one",
                "CDC-003 " + "a".repeat(7_000) + "; write less",
                "CDC-003 java.lang.NullPointerException; write a text")) {
            assertTrue(Fuzz.unfit(ErrorCode.CONFIG_SYNTAX, unfit) != null, unfit);
        }
        assertTrue(Fuzz.unfit(ErrorCode.INTERNAL, "CDC-901 defect; report it.") != null);
    }
}
