package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.history.History;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.servers.KafkaBroker;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.servers.testing.Soak;
import io.pgcdc.servers.workload.TpcB;
import io.pgcdc.testkit.history.Comparison;
import io.pgcdc.testkit.process.CdcProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged command begins with the rows that exist, under TPC-B load, and writes them into all sinks that promise exactly once:
 * change_logs, a projection and Kafka. It is killed while it reads rows and after, and tables are rewritten meanwhile.
 */
class SnapshotFaultIT {

    private static final int ROUNDS = Soak.count(1, 5);
    private static final int KILLS = Soak.count(2, 6);

    /** Rows of history that exist before the slot. No load changes them. */
    private static final int OLD_ROWS = Soak.count(3_000, 50_000);

    private static final String LOG = "cdc_pattern.log";

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String SINKS = """
            - {name: log, type: change_logs, table: log, table_names: qualified, url: "%1$s", create: true}
            - {name: replica, type: projection, schema: replica, url: "%1$s", create: true, origin: "off"}
            - {name: bus, type: kafka, prefix: %2$s, partitions: 3, properties: {bootstrap.servers: "%3$s"}}
            """;

    private static final Map<String, List<String>> KEYS = SnapshotBench.keys(TpcB.KEYS);

    private final KafkaBroker broker = KafkaBroker.shared();

    @TempDir
    Path directory;

    @Test
    void rowsAndChangesArriveOnce() throws Exception {
        play(14);
    }

    @Tag("soak")
    @EachPostgres
    void rowsAndChangesArriveOnceOnEachVersion(int version) throws Exception {
        play(version);
    }

    private void play(int version) throws Exception {
        SnapshotBench.play(getClass().getSimpleName() + " on " + version, version, directory, ROUNDS, this::round);
    }

    private void round(SnapshotBench bench, Random random) throws Exception {
        TpcB.create(bench.source());
        TpcB.fill(bench.source());
        bench.sql("INSERT INTO history (account, teller, delta, at) SELECT 1 + n % 1000, 1 + n % 10, 0, now()"
                + " FROM generate_series(1, " + OLD_ROWS + ") n");
        underLoad(bench, random);
        SnapshotResult.assertFollows(bench, "replica", KEYS);
        History history = SnapshotResult.replayed(bench, LOG, KEYS);
        Comparison.compare(bench.source(), KEYS, history);
        SnapshotResult.assertReadOnce(bench, LOG, SnapshotBench.STILL, SnapshotBench.STILL_ROWS);
        SnapshotResult.assertReadOnce(bench, LOG, "public.history", OLD_ROWS);
        for (String table : KEYS.keySet()) {
            compareTopic(bench, table, history);
        }
        System.out.println("SnapshotFaultIT: " + counts(bench));
    }

    /** Kills runs while the workload goes on, and ends with one that is not killed. */
    private void underLoad(SnapshotBench bench, Random random) throws Exception {
        String sinks = SINKS.formatted(bench.targetUrl(), bench.name(), broker.bootstrapServers());
        CdcProcess last = null;
        try {
            try (TpcB load = new TpcB(bench::connect, random.nextLong())) {
                for (int i = 0; i < KILLS; i++) {
                    try (CdcProcess run = bench.start("initial", sinks)) {
                        bench.kill(run, LOG, "accounts");
                    }
                    System.out.println("SnapshotFaultIT: at a kill " + counts(bench));
                }
                last = bench.start("initial", sinks);
                bench.awaitMore(last, LOG);
                assertTrue(load.answered() > 0, "the load did nothing");
            }
            bench.finish(last, () -> isLast(bench));
        } finally {
            if (last != null) {
                last.close();
            }
        }
    }

    private static String counts(SnapshotBench bench) throws SQLException {
        return SnapshotResult.line(
                bench,
                "SELECT count(*) FILTER (WHERE change_type = 'READ') || ' rows,', count(*) FILTER (WHERE change_type <> 'READ')"
                        + " || ' changes' FROM " + LOG);
    }

    /** Returns true if every sink has the last change. */
    private boolean isLast(SnapshotBench bench) throws Exception {
        return bench.rows("replica.last") > 0
                && bench.ask("SELECT count(*) FROM " + LOG + " WHERE table_name = '" + SnapshotBench.LAST + "'") > 0
                && !TopicReader.read(broker.bootstrapServers(), bench.name() + "." + SnapshotBench.LAST)
                        .isEmpty();
    }

    /** Compares a topic's committed records, each once and each key's in order, with change_logs and what that adds up to. */
    private void compareTopic(SnapshotBench bench, String table, History history) throws Exception {
        Set<Position> seen = new HashSet<>();
        Map<String, Position> last = new HashMap<>();
        Map<String, JsonNode> rows = new TreeMap<>();
        TopicReader.read(
                broker.clientProperties(),
                record -> {
                    JsonNode change = parse(record);
                    Position position = Position.parse(change.path("position").asText());
                    assertTrue(seen.add(position), () -> "twice: " + position + " of " + table);
                    String key = String.valueOf(TopicReader.text(record.key()));
                    Position before = last.put(key, position);
                    assertTrue(before == null || before.compareTo(position) < 0, () -> "out of order: " + position);
                    rows.put(key, change.path("new_data"));
                },
                bench.name() + "." + table);
        assertEquals(logged(bench, table), seen, table);
        assertEquals(history.tables().get(table), rows, table);
    }

    private static Set<Position> logged(SnapshotBench bench, String table) throws Exception {
        Set<Position> positions = new HashSet<>();
        try (Statement statement = bench.target().createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT commit_lsn, ordinal FROM " + LOG + " WHERE table_name = '" + table + "'")) {
            while (row.next()) {
                positions.add(new Position(0, Lsn.parse(row.getString(1)), row.getLong(2)));
            }
        }
        return positions;
    }

    private static JsonNode parse(ConsumerRecord<byte[], byte[]> record) {
        try {
            return JSON.readTree(record.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
