package io.pgcdc.race;

import io.pgcdc.servers.PgServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What change_logs cost the source: pgbench's throughput without them, by trigger, and by cdc. */
@Command(
        name = "source_load",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Measures pgbench's throughput without change_logs, with them by trigger, and by cdc. Needs pgbench on the path.")
public final class SourceLoad implements Callable<Integer> {

    /** Who writes change_logs. */
    enum Way {
        NONE("nobody"),
        /** What a slot that is read costs, whoever reads it: the least that any capture can take. */
        TRIGGERS("triggers"),
        SAME_SERVER("cdc, same server"),
        OTHER_SERVER("cdc, other server, same machine"),
        /** What the next two are measured against: the source and pgbench have the first core, as if it were a machine. */
        ALONE("nobody, source on one core"),
        READER("pg_recvlogical, on the other core"),
        /** Another machine as far as one can have it here: cdc and its target have the second core, and no disk that is waited for. */
        ELSEWHERE("cdc and target, on the other core"),
        /** The same, with a socket whose sending costs the walsender less. */
        SOCKET("the same, over a Unix socket");

        private final String label;

        /** The target waits for no disk, as if it were another machine. */
        boolean withoutDisk() {
            return this == ELSEWHERE || this == SOCKET;
        }

        boolean apart() {
            return compareTo(ALONE) >= 0;
        }

        Way(String label) {
            this.label = label;
        }
    }

    private static final String TRIGGER = """
            CREATE SCHEMA cdc_pattern;
            CREATE TABLE cdc_pattern.change_logs (
                change_id BIGSERIAL, table_name VARCHAR(200) NOT NULL, record_id VARCHAR(200), change_type VARCHAR(20) NOT NULL
                    CHECK (change_type IN ('INSERT', 'UPDATE', 'DELETE')),
                old_data JSONB, new_data JSONB, changed_fields TEXT[], changed_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
                processed BOOLEAN DEFAULT FALSE, processed_at TIMESTAMPTZ, PRIMARY KEY (change_id, changed_at))
                PARTITION BY RANGE (changed_at);
            CREATE TABLE cdc_pattern.change_logs_all PARTITION OF cdc_pattern.change_logs DEFAULT;
            CREATE INDEX ON cdc_pattern.change_logs (table_name, changed_at DESC);
            CREATE INDEX ON cdc_pattern.change_logs (changed_at) WHERE processed = FALSE;
            CREATE FUNCTION capture_table_changes() RETURNS TRIGGER AS $$
            DECLARE
                v_old JSONB := CASE WHEN TG_OP <> 'INSERT' THEN row_to_json(OLD)::jsonb END;
                v_new JSONB := CASE WHEN TG_OP <> 'DELETE' THEN row_to_json(NEW)::jsonb END;
                v_changed TEXT[];
            BEGIN
                IF TG_OP = 'UPDATE' THEN
                    SELECT array_agg(o.key) INTO v_changed FROM jsonb_each(v_old) o JOIN jsonb_each(v_new) n ON o.key = n.key
                    WHERE o.value IS DISTINCT FROM n.value;
                END IF;
                INSERT INTO cdc_pattern.change_logs (table_name, record_id, change_type, old_data, new_data, changed_fields)
                VALUES (TG_TABLE_NAME, COALESCE(v_new, v_old) ->> TG_ARGV[0], TG_OP, v_old, v_new, v_changed);
                RETURN NULL;
            END;
            $$ LANGUAGE plpgsql;
            CREATE TRIGGER capture AFTER INSERT OR UPDATE OR DELETE ON pgbench_accounts
                FOR EACH ROW EXECUTE FUNCTION capture_table_changes('aid');
            CREATE TRIGGER capture AFTER INSERT OR UPDATE OR DELETE ON pgbench_tellers
                FOR EACH ROW EXECUTE FUNCTION capture_table_changes('tid');
            CREATE TRIGGER capture AFTER INSERT OR UPDATE OR DELETE ON pgbench_branches
                FOR EACH ROW EXECUTE FUNCTION capture_table_changes('bid');
            CREATE TRIGGER capture AFTER INSERT OR UPDATE OR DELETE ON pgbench_history
                FOR EACH ROW EXECUTE FUNCTION capture_table_changes('none');
            """;

    private static final String SOURCE_CORE = "0";
    private static final String OTHER_CORE = "1";

    private static final Map<String, String> PASSWORD =
            Map.of("PGPASSFILE", PgServer.passFile().toString());

    private static final Map<String, String> SERVER =
            Map.of("fsync", "on", "shared_buffers", "256MB", "max_wal_size", "8GB", "checkpoint_timeout", "1h");

    /** A file system without a disk, where there is one. */
    private static final Path MEMORY = Path.of("/dev/shm");

    private static final Map<String, String> WITHOUT_DISK = withoutDisk();

    private static Map<String, String> withoutDisk() {
        Map<String, String> settings = new HashMap<>(SERVER);
        settings.put("fsync", "off");
        settings.put("synchronous_commit", "off");
        return settings;
    }

    @Option(
            names = "--rounds",
            defaultValue = "3",
            paramLabel = "N",
            description = "Of each; medians are shown; ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "20", paramLabel = "S", description = "Of each; ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "10",
            paramLabel = "S",
            description = "Of pgbench before each is measured, the same for all; ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(
            names = "--gather-ms",
            defaultValue = "20",
            paramLabel = "MS",
            description = "Of cdc's queue; ${DEFAULT-VALUE}.")
    private int gatherMs;

    @Option(names = "--clients", defaultValue = "4", paramLabel = "N", description = "Of pgbench; ${DEFAULT-VALUE}.")
    private int clients;

    @Option(
            names = "--way",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "none,triggers,same_server,other_server,alone,reader,elsewhere,socket",
            description = "Of ${COMPLETION-CANDIDATES}; all.")
    private List<Way> ways = List.of();

    @Option(
            names = "--full",
            description = "The tables have REPLICA IDENTITY FULL, so that cdc logs old rows, too, as the triggers do.")
    private boolean full;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new SourceLoad())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        if (!Programs.isPresent("pgbench")) {
            System.err.println(
                    "pgbench is not on the path: install postgresql (Debian: postgresql-contrib or postgresql)");
            return 1;
        }
        Map<Way, List<Double>> figures = new EnumMap<>(Way.class);
        Map<Way, Long> left = new EnumMap<>(Way.class);
        for (int round = 0; round < rounds; round++) {
            for (Way way : ways) {
                Path directory = Files.createTempDirectory("pgcdc-source-load-");
                Map<String, String> server = new HashMap<>(SERVER);
                server.put("unix_socket_directories", directory.toString());
                if (way.withoutDisk() && Files.isWritable(MEMORY)) {
                    Files.createDirectory(
                            inMemory(directory),
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                }
                try (PgServer source = PgServer.start(18, server);
                        PgServer other = PgServer.start(18, way.withoutDisk() ? WITHOUT_DISK : SERVER)) {
                    figures.computeIfAbsent(way, w -> new ArrayList<>())
                            .add(measure(way, source, other, directory, left));
                } finally {
                    Directories.delete(directory);
                    Directories.delete(inMemory(directory));
                }
            }
        }
        System.out.printf(
                "%-34s %8s %8s  %s%n", "change_logs by", "tps", "ratio", "rows at the end, and each round's tps");
        figures.forEach((way, all) -> System.out.printf(
                "%-34s %,8.0f %8.2f  %,d %s%n",
                way.label,
                median(all),
                median(all) / median(figures.getOrDefault(way.apart() ? Way.ALONE : Way.NONE, List.of(Double.NaN))),
                left.getOrDefault(way, 0L),
                all.stream().map(tps -> String.format("%.0f", tps)).toList()));
        return 0;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private double measure(Way way, PgServer source, PgServer other, Path directory, Map<Way, Long> left)
            throws Exception {
        pgbench(List.of(), source, "-q", "-i", "-s", "10");
        try (Connection connection = source.connect("postgres");
                Statement statement = connection.createStatement()) {
            if (full) {
                for (String table : List.of("accounts", "tellers", "branches", "history")) {
                    statement.execute("ALTER TABLE pgbench_" + table + " REPLICA IDENTITY FULL");
                }
            }
            if (way == Way.TRIGGERS) {
                statement.execute(TRIGGER);
            }
            statement.execute("CREATE DATABASE log");
            statement.execute("VACUUM ANALYZE");
            statement.execute("CHECKPOINT");
        }
        PgServer target = way == Way.SAME_SERVER ? source : other;
        if (way.apart()) {
            pin(source, SOURCE_CORE);
            pin(target, OTHER_CORE);
        }
        Process cdc = way == Way.NONE || way == Way.ALONE || way == Way.TRIGGERS
                ? null
                : way == Way.READER ? reader(source, directory) : cdc(way, source, target, directory);
        try {
            if (warmUp > 0) {
                load(way, source, warmUp);
            }
            double tps = tps(load(way, source, seconds));
            left.put(way, rows(way, source, target));
            return tps;
        } finally {
            if (cdc != null) {
                cdc.destroy();
                cdc.waitFor();
            }
        }
    }

    private String load(Way way, PgServer source, int forSeconds) throws Exception {
        return pgbench(
                on(way, SOURCE_CORE),
                source,
                "-n",
                "-c",
                Integer.toString(clients),
                "-j",
                "1",
                "-T",
                Integer.toString(forSeconds),
                "-M",
                "prepared");
    }

    private static long rows(Way way, PgServer source, PgServer target) throws SQLException {
        if (way == Way.NONE || way == Way.ALONE || way == Way.READER) {
            return 0;
        }
        String database = way == Way.SAME_SERVER ? "log" : "postgres";
        try (Connection connection = (way == Way.TRIGGERS ? source : target).connect(database);
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM cdc_pattern.change_logs")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Started, and at work. */
    private Process cdc(Way way, PgServer source, PgServer target, Path directory) throws Exception {
        String database = way == Way.SAME_SERVER ? "log" : "postgres";
        Path config = Files.writeString(
                directory.resolve("cdc.yaml"),
                "source: {url: \"" + (way == Way.SOCKET ? socket(source, directory) : source.url("postgres"))
                        + "\", slot: load, publications: [load], create_slot: true, create_publication: true}\n"
                        + "queue: {dir: " + queue(way, directory) + ", gather_ms: " + gatherMs + "}\n"
                        + "sinks:\n  - {name: log, type: change_logs, url: \"" + target.url(database)
                        + "\", create: true}\n");
        List<String> command = new ArrayList<>(on(way, OTHER_CORE));
        command.addAll(List.of(Path.of("cdc").toAbsolutePath().toString(), "run", "-c", config.toString()));
        Path log = directory.resolve("cdc.log");
        Process process = ProcessMeter.builder(command, PASSWORD, log)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (Connection connection = target.connect(database);
                Statement statement = connection.createStatement()) {
            String there = "SELECT to_regclass('cdc_pattern.change_logs') IS NOT NULL";
            for (boolean ready = false; !ready; ) {
                Thread.onSpinWait();
                if (!process.isAlive()) {
                    throw new IllegalStateException(Proc.tail(log));
                }
                try (var row = statement.executeQuery(there)) {
                    row.next();
                    ready = row.getBoolean(1);
                }
            }
        }
        return process;
    }

    private static String socket(PgServer source, Path directory) {
        return "host=" + directory + " port=" + source.port() + " dbname=postgres user=" + PgServer.SUPERUSER;
    }

    private static Process reader(PgServer source, Path directory) throws Exception {
        try (Connection connection = source.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE PUBLICATION load FOR ALL TABLES");
            statement.execute("SELECT pg_create_logical_replication_slot('load', 'pgoutput')");
        }
        List<String> command = new ArrayList<>(on(Way.READER, OTHER_CORE));
        command.addAll(List.of(
                "pg_recvlogical",
                "-h",
                "localhost",
                "-p",
                Integer.toString(source.port()),
                "-U",
                PgServer.SUPERUSER,
                "-d",
                "postgres",
                "--slot",
                "load",
                "--start",
                "-o",
                "proto_version=1",
                "-o",
                "publication_names=load",
                "-f",
                "/dev/null"));
        return ProcessMeter.builder(command, PASSWORD, directory.resolve("reader.log"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void pin(PgServer server, String core) throws IOException, InterruptedException {
        String postmaster = Files.readAllLines(server.dataDirectory().resolve("postmaster.pid"))
                .get(0);
        List<String> processes = new ArrayList<>(List.of(postmaster));
        try (var children =
                ProcessHandle.of(Long.parseLong(postmaster)).orElseThrow().children()) {
            children.forEach(child -> processes.add(Long.toString(child.pid())));
        }
        for (String process : processes) {
            run(List.of("taskset", "-a", "-c", "-p", core, process));
        }
    }

    private static List<String> on(Way way, String core) {
        return way.apart() ? List.of("taskset", "-c", core) : List.of();
    }

    private static Path queue(Way way, Path directory) {
        return way.withoutDisk() && Files.isWritable(MEMORY)
                ? inMemory(directory).resolve("queue")
                : directory.resolve("queue");
    }

    private static Path inMemory(Path directory) {
        return MEMORY.resolve(directory.getFileName());
    }

    private static String pgbench(List<String> before, PgServer server, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(before);
        command.addAll(
                List.of("pgbench", "-h", "localhost", "-p", Integer.toString(server.port()), "-U", PgServer.SUPERUSER));
        command.addAll(List.of(arguments));
        command.add("postgres");
        return run(command);
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(PASSWORD);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command.get(0) + ": " + said);
        }
        return said;
    }

    private static double tps(String said) {
        @Nullable
        String line =
                said.lines().filter(l -> l.startsWith("tps = ")).findFirst().orElse(null);
        if (line == null) {
            throw new IllegalStateException(said);
        }
        return Double.parseDouble(line.split(" ")[2]);
    }
}
