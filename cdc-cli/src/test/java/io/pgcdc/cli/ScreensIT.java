package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.cli.control.ControlClient;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.testkit.process.CdcProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What each command shows, as files that a person can read. One pipeline runs under a pseudo terminal of 80 columns; the commands for it run in this
 * pseudo terminals of 80 and of 120 columns. To write the files anew: ./mvnw -pl cdc-cli -am verify -Dtest=NoSuch -Dit.test=ScreensIT
 * -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false -Dpgcdc.rewrite=true
 */
class ScreensIT {

    private static final Path COMMITTED = Path.of("src/test/resources/screens");
    private static final int NARROW = 80;
    private static final int WIDE = 120;

    private static final String COMMANDS = "commands-";

    /** Among a command's words: it asks before it does something. */
    private static final String ASKS = "(asks)";

    @TempDir
    Path directory;

    /** One of each width, on which one command after the other is typed. */
    private final Map<Integer, Pty> terminals = new LinkedHashMap<>();

    private final Map<String, StringBuilder> files = new LinkedHashMap<>();

    private String database = "";

    /** The oldest change in the queue. */
    private String first = "";

    private Masks masks = new Masks(Map.of());

    @BeforeAll
    static void requireTerminal() {
        Pty.require();
    }

    private CommandRun command(String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("-c", config()));
        return CommandRun.of(arguments);
    }

    private String config() {
        return directory.resolve("cdc.yaml").toString();
    }

    private JsonNode status(String... more) throws IOException {
        return new ObjectMapper()
                .readTree(command(concat("status", concat("--json", more))).stdout());
    }

    private static String[] concat(String first, String... more) {
        return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
    }

    /** Returns the status without the command's work, for conditions that are asked again and again. */
    private JsonNode live() {
        return new ControlClient(directory.resolve("queue"))
                .ask(ControlClient.request("status"))
                .path("status");
    }

    private void put(String file, String title, String text) {
        files.computeIfAbsent(file, missing -> new StringBuilder())
                .append("=== ")
                .append(title)
                .append("\n")
                .append(text)
                .append("\n");
    }

    /** Adds the status as it is shown at both widths. */
    private void addStatus(String title, String... words) throws IOException {
        JsonNode status = status(words);
        masks.apply(status);
        for (int columns : new int[] {NARROW, WIDE}) {
            List<String> lines = StatusView.lines(status, columns);
            List<String> live = shown(terminals.get(columns), concat("status", words))
                    .lines()
                    .toList();
            live.forEach(line -> assertTrue(line.length() <= columns, line));
            assertEquals(beginnings(lines), beginnings(live), title);
            lines.forEach(line -> assertTrue(line.length() <= columns, line));
            put("status-" + columns + ".txt", title, String.join("\n", lines) + "\n");
        }
    }

    /** Adds what a command shows on a terminal of either width. Who is asked says no. */
    private void add(String title, String... words) throws IOException {
        add(terminals.keySet(), title, words);
    }

    /** Adds what a command shows that cannot be given twice. */
    private void addOnce(String title, String... words) throws IOException {
        add(Set.of(NARROW), title, words);
    }

    /** Adds a table with masks, and has the command show it without them: the lines begin alike. */
    private void addTable(String title, List<String> masked, String... words) throws IOException {
        for (Map.Entry<Integer, Pty> terminal : terminals.entrySet()) {
            List<String> lines = shown(terminal.getValue(), words).lines().toList();
            lines.forEach(line -> assertTrue(line.length() <= terminal.getKey(), line));
            assertEquals(beginnings(masked), beginnings(lines), title);
            put(COMMANDS + terminal.getKey() + ".txt", "cdc " + title, String.join("\n", masked) + "\n");
        }
    }

    private List<String> beginnings(List<String> lines) {
        return lines.stream()
                .map(masks::of)
                .filter(line -> !line.startsWith(" ")) // a continued line: the names here have other lengths
                .map(line -> line.strip().split(" ")[0])
                .toList();
    }

    private void add(Set<Integer> widths, String title, String... words) throws IOException {
        for (int columns : widths) {
            String own = shown(terminals.get(columns), words)
                    .lines()
                    .filter(line -> !words[0].equals("slot") || !line.contains("pgoutput") || line.contains(database))
                    .collect(Collectors.joining("\n", "", "\n"));
            put(COMMANDS + columns + ".txt", "cdc " + title, masks.of(own));
            own.lines()
                    .filter(line -> !line.startsWith("{") && !line.startsWith("  cdc "))
                    // an error is one line, from which a command can be copied: the terminal breaks it
                    .filter(line -> !line.startsWith("CDC-"))
                    .forEach(line -> assertTrue(fits(line, columns), columns + ": " + line));
        }
    }

    /** A word that is longer than the line has a line of its own. */
    private static boolean fits(String line, int columns) {
        return line.length() <= columns || !line.strip().contains(" ");
    }

    private String shown(Pty terminal, String... words) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(words));
        boolean asks = arguments.remove(ASKS);
        if (!arguments.contains("--queue-dir")) {
            arguments.addAll(List.of("-c", "cdc.yaml"));
        }
        return terminal.command(arguments, asks ? "n" : "");
    }

    @Test
    void screensAreTheCommittedOnes() throws Exception {
        PgServer server = PgServer.shared(18);
        database = server.createDatabase("screens");
        Path launcher = Pty.install(Files.createDirectory(directory.resolve("installed")));
        Map<String, String> names = new LinkedHashMap<>(); // the longer ones first
        names.put(directory.toRealPath() + "/cdc.yaml", "cdc.yaml");
        names.put(directory.toRealPath() + "/queue", "/var/lib/cdc");
        names.put(database + "_slot", "shop_cdc");
        names.put(database, "shop");
        masks = new Masks(names);
        try (Connection connection = server.connect(database);
                Statement statement = connection.createStatement();
                Connection other = server.connect(database);
                Statement lock = other.createStatement()) {
            statement.execute("CREATE TABLE users (id int PRIMARY KEY, name text);"
                    + " INSERT INTO users SELECT i, 'name ' || i FROM generate_series(1, 6000) i;"
                    + " CREATE PUBLICATION users_pub FOR TABLE users; CREATE SCHEMA copy;"
                    + " CREATE TABLE copy.users (id int PRIMARY KEY, name text, CHECK (id < 50000))");
            Files.writeString(directory.resolve("cdc.yaml"), """
                    source: {url: "%1$s", slot: %2$s_slot, publications: [users_pub], create_slot: true, watch_interval_ms: 60000}
                    queue: {dir: "%3$s", retain_bytes: 100000000}
                    snapshot: {mode: initial, max_rows_per_second: 2000, chunk_bytes: 8192}
                    sinks:
                    - {name: log, type: change_logs, url: "%1$s", create: true}
                    - {name: copy, type: projection, url: "%1$s", schema: copy, create: true, dead_letter: true}
                    """.formatted(
                            server.url(database), database, directory.resolve("queue")));
            other.setAutoCommit(false);
            Path loop = Pty.loop(launcher);
            try (Pty run = Pty.start(directory, launcher, NARROW, List.of("run", "-c", config()));
                    Pty narrow = Pty.start(directory, loop, NARROW, List.of());
                    Pty wide = Pty.start(directory, loop, WIDE, List.of())) {
                terminals.put(NARROW, narrow);
                terminals.put(WIDE, wide);
                theBarIsSeen(run);
                Await.until("all rows", () -> count(statement, "copy.users") == 6_000 && lag(live()) == 0);
                running(statement, other, lock);
                onATerminal(launcher);
                ProcessHandle.of(status().path("pid").asLong()).orElseThrow().destroy();
                assertEquals(0, run.awaitExit());
                run.lines().stream()
                        .filter(line -> !line.matches("\\S+Z [A-Z]+ .*")) // lines of the log are long
                        .forEach(line -> assertTrue(line.length() < NARROW, line));
                stopped();
                statement.execute("DROP PUBLICATION users_pub");
                add("run, without its publication", "run");
            }
        } finally {
            server.dropDatabase(database);
        }
        compare();
    }

    private static void theBarIsSeen(Pty run) throws Exception {
        try {
            Await.until(
                    "the bar",
                    CdcProcess.LONGEST,
                    () -> run.lines().stream()
                            .anyMatch(line ->
                                    line.startsWith("snapshot initial [") || line.contains("snapshot initial: ")));
        } catch (AssertionError e) {
            throw new AssertionError("no bar in " + run.lines(), e);
        }
        String bar = run.lines().stream()
                .filter(line -> line.startsWith("snapshot initial ["))
                .findFirst()
                .orElse("no bar: the snapshot was over before");
        assertEquals(NARROW - 1, bar.length(), bar);
        assertTrue(bar.matches("snapshot initial \\[#*-*] \\d+%  .* rows  .*/s.*"), bar);
    }

    private static long lag(JsonNode status) {
        return status.path("sinks").path(0).path("lag_changes").asLong(-1)
                + status.path("sinks").path(1).path("lag_changes").asLong(-1);
    }

    private static int count(Statement statement, String table) throws SQLException {
        try (var row = statement.executeQuery("SELECT count(*) FROM " + table)) {
            row.next();
            return row.getInt(1);
        }
    }

    private void running(Statement statement, Connection other, Statement lock) throws Exception {
        Await.until(
                "the look at the slot",
                () -> status().path("source").path("wal").path("read_at").isTextual());
        addStatus("healthy");
        statement.execute("INSERT INTO users VALUES (50001, 'refused'), (6001, 'one more')");
        Await.until("a dead letter", () -> count(statement, "copy.users") == 6_001 && lag(live()) == 0);
        add("dead-letters list", "dead-letters", "list");
        String letter =
                command("dead-letters", "list").stdout().lines().toList().get(1).split(" ")[0];
        add("dead-letters show POSITION", "dead-letters", "show", letter);
        add("dead-letters retry POSITION, no", "dead-letters", "retry", letter, "--sink", "copy", ASKS);
        add("pause --sink log", "pause", "--sink", "log");
        add("pause", "pause");
        statement.execute("INSERT INTO users VALUES (6002, 'not read')");
        addStatus("degraded: a sink and the reading are paused");
        add("resume", "resume");
        add("resume --sink log", "resume", "--sink", "log");
        add("retry --sink log", "retry", "--sink", "log");
        Await.until("all again", () -> lag(live()) == 0 && count(statement, "copy.users") == 6_002);

        first = command("queue", "cat", "--json")
                .stdout()
                .lines()
                .findFirst()
                .orElseThrow()
                .replaceFirst("\\{\"position\":\"([^\"]+)\".*", "$1");
        add("replay --sink log --from POSITION, no", "replay", "--sink", "log", "--from", first, ASKS);
        lock.execute("LOCK TABLE cdc_pattern.change_logs");
        addOnce("replay --sink log --from POSITION --yes", "replay", "--sink", "log", "--from", first, "--yes");
        Await.until("the replay", () -> !live().path("progress").isEmpty());
        addStatus("with a replay");
        other.commit();
        Await.until("the replay's end", () -> live().path("progress").isEmpty());
        addOnce("snapshot --table public.users", "snapshot", "--table", "public.users");
        Await.until(
                "the snapshot",
                () -> live().path("snapshots").path(1).path("state").asText().equals("finished") && lag(live()) == 0);
        addStatus("with snapshots");
        JsonNode snapshots = live().path("snapshots");
        masks.apply(snapshots);
        addTable("snapshot progress", SnapshotTableView.lines(snapshots), "snapshot", "progress");
        add("snapshot pause ID, which there is not", "snapshot", "pause", "mx000000");
        add("snapshot resume", "snapshot", "resume");
        add("snapshot cancel", "snapshot", "cancel");
        add("slot create, which there is", "slot", "create");
        add("slot drop, while it is in use", "slot", "drop");
        add("run, beside the one that runs", "run");
        add("dead-letters drop POSITION, no", "dead-letters", "drop", letter, "--sink", "copy");
        add("queue info", "queue", "info");
        add("queue verify", "queue", "verify");
        add("queue cat --to POSITION", "queue", "cat", "--to", first);
        add("slot list", "slot", "list"); // of the slots of this database: a shared server may have others
    }

    /** What only a real terminal shows: a screen that is drawn again, and a question. */
    private void onATerminal(Path launcher) throws Exception {
        try (Pty watch = Pty.start(directory, launcher, NARROW, List.of("status", "--watch", "-c", config()))) {
            Await.until(
                    "two frames",
                    () -> watch.lines().stream()
                                    .filter(line -> line.contains(": HEALTHY"))
                                    .count()
                            > 1);
            watch.lines().forEach(line -> assertTrue(line.length() <= NARROW, line));
        }
        List<String> replay = List.of("replay", "--sink", "log", "--from", first, "-c", config());
        try (Pty question = Pty.start(directory, launcher, NARROW, replay)) {
            Await.until(
                    "the question", () -> String.join("\n", question.lines()).contains("Begin? [y/N]"));
            question.type("n");
            assertEquals(1, question.awaitExit());
            question.lines().forEach(line -> assertTrue(line.length() <= NARROW, line));
            assertTrue(
                    String.join("\n", question.lines()).contains("nothing was done"),
                    question.lines().toString());
        }
    }

    private void stopped() throws IOException {
        addStatus("stopped");
        Await.until(
                "the slot's release",
                () -> !status("--ask-server")
                        .path("source")
                        .path("wal")
                        .path("active")
                        .asBoolean());
        addStatus("stopped, --ask-server", "--ask-server");
        add("sink reset log, no", "sink", "reset", "log", ASKS);
        add("sink forget copy, which the configuration has", "sink", "forget", "copy");
        String queue = directory.resolve("queue").toString();
        add("sink forget copy --queue-dir DIR, no", "sink", "forget", "copy", "--queue-dir", queue, ASKS);
        add("replay, when nothing runs", "replay", "--sink", "log", "--from", first, "--yes");
        add("slot advance, no", "slot", "advance", "--to", "FFF/FFFFFFFF", ASKS);
        add("slot drop, no", "slot", "drop", ASKS);
        assertFalse(status().path("sinks").isEmpty());
    }

    private void compare() throws IOException {
        for (Map.Entry<String, StringBuilder> file : files.entrySet()) {
            Path committed = COMMITTED.resolve(file.getKey());
            if (Boolean.getBoolean("pgcdc.rewrite")) {
                Files.createDirectories(COMMITTED);
                Files.writeString(committed, file.getValue());
            }
            String expected = Files.exists(committed) ? Files.readString(committed) : "";
            String shown = file.getValue().toString();
            if (file.getKey().startsWith(COMMANDS)) {
                assertEquals(masks.of(joined(expected)), masks.of(joined(shown)), file.getKey());
            } else {
                assertEquals(expected, shown, file.getKey());
            }
        }
    }

    /** Joins what a command says to one line: where a line is broken depends on the length of names and positions that have masks. */
    private static String joined(String screens) {
        return screens.replaceAll("(?<!\n)\n(?!\n)", " ").replaceAll(" {2,}", " ");
    }
}
