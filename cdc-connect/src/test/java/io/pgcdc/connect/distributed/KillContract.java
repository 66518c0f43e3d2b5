package io.pgcdc.connect.distributed;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.testing.Await;
import io.pgcdc.servers.testing.Soak;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A killed worker costs and repeats nothing: neither changes nor rows of a snapshot. {@link ChaosIT} kills many, for long. */
abstract class KillContract {

    private static final int ROWS = 2_000;

    /** The load runs during the snapshot, too, so that a build's one kill meets both. */
    private static final int KILLS_WHILE_STREAMING = Soak.count(0, 1);

    private static final int LARGE = 300;
    private static final Duration PAUSE = Duration.ofMillis(200);

    abstract ConnectGroup group();

    @BeforeEach
    void awaitWorkers() {
        group().awaitReady();
    }

    @Test
    void aWorkerIsKilledDuringTheSnapshotAndWhileStreaming() throws Exception {
        try (LoadedDatabase database = new LoadedDatabase(group(), 1, ROWS, LARGE, PAUSE)) {
            database.startLoad();
            database.captured()
                    .run(
                            "snapshot.mode", "initial",
                            "snapshot.chunk_bytes", "8192",
                            "snapshot.parallel", "1",
                            "commit_bytes", "1048576",
                            // until then, a worker that starts waits for the transaction of the one that was killed
                            "producer.override.transaction.timeout.ms", "5000",
                            "snapshot.max_rows_per_second", "1000");
            Await.until("rows in Kafka", () -> database.snapshotRows() > 0);
            killOwner(database);
            int rows = database.snapshotRows();
            assertTrue(rows < ROWS, "the snapshot was finished, with " + rows + " rows");
            Await.untilRarely(
                    "the end of the snapshot", Duration.ofMinutes(1), database.captured()::isSnapshotFinished);

            for (int i = 0; i < KILLS_WHILE_STREAMING; i++) {
                killOwner(database);
            }
            database.orderSnapshot();
            database.stopLoad();
            database.awaitAll(() -> {});
            assertTrue(database.check(Integer.MAX_VALUE) > ROWS);
        }
    }

    private void killOwner(LoadedDatabase database) {
        group().owner(database.name()).kill();
        group().awaitReady();
    }
}
