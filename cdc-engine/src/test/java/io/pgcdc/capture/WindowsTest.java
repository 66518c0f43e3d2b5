package io.pgcdc.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.decode.FrameHead;
import io.pgcdc.decode.PgOutput;
import io.pgcdc.decode.PgOutputDecoder;
import io.pgcdc.model.Relation;
import io.pgcdc.model.SeenTransactions;
import io.pgcdc.queue.ChunkLabel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that were read meet the changes of the stream. */
class WindowsTest {

    private static final long IN_QUEUE = 100;
    private static final int NEXT_XID = 150;

    @TempDir
    Path directory;

    private CaptureFixture capture;
    private final List<String> told = new ArrayList<>();
    private String shown = "";

    @BeforeEach
    void open() {
        capture = new CaptureFixture(directory, IN_QUEUE, IN_QUEUE);
        capture.feed = new Feed();
        capture.windows.connected(NEXT_XID);
    }

    @AfterEach
    void close() {
        capture.close();
    }

    /** Reads the row with key a, and lets its watermark arrive. */
    private List<String> window(String snapshot) {
        told.clear();
        shown = snapshot;
        capture.frame(Frames.message(false, 900, "watermark", WindowFeed.PREFIX));
        return told;
    }

    @Test
    void aChangeThatTheWindowDoesNotSeeOvertakesTheRow() {
        capture.begin(200).relation("id").insert("a").commit(200);
        assertEquals(List.of("0 rows"), window("200:200:"));
        assertEquals(List.of("1 rows"), window("201:201:"));
    }

    /** A sink that came later has not got the repeated change, so the row must not be left out; nor may it be older than the change. */
    @Test
    void aWindowThatDoesNotSeeARepeatedTransactionIsReadAgain() {
        capture.begin(IN_QUEUE).relation("id").insert("a").commit(IN_QUEUE);
        assertEquals(List.of("again"), window("100:160:100"));
        assertEquals(List.of("1 rows"), window("160:160:"));
    }

    /** Later transactions in the queue may have changed the rows since. */
    @Test
    void aRepeatedTransactionSaysNothingAboutRows() {
        capture.begin(IN_QUEUE)
                .relation("id")
                .insert("a")
                .frame(Frames.truncate(CaptureFixture.USERS))
                .commit(IN_QUEUE);
        assertEquals(List.of(), told);
        capture.begin(200)
                .insert("a")
                .frame(Frames.truncate(CaptureFixture.USERS))
                .commit(200);
        assertEquals(List.of("begun", "changed", "truncated", "committed"), told);
    }

    /** A snapshot of one row. */
    private final class Feed implements WindowFeed {

        @Override
        public Set<Integer> watched() {
            return Set.of(CaptureFixture.USERS);
        }

        @Override
        public List<SeenTransactions> open() {
            return List.of();
        }

        @Override
        public Window arrived(String watermark) {
            byte[] relation = Frames.relation(CaptureFixture.USERS, "users", "id");
            Relation layout = CaptureFixture.layout(
                    new PgOutputDecoder(PgOutput.VERSION)
                            .relation(new FrameHead().wrap(0, 0, relation, 0, relation.length)),
                    0);
            ChunkRows rows = new ChunkRows();
            byte[] row = Frames.insert(CaptureFixture.USERS, "a");
            rows.add(row, row.length);
            Chunk chunk = new Chunk(1, layout, new ChunkLabel("late", List.of(), "row"), rows);
            return new Window(chunk, SeenTransactions.parse(shown), 0);
        }

        @Override
        public void appended(Window window, long index, @Nullable Set<RowKey> outdated) {
            told.add(window.chunk().rows().count() + " rows");
        }

        @Override
        public void again(Window window) {
            told.add("again");
        }

        @Override
        public void begun() {
            told.add("begun");
        }

        @Override
        public void changed(int oid, KeyedChange change) {
            told.add("changed");
        }

        @Override
        public void truncated(int oid) {
            told.add("truncated");
        }

        @Override
        public Set<Integer> committed(long after) {
            told.add("committed");
            return Set.of();
        }

        @Override
        public boolean announced(Relation relation) {
            return false;
        }

        @Override
        public boolean isFinished() {
            return false;
        }

        @Override
        public void connectionEnded() {}
    }
}
