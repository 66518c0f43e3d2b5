package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.pgcdc.cli.config.ConfigLoader;
import io.pgcdc.cli.config.Environment;
import io.pgcdc.cli.config.Flags;
import io.pgcdc.cli.config.LoadedConfig;
import io.pgcdc.cli.http.HttpConfig;
import io.pgcdc.cli.http.HttpService;
import io.pgcdc.cli.metrics.Metrics;
import io.pgcdc.error.CdcException;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.testing.Await;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The alert rules and the dashboard in docker/ over metrics that a real pipeline served: each rule's condition is made true, and Prometheus says that
 * it is. A metric or a label that is renamed, or that never shows what the rule looks for, is found here.
 */
class AlertsTest {

    private static final Path DOCKER = Path.of("..", "docker").toAbsolutePath().normalize();

    /** Limits that a test cannot reach, and those that take their place. */
    private static final Map<String, List<String>> LIMITS = Map.of(
            "PgcdcSinkLags", List.of("> 300", "> 0.5"),
            "PgcdcSlotHoldsWal", List.of("> 50e9", "> 50e6"),
            "PgcdcQueueDiskShort", List.of("< 5e9", "< 5e15"));

    /** The rule's limit. */
    private static final int SOON_S = 4 * 3_600;

    @TempDir
    Path directory;

    private final PgServer server = PgServer.shared(18);
    private final String database;
    private final Connection connection;
    private final Statement statement;
    private final Metrics metrics = new Metrics();
    private final Scrapes scrapes = new Scrapes();
    private final Map<String, String> rules = rules();
    private final TreeSet<String> tried = new TreeSet<>();

    AlertsTest() throws SQLException, IOException {
        database = server.createDatabase("alerting");
        connection = server.connect(database);
        statement = connection.createStatement();
        sql(
                "CREATE TABLE t (id int PRIMARY KEY); CREATE PUBLICATION p FOR TABLE t",
                "CREATE SCHEMA copy; CREATE TABLE copy.t (id int PRIMARY KEY CHECK (id < 100))");
        connection.createStatement().execute("ALTER SYSTEM SET max_slot_wal_keep_size = '4GB'");
        sql("SELECT pg_reload_conf()");
    }

    @AfterEach
    void tearDown() throws SQLException {
        sql("ALTER SYSTEM RESET max_slot_wal_keep_size", "SELECT pg_reload_conf()");
        connection.close();
        server.dropDatabase(database);
        metrics.close();
    }

    private void sql(String... statements) throws SQLException {
        for (String sql : statements) {
            statement.execute(sql);
        }
    }

    private void allowConnections(boolean allow) throws SQLException {
        try (Connection other = server.connect("postgres");
                Statement alter = other.createStatement()) {
            alter.execute("ALTER DATABASE " + database + " ALLOW_CONNECTIONS " + allow);
        }
    }

    private static Map<String, String> rules() throws IOException {
        Map<String, String> rules = new TreeMap<>();
        JsonNode file = new YAMLMapper()
                .readTree(DOCKER.resolve("prometheus/alerts.yaml").toFile());
        file.at("/groups/0/rules")
                .forEach(rule ->
                        rules.put(rule.path("alert").asText(), rule.path("expr").asText()));
        return rules;
    }

    private String slot() {
        return database + "_slot";
    }

    private Pipeline pipeline() throws IOException {
        Path config = Files.writeString(
                directory.resolve("cdc.yaml"), """
                source: {url: "%1$s", slot: %2$s, publications: [p], create_slot: true, watch_interval_ms: 100}
                queue: {dir: "%3$s"}
                sinks:
                - {name: copy, type: projection, url: "%1$s", schema: copy, create: true, dead_letter: true}
                - {name: log, type: change_logs, url: "%1$s", create: true}
                """.formatted(server.url(database), slot(), directory.resolve("queue")));
        SinkProviders providers = SinkProviders.ofProcess();
        LoadedConfig loaded = ConfigLoader.load(config, Flags.NONE, Environment.ofProcess(), providers.byType())
                .one();
        Pipeline pipeline = new Pipeline(
                loaded.pipeline(), providers.create(loaded.pipeline(), sink -> metrics.ofSink(slot(), sink)));
        pipeline.metrics(sink -> metrics.ofSink(slot(), sink));
        metrics.add(pipeline);
        return pipeline;
    }

    @Test
    void rulesAndPanelsSeeWhatAPipelineServes() throws Exception {
        Promtool.path(); // skipped where it is not
        Pipeline pipeline = pipeline();
        ProcessPages pages =
                new ProcessPages(metrics, () -> List.of(pipeline.status()), new ObjectMapper()::createObjectNode);
        AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
        Thread run = new Thread(
                () -> {
                    try {
                        pipeline.run();
                    } catch (CdcException e) {
                        end.set(e);
                    }
                },
                "test-alerts");
        try (HttpService http = HttpService.start(new HttpConfig("127.0.0.1", 0, null), pages.byPath())) {
            run.start();
            stages(http, pipeline);
            run.join();
            awaitScrape(http, "the end", scrape -> value(scrape, "pgcdc_pipeline_running", null) == 0);
            requireAlert("PgcdcDown", null);
        } finally {
            pipeline.control().stop();
            run.join();
        }
        assertTrue(String.valueOf(end.get()).contains("cdc_pattern"), "the failed sink's error: " + end.get());
        assertEquals(rules.keySet(), tried, "each rule is tried");
        scrapes.check(directory);
    }

    private void stages(HttpService http, Pipeline pipeline) throws Exception {
        System.gc(); // its panel has data after the first pause only
        awaitScrape(http, "the stream", scrape -> value(scrape, "pgcdc_source_connected", null) == 1);
        sql("INSERT INTO t VALUES (1)");
        awaitScrape(http, "a change in each sink", scrape -> calm(scrape) && taken(scrape, 1));
        requireCalm();

        sql("INSERT INTO t VALUES (200)");
        awaitScrape(
                http,
                "a dead letter",
                scrape -> calm(scrape)
                        && taken(scrape, 2)
                        && value(scrape, "pgcdc_sink_dead_letters_total", "copy") == 1);
        requireAlert("PgcdcDeadLetters", "copy");

        pipeline.control().pause("log").join();
        sql("INSERT INTO t VALUES (2)");
        awaitScrape(
                http,
                "the pause",
                scrape -> calm(scrape)
                        && value(scrape, "pgcdc_sink_paused", "log") == 1
                        && value(scrape, "pgcdc_sink_lag_seconds", "log") > 0.5);
        requireAlert("PgcdcSinkPaused", "log");
        requireAlert("PgcdcSinkLags", "log");

        sql("DROP SCHEMA cdc_pattern CASCADE");
        pipeline.control().resume("log").join();
        awaitScrape(
                http,
                "the sink that stopped",
                scrape -> calm(scrape)
                        && value(scrape, "pgcdc_sink_running", "log") == 0
                        && value(scrape, "pgcdc_sink_paused", "log") == 0);
        requireAlert("PgcdcSinkStopped", "log");

        awaitScrape(http, "growing WAL", scrape -> {
            sql("SELECT pg_switch_wal()", "INSERT INTO t SELECT min(id) - 1 FROM t");
            return value(scrape, "pgcdc_slot_loss_seconds", null) < SOON_S
                    && value(scrape, "pgcdc_slot_retained_wal_bytes", null) > 50e6;
        });
        requireAlert("PgcdcSlotAtRisk", null);
        requireAlert("PgcdcSlotHoldsWal", null);
        requireAlert("PgcdcQueueDiskShort", null);
        requirePanels();

        allowConnections(false);
        sql("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '" + slot() + "'");
        awaitScrape(http, "the lost connection", scrape -> value(scrape, "pgcdc_source_connected", null) == 0);
        requireAlert("PgcdcSourceNotConnected", null);
        allowConnections(true);
        pipeline.control().stop();
    }

    /** What the stages write makes the slot seem to be lost soon, for some looks. */
    private boolean calm(Map<String, String> scrape) {
        return !(value(scrape, "pgcdc_slot_loss_seconds", null) < SOON_S);
    }

    /** Says if a scrape shows what a stage waits for. */
    private interface Seen {
        boolean in(Map<String, String> scrape) throws SQLException;
    }

    private void awaitScrape(HttpService http, String what, Seen seen) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + http.port() + "/metrics");
        Await.until(what, () -> {
            Map<String, String> scrape =
                    Scrapes.parse(new String(uri.toURL().openStream().readAllBytes(), StandardCharsets.UTF_8));
            boolean there = seen.in(scrape);
            if (there) {
                scrapes.add(scrape);
            }
            return there;
        });
    }

    private String labels(@Nullable String sink) {
        return "{pipeline=\"" + slot() + "\"" + (sink == null ? "" : ",sink=\"" + sink + "\"") + "}";
    }

    private double value(Map<String, String> scrape, String name, @Nullable String sink) {
        return Double.parseDouble(scrape.getOrDefault(name + labels(sink), "NaN"));
    }

    private boolean taken(Map<String, String> scrape, int changes) {
        return List.of("copy", "log").stream()
                .allMatch(sink -> value(scrape, "pgcdc_sink_changes_total", sink) == changes
                        && value(scrape, "pgcdc_sink_lag_changes", sink) == 0);
    }

    /** No rule is true of a pipeline that is well, but that of a short disk where it is short. */
    private void requireCalm() {
        rules.forEach((rule, expression) -> {
            if (!rule.equals("PgcdcQueueDiskShort")) {
                scrapes.expect("count(" + expression + ")", Map.of());
            }
        });
    }

    private void requireAlert(String rule, @Nullable String sink) {
        String expression = rules.getOrDefault(rule, "no rule " + rule);
        List<String> limit = LIMITS.getOrDefault(rule, List.of("", ""));
        assertTrue(expression.contains(limit.get(0)), expression);
        scrapes.expect(
                "count by (pipeline, sink) (" + expression.replace(limit.get(0), limit.get(1)) + ")",
                Map.of(labels(sink), 1));
        tried.add(rule);
    }

    /** Each panel of the dashboard has data. */
    private void requirePanels() throws IOException {
        JsonNode dashboard =
                new ObjectMapper().readTree(DOCKER.resolve("grafana/pgcdc.json").toFile());
        List<String> expressions = dashboard.findValuesAsText("expr");
        assertTrue(expressions.size() > 10, expressions.toString());
        for (String expression : expressions) {
            String of = expression.replace("$pipeline", ".*").replace("$sink", ".*");
            scrapes.expect("count(" + of + ") > bool 0", Map.of("{}", 1));
        }
    }
}
