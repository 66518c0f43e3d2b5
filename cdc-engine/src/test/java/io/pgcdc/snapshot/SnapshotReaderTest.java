package io.pgcdc.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.capture.ChunkRows;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.life.Lifecycle;
import io.pgcdc.life.SetClock;
import io.pgcdc.model.SeenTransactions;
import io.pgcdc.session.SourceErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Which errors of the source a reader outlasts. */
class SnapshotReaderTest {

    private static final int MANY = 1_000;

    private final SetClock clock = new SetClock();
    private final List<Throwable> failed = new ArrayList<>();
    private int reads;
    private int failures;
    private String state = "";

    private final SnapshotReader reader =
            new SnapshotReader(new OneQuery(), new Nothing(), new Nothing(), new Lifecycle(clock), true, failed::add);

    /** Lets the server fail with this state, so many times. */
    private void fail(String with, int times) {
        state = with;
        failures = times;
        reads = 0;
        for (int turns = 0; reads < times + 1 && turns < 2 * MANY && reader.turn(0); turns++) {
            assertTrue(turns < MANY, "it ends");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"53400", "40P01", "40001", "57014", "55P03"})
    void aStatementThatFailsIsRepeatedSomeTimes(String with) {
        fail(with, SnapshotReader.MOST_FAILURES - 1);
        fail(with, SnapshotReader.MOST_FAILURES - 1);
        assertEquals(List.of(), failed);
        fail(with, MANY);
        assertEquals(SnapshotReader.MOST_FAILURES, reads);
        SourceException e = assertInstanceOf(SourceException.class, failed.get(0));
        assertTrue(
                e.describe().contains("(SQLSTATE " + with + ")")
                        && e.describe().endsWith(" It has failed 25 times in a row."),
                e.describe());
    }

    @ParameterizedTest
    @ValueSource(strings = {"53000", "53100", "53200", "57P01", "08006"})
    void aServerThatLacksSomethingIsWaitedFor(String with) {
        fail(with, MANY - 1);
        assertEquals(List.of(), failed);
        assertEquals(MANY, reads);
    }

    @Test
    void anotherErrorEndsTheWork() {
        fail("42883", 2);
        assertEquals(
                ErrorCode.SOURCE_SQL_FAILED,
                assertInstanceOf(SourceException.class, failed.get(0)).code());
        assertEquals(1, reads);
    }

    /** A look at the catalog that is not due is no success. */
    @Test
    void pausesGrow() {
        long before = clock.nanos();
        fail("57014", 10);
        long paused = TimeUnit.NANOSECONDS.toMillis(clock.nanos() - before);
        assertEquals(100 + 200 + 400 + 800 + 1_600 + 3_200 + 6_400 + 3 * 10_000, paused);
    }

    /** The stream connects again, or for the first time: what is read meanwhile is ended, and is no failure, whether lost connections are made anew or not. */
    @Test
    void aReadThatIsEndedIsRepeated() {
        Runnable[] end = new Runnable[1];
        SnapshotReader strict = new SnapshotReader(
                new OneQuery() {
                    @Override
                    public void read(ChunkQuery query, ChunkSource source) {
                        if (reads++ == 0) {
                            end[0].run();
                        }
                        if (reads < 3) {
                            throw new SourceException(ErrorCode.CONNECTION_LOST, "ended; test; go on.");
                        }
                    }
                },
                new Nothing(),
                new Nothing(),
                new Lifecycle(clock),
                false,
                failed::add);
        end[0] = strict::abort;
        assertTrue(strict.turn(0));
        assertEquals(List.of(), failed);
        assertFalse(strict.turn(0), "nobody ended the second read: its connection was lost");
        assertEquals(1, failed.size());
    }

    /** The work does not ask for more. */
    private static final class Nothing implements ChunkSource, SnapshotServer.LookUp {

        @Override
        public Shown read(ChunkQuery query, ChunkRows rows, Consumer<SeenTransactions> opened) {
            throw new AssertionError();
        }

        @Override
        public List<SnapshotTable> get() {
            throw new AssertionError();
        }

        @Override
        public void emit(String watermark) {
            throw new AssertionError();
        }

        @Override
        public void abort() {}

        @Override
        public void close() {}
    }

    private class OneQuery implements RangeReads {

        private final SnapshotTable table = TestTables.table(1, "t", 1);

        @Override
        public ChunkQuery take(long waitMs) {
            return new ChunkWhole(table);
        }

        @Override
        public void read(ChunkQuery query, ChunkSource source) {
            if (reads++ < failures) {
                ServerErrorMessage message = new ServerErrorMessage("SERROR\0C" + state + "\0Mit fails\0");
                throw SourceErrors.statement(new PSQLException(message), "reading " + query);
            }
        }

        @Override
        public boolean lookUp(Supplier<List<SnapshotTable>> tables) {
            assertFalse(isRead());
            return false;
        }

        @Override
        public boolean isRead() {
            return false;
        }
    }
}
