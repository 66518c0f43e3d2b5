package io.pgcdc.sinks.debezium;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.pipeline.Captured;
import io.pgcdc.servers.testing.EachPostgres;
import io.pgcdc.sink.Sink;
import io.pgcdc.testkit.sinks.EnvelopeWorkload;
import io.pgcdc.testkit.sinks.TargetDatabase;
import io.pgcdc.testkit.sinks.TypeMatrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;

/**
 * Debezium's own engine and ours read the same WAL, and keys and values are equal, topic by topic, in order.
 *
 * <p>Left out of the comparison, and explained in docs/reference/debezium-format.md: {@code source.version}; the clock at the end of a record;
 * {@code source.origin_lsn}; the first half of {@code source.sequence}; {@code source.ts_*} of a message outside any transaction; in the
 * schemas of rows {@code default}, {@code optional}, and the labels of an enum; the order of hstore's keys; a microsecond of an
 * interval. Values that Debezium fails at, or
 * makes something else of, are not in {@link TypeMatrix}; {@link DebeziumFormatTest} says what we make of them.
 */
class DebeziumDifferentialTest {

    @TempDir
    Path directory;

    @EachPostgres
    void recordsAreEqual(int version) {
        long seed = System.nanoTime();
        TypeMatrix types = new TypeMatrix(version, seed);
        try (TargetDatabase source = new TargetDatabase(version)) {
            source.sql(TypeMatrix.TYPES.toArray(String[]::new));
            source.sql(types.tables().toArray(String[]::new));
            source.sql(EnvelopeWorkload.TABLES.toArray(String[]::new));
            source.sql("CREATE PUBLICATION captured FOR ALL TABLES");
            List<BothSides> settings = BothSides.settings(source.name(), version == 18);
            createSlot(source, "slot");
            settings.forEach(s -> createSlot(source, s.name()));
            source.sql(EnvelopeWorkload.CHANGES.toArray(String[]::new));
            source.sql(types.rows().toArray(String[]::new));
            source.sql(types.changes().toArray(String[]::new));
            source.sql(EnvelopeWorkload.FINISH);

            Map<String, RecordingSink> sinks = new LinkedHashMap<>();
            settings.forEach(s -> sinks.put(s.name(), new RecordingSink(s.ours())));
            new Captured(source, directory.resolve("queue")).bringTo(new LinkedHashMap<String, Sink>(sinks));

            Map<String, CompletableFuture<List<KeyedRecord>>> theirs = new LinkedHashMap<>();
            for (BothSides s : settings) {
                Peer peer = new Peer(
                        source,
                        source.name() + "_" + s.name(),
                        s.ours().prefix(),
                        s.ours().prefix() + ".public.finish",
                        s.theirs());
                theirs.put(s.name(), CompletableFuture.supplyAsync(peer::read));
            }
            List<String> differences = new ArrayList<>();
            sinks.forEach((name, ours) -> {
                Comparison comparison = new Comparison(types::typeOf);
                comparison.compare(theirs.get(name).join(), ours.records);
                comparison.differences().forEach(d -> differences.add(name + " " + d));
                assertTrue(comparison.compared() > 1000, "few records: " + comparison.compared());
            });
            assertEquals(
                    "",
                    String.join("\n", differences),
                    differences.size() + " differences on PostgreSQL " + version + ", seed " + seed);
        }
    }

    private static void createSlot(TargetDatabase source, String name) {
        source.sql("SELECT pg_create_logical_replication_slot('" + source.name() + "_" + name + "', 'pgoutput')");
    }
}
