package io.pgcdc.snapshot;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Snapshots while changes are streamed, with crashes at any step: nothing lost, nothing outdated. */
class SnapshotSimulationTest {

    private static final int HISTORIES = Integer.getInteger("pgcdc.simulation.snapshots", 1_500);

    @Test
    void theTableIsWhatWasDelivered() {
        Long given = Long.getLong("pgcdc.simulation.seed");
        long seed = given == null ? System.nanoTime() : given;
        int histories = given == null ? HISTORIES : 1;
        int reads = 0;
        for (int i = 0; i < histories; i++) {
            try {
                reads += SnapshotSimulation.play(seed + i);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("-Dpgcdc.simulation.seed=" + (seed + i) + ": " + e, e);
            }
        }
        System.out.println(
                "SnapshotSimulationTest: from seed " + seed + ", " + histories + " histories, " + reads + " rows read");
        assertTrue(reads > histories, reads + " rows read");
    }
}
