package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.testing.Soak;
import org.junit.jupiter.api.Test;

/**
 * Invariants 1 to 5, 8 and 9 over thousands of made-up histories. {@code -Dpgcdc.simulation.seed=N} plays one again, with its log;
 * {@code -Dpgcdc.simulation.histories=N} plays more of them.
 */
class SimulationTest {

    private static final String SEED = "pgcdc.simulation.seed";
    private static final int HISTORIES = Integer.getInteger("pgcdc.simulation.histories", Soak.count(800, 50_000));

    @Test
    void noHistoryBreaksAPromise() {
        Long only = Long.getLong(SEED);
        long from = only == null ? System.nanoTime() : only;
        long changes = 0;
        long processes = 0;
        long rewinds = 0;
        long switches = 0;
        long retries = 0;
        long replays = 0;
        long deathsPaused = 0;
        long deathsInReplay = 0;
        long fed = 0;
        for (long seed = from; seed < from + (only == null ? HISTORIES : 1); seed++) {
            long played = seed;
            Simulation.Outcome outcome = QuietLog.during("-D" + SEED + "=" + seed, () -> Simulation.play(played));
            changes += outcome.changes();
            processes += outcome.processes();
            rewinds += outcome.rewinds();
            switches += outcome.switches();
            retries += outcome.retries();
            replays += outcome.replays();
            deathsPaused += outcome.deathsPaused();
            deathsInReplay += outcome.deathsInReplay();
            fed += outcome.fed();
        }
        assertTrue(changes > processes, changes + " changes");
        assertTrue(only != null || rewinds > HISTORIES / 10, rewinds + " rewinds");
        assertTrue(only != null || switches > HISTORIES, switches + " switches of the confirm policy");
        assertTrue(only != null || retries > HISTORIES / 20, retries + " retries");
        assertTrue(only != null || replays > HISTORIES / 10, replays + " replays");
        assertTrue(only != null || deathsPaused > HISTORIES / 20, deathsPaused + " deaths with a paused sink");
        assertTrue(only != null || deathsInReplay > HISTORIES / 100, deathsInReplay + " deaths in a replay");
        assertTrue(only != null || fed > HISTORIES, fed + " changes in feeds");
        System.out.printf(
                "SimulationTest: from seed %d, %d histories, %d processes, %d changes, %d rewinds, %d retries, %d replays, %d deaths of a"
                        + " process with a paused sink, %d in a replay, %d switches, %d changes in feeds%n",
                from,
                only == null ? HISTORIES : 1,
                processes,
                changes,
                rewinds,
                retries,
                replays,
                deathsPaused,
                deathsInReplay,
                switches,
                fed);
    }
}
