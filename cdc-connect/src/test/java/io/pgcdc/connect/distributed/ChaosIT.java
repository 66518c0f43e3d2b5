package io.pgcdc.connect.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.testing.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Three workers with four slots, under load, for 20 minutes: a worker is killed every 20 s, others freeze and come back, the broker
 * restarts, connectors get other configurations. Each change, and each row of a snapshot, is in Kafka once, in order, in whole transactions.
 *
 * <p>{@code -Dpgcdc.chaos.seconds} sets another duration, {@code -Dpgcdc.seed} repeats a printed seed.
 */
@Tag("soak")
class ChaosIT {

    private static final int WORKERS = 3;
    private static final int SLOTS = 4;
    private static final long MOST_BYTES = 250L << 20;
    private static final int STILL_ROWS = 12_000;
    private static final int LARGE = 600;
    private static final Duration PAUSE = Duration.ofMillis(800);
    private static final Duration DURATION = Duration.ofSeconds(Integer.getInteger("pgcdc.chaos.seconds", 1_200));

    /** Of the source whose large transactions are split: they have more records than these. A record counts 1,024 bytes, and twice its own. */
    private static final int SPLIT_RECORDS = 700;

    /** No less than a chunk: 16,384 bytes of {@code still} are 648 rows. */
    private static final int SPLIT_BYTES = 1_200_000;

    private final long seed = Long.getLong("pgcdc.seed", System.nanoTime());
    private final List<LoadedDatabase> databases = new ArrayList<>();
    private ConnectGroup group;

    @BeforeEach
    void start() throws Exception {
        group = ConnectGroup.start(WORKERS);
        for (int i = 0; i < SLOTS; i++) {
            databases.add(new LoadedDatabase(group, seed + i, STILL_ROWS, LARGE, PAUSE));
        }
    }

    @AfterEach
    void close() throws Exception {
        group.keepLogs("chaos");
        try {
            for (LoadedDatabase database : databases) {
                database.close();
            }
        } finally {
            group.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, SLOTS})
    void eachChangeAndRowIsThereOnce(int connectors) throws Exception {
        Map<String, Map<String, String>> configs = connectors == 1 ? oneConnector() : connectorsOfTheirOwn();
        Chaos chaos = new Chaos(group, configs, seed);
        try {
            play(chaos, configs);
        } catch (Throwable e) {
            System.out.println("ChaosIT: " + e); // at once: the report comes when all tests have ended
            throw new AssertionError("seed " + seed + ", " + chaos.strikes() + ", tasks failed: " + chaos.traces(), e);
        }
    }

    private void play(Chaos chaos, Map<String, Map<String, String>> configs) throws Exception {
        for (LoadedDatabase database : databases) {
            database.startLoad();
        }
        configs.forEach(group.rest()::put);
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < DURATION.toNanos()) {
            chaos.round();
            orderSnapshots();
        }
        for (LoadedDatabase database : databases) {
            database.stopLoad();
        }
        group.awaitReady();
        Await.until("snapshots by order", Duration.ofMinutes(5), () -> {
            chaos.look();
            orderSnapshots();
            return databases.stream().allMatch(LoadedDatabase::isOrdered);
        });
        Map<String, Long> changes = new LinkedHashMap<>();
        for (LoadedDatabase database : databases) {
            database.awaitAll(chaos::look);
        }
        for (LoadedDatabase database : databases) {
            boolean isSplit = database == databases.get(SLOTS - 1);
            changes.put(database.name(), database.check(isSplit ? SPLIT_RECORDS : Integer.MAX_VALUE));
        }
        System.out.println("ChaosIT: " + chaos.strikes() + ", changes " + changes + ", most bytes of a worker "
                + chaos.mostResidentBytes() + ", failed tasks: "
                + chaos.traces().stream().map(ChaosIT::firstCause).toList());
        assertEquals(
                List.of(),
                chaos.traces().stream().filter(trace -> trace.contains("CDC-")).toList());
        assertTrue(chaos.wasThorough(), "strikes are missing; let it run for longer");
        assertTrue(chaos.mostResidentBytes() < MOST_BYTES, chaos.mostResidentBytes() + " bytes");
    }

    private static String firstCause(String trace) {
        int cause = trace.lastIndexOf("Caused by: ");
        return trace.substring(Math.max(0, cause)).lines().findFirst().orElse("");
    }

    /** Orders a second snapshot of each database whose first one is finished. */
    private void orderSnapshots() throws Exception {
        for (LoadedDatabase database : databases) {
            if (!database.isOrdered() && database.captured().isSnapshotFinished()) {
                database.orderSnapshot();
            }
        }
    }

    private Map<String, Map<String, String>> oneConnector() {
        Map<String, String> config = config(databases.get(0));
        config.remove("source.url");
        config.remove("source.slot");
        config.remove("topic");
        config.put("tasks.max", Integer.toString(SLOTS));
        List<String> names = new ArrayList<>();
        for (int i = 0; i < SLOTS; i++) {
            Map<String, String> own = config(databases.get(i));
            String name = "db" + i;
            names.add(name);
            config.put("sources." + name + ".url", own.get("source.url"));
            config.put("sources." + name + ".slot", own.get("source.slot"));
            config.put("sources." + name + ".topic", own.get("topic"));
            if (own.containsKey("commit_bytes")) {
                config.put("sources." + name + ".commit_bytes", own.get("commit_bytes"));
            }
            if (own.containsKey("split_bytes")) {
                config.put("sources." + name + ".split_bytes", own.get("split_bytes"));
            }
        }
        config.remove("commit_bytes");
        config.put("sources", String.join(",", names));
        return new LinkedHashMap<>(Map.of(databases.get(0).name(), config));
    }

    private Map<String, Map<String, String>> connectorsOfTheirOwn() {
        Map<String, Map<String, String>> configs = new LinkedHashMap<>();
        databases.forEach(database -> configs.put(database.name(), config(database)));
        return configs;
    }

    /** In one database, small transactions share a Kafka transaction; in another one, large ones are split. */
    private Map<String, String> config(LoadedDatabase database) {
        Map<String, String> config = new HashMap<>(database.captured()
                .config(
                        "snapshot.mode", "initial",
                        "snapshot.chunk_bytes", "16384",
                        "snapshot.max_rows_per_second", "500",
                        "memory_bytes", "4194304",
                        "producer.override.buffer.memory", "8388608"));
        int index = databases.indexOf(database);
        if (index == SLOTS - 2) {
            config.put("commit_bytes", "1048576");
        }
        if (index == SLOTS - 1) {
            config.put("split_bytes", Integer.toString(SPLIT_BYTES));
        }
        return config;
    }
}
