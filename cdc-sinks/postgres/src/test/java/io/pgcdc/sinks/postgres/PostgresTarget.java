package io.pgcdc.sinks.postgres;

import io.pgcdc.error.CdcException;
import io.pgcdc.error.Retry;
import io.pgcdc.servers.testing.Soak;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SinkProvider;
import io.pgcdc.testkit.sink.FaultyTarget;
import io.pgcdc.testkit.sinks.TargetDatabase;
import java.util.List;
import java.util.Random;

/** Tables of a real server, emptied for each test; it fails by losing all connections, once in each few thousand bytes. */
final class PostgresTarget implements FaultyTarget {

    private static final int FIRST_CUT = 100;
    private static final int CUT_STEP = Soak.count(16_000, 4_000);
    private static final int MOST_TRIES = 1_000;

    /** Where in its step a cut comes. */
    private static final Random PLACE = random();

    private static Random random() {
        long seed = Long.getLong("pgcdc.seed", System.nanoTime());
        System.out.println("PostgresTarget, seed " + seed);
        return new Random(seed);
    }

    private final TargetDatabase database;
    private final SinkProvider provider;
    private final String[] settings;
    private final String contents;

    /**
     * An empty target.
     *
     * @param tables that the sink writes, which are emptied
     * @param contents a query for position and content of what is there
     */
    PostgresTarget(
            TargetDatabase database, SinkProvider provider, List<String> tables, String contents, String... settings) {
        this.database = database;
        this.provider = provider;
        this.contents = contents;
        this.settings = settings;
        for (String table : tables) {
            if (!database.ask("SELECT to_regclass('" + table + "')").equals("null")) {
                database.sql("DELETE FROM " + table);
            }
        }
        database.proxy().cutAfter(Long.MAX_VALUE);
    }

    @Override
    public Sink open() {
        for (int tries = 1; ; tries++) {
            try {
                return database.open(provider, settings);
            } catch (CdcException e) {
                // as delivery does: the session that was cut may hold its replication origin for a moment yet
                if (e.retry() == Retry.NEVER || tries == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }

    @Override
    public List<Received> received() {
        return database.received(contents);
    }

    @Override
    public void failAfter(int operations) {
        database.proxy()
                .cutAfter(FIRST_CUT + (long) CUT_STEP * operations + (operations == 0 ? 0 : PLACE.nextInt(CUT_STEP)));
    }

    @Override
    public boolean hasFailed() {
        return database.proxy().hasCut();
    }

    /** What a server has committed it keeps; the sink's connection ends, and with it what was not committed. */
    @Override
    public void crash() {
        database.proxy().cut();
    }

    @Override
    public boolean exactlyOnce() {
        return true;
    }

    @Override
    public void close() {}
}
