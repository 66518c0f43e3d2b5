package io.pgcdc.golden;

import io.pgcdc.catalog.CatalogConnection;
import io.pgcdc.decode.LogicalMessage;
import io.pgcdc.decode.MessageHandler;
import io.pgcdc.decode.PgOutput;
import io.pgcdc.decode.PgOutputDecoder;
import io.pgcdc.decode.RelationMessage;
import io.pgcdc.model.Relation;
import io.pgcdc.servers.PgServer;
import io.pgcdc.source.RelationAssembly;
import io.pgcdc.source.TableAliases;
import io.pgcdc.wire.FrameHandler;
import io.pgcdc.wire.ReplicationConnection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * Runs a fixture on a server and keeps what its slot sends. After each step the stream is read to the step's end before the next one
 * begins, so that the catalog's facts are those of that moment.
 */
public final class GoldenRecorder extends MessageHandler implements FrameHandler {

    /** A transaction with this message follows each step, and is left out of the capture. */
    private static final String STEP_END = "golden: end of step";

    private static final int STALL_MS = 10_000;
    private static final int WAIT_MS = 100;
    private static final long DEADLINE_MS = 30_000;

    private final List<GoldenItem> items = new ArrayList<>();
    private final Map<Integer, Relation> latest = new HashMap<>();
    private final PgOutputDecoder decoder = new PgOutputDecoder(PgOutput.VERSION);
    private final RelationAssembly assembly;
    private int versions;
    private int transactionStart;
    private boolean stepEndMet;
    private boolean stepEnded;

    private GoldenRecorder(CatalogConnection catalog, String slot) {
        this.assembly = new RelationAssembly(catalog, slot, List.of(GoldenFixture.PUBLICATION), TableAliases.NONE);
    }

    /** Records on a database of its own, which is dropped afterwards. */
    public static GoldenCapture record(PgServer server, GoldenFixture fixture) throws SQLException {
        String database = server.createDatabase("golden");
        try (Connection session = server.connect(database)) {
            try (Statement statement = session.createStatement()) {
                for (String sql : fixture.setup()) {
                    statement.execute(sql);
                }
                createPublication(statement);
            }
            return capture(server, database, session, fixture);
        } finally {
            server.dropDatabase(database);
        }
    }

    private static void createPublication(Statement statement) throws SQLException {
        String name = GoldenFixture.PUBLICATION;
        try (ResultSet found = statement.executeQuery("SELECT FROM pg_publication WHERE pubname = '" + name + "'")) {
            if (found.next()) {
                return;
            }
        }
        statement.execute("CREATE PUBLICATION " + name + " FOR ALL TABLES");
    }

    private static GoldenCapture capture(PgServer server, String database, Connection session, GoldenFixture fixture)
            throws SQLException {
        String url = server.jdbcUrl(database);
        String where = server.url(database);
        Properties none = new Properties();
        try (CatalogConnection catalog = new CatalogConnection(url, () -> none, where, 60_000);
                Connection marker = server.connect(database);
                ReplicationConnection stream = ReplicationConnection.open(url, none, where, 60_000);
                Statement statement = session.createStatement()) {
            String slot = database;
            long start = stream.createSlot(slot, false, false).consistentPoint();
            stream.start(slot, start, PgOutput.VERSION, List.of(GoldenFixture.PUBLICATION), STALL_MS);
            GoldenRecorder recorder = new GoldenRecorder(catalog, slot);
            for (List<String> step : fixture.steps()) {
                for (String sql : step) {
                    statement.execute(sql);
                }
                recorder.drain(stream, marker);
            }
            return new GoldenCapture(recorder.items);
        }
    }

    private void drain(ReplicationConnection stream, Connection marker) throws SQLException {
        try (Statement statement = marker.createStatement()) {
            statement.execute("SELECT pg_logical_emit_message(true, '" + STEP_END + "', '')");
        }
        stepEnded = false;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MS);
        while (!stepEnded) {
            if (!stream.receive(this, WAIT_MS) && System.nanoTime() > deadline) {
                throw new IllegalStateException("the step's end did not come within " + DEADLINE_MS + " ms");
            }
        }
    }

    @Override
    public void data(long lsn, long serverMicros, byte[] buffer, int offset, int length) {
        byte[] bytes = Arrays.copyOfRange(buffer, offset, offset + length);
        boolean standsAlone = !new GoldenItem.Frame(lsn, 0, bytes).isTransactional();
        GoldenItem.Frame frame = new GoldenItem.Frame(lsn, standsAlone ? serverMicros : 0, bytes);
        if (frame.type() == PgOutput.BEGIN) {
            transactionStart = items.size();
        }
        items.add(frame);
        decoder.decode(bytes, 0, bytes.length, lsn, this);
        if (frame.type() == PgOutput.COMMIT && stepEndMet) {
            items.subList(transactionStart, items.size()).clear();
            stepEndMet = false;
            stepEnded = true;
        }
    }

    @Override
    public void keepalive(long walEnd, boolean replyRequested) {}

    @Override
    public void relation(RelationMessage message) {
        // without the facts: they are numbers that this server gave
        Relation relation = assembly.assemble(message).withFacts(null);
        Relation last = latest.get(relation.oid());
        if (last == null || !last.sameAs(relation)) {
            last = relation.withVersion(++versions);
            latest.put(relation.oid(), last);
        }
        items.add(new GoldenItem.Layout(last));
    }

    @Override
    public void message(LogicalMessage message) {
        stepEndMet |= message.prefix().equals(STEP_END);
    }
}
