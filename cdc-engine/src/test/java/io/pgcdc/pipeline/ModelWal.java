package io.pgcdc.pipeline;

import io.pgcdc.capture.Frames;
import io.pgcdc.capture.Heartbeat;
import io.pgcdc.capture.WindowFeed;
import io.pgcdc.model.Position;
import io.pgcdc.snapshot.ModelDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The model server's WAL, written by a {@link ModelWorkload}, and the changes that a sink must see of it. The rows of snapshots join them as
 * they are appended to the queue.
 */
final class ModelWal implements ModelDatabase.Wal {

    /** WAL that does not concern the slot. */
    static final int NOTHING = 0;

    static final int TRANSACTION = 1;

    /** A logical message outside any transaction. */
    static final int MESSAGE = 2;

    /** Prefixes of messages that are for capture. */
    private static final Set<String> HIDDEN = Set.of(Heartbeat.PREFIX, WindowFeed.PREFIX);

    /** A layout of a table. */
    record Layout(int oid, String name, List<String> columns) {}

    /**
     * Part of a transaction.
     *
     * @param lsn where its record begins. Several may have one LSN, as rows of one record do, and it may be less than that of an earlier commit
     */
    record Operation(long lsn, Supplier<byte[]> frame, List<Layout> layouts) {}

    /**
     * Some WAL. A transaction's commit record lies at its start; a message's LSN is its end.
     *
     * @param origin empty: none
     */
    record Entry(
            int kind,
            long start,
            long end,
            int xid,
            String origin,
            Supplier<byte[]> frame,
            List<Operation> operations) {

        /** Returns the LSN of the BEGIN message, which is that of the first change. */
        long firstLsn() {
            return operations.isEmpty() ? start : operations.get(0).lsn();
        }
    }

    /** A change as a sink must see it. */
    record Expected(Position position, String text, long end, boolean last) {}

    private final SplittableRandom chance;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Expected> expected = new ArrayList<>();
    private final Layout ofDatabase = new Layout(ModelDatabase.OID, ModelDatabase.NAME, ModelDatabase.COLUMNS);

    /** A table of which the rows are known. */
    private final ModelDatabase database;

    private long end = 1_000;
    private int worked;
    private int largestFrame;
    private long largestTransaction;

    ModelWal(SplittableRandom chance) {
        this.chance = chance;
        database = new ModelDatabase(chance, this);
        expected.clear(); // its first rows are older than any slot
    }

    long end() {
        return end;
    }

    ModelDatabase database() {
        return database;
    }

    /** Returns the number of the workload's entries. */
    int worked() {
        return worked;
    }

    List<Entry> entries() {
        return entries;
    }

    List<Expected> expected() {
        return expected;
    }

    int largestFrame() {
        return largestFrame;
    }

    /** In bytes of messages. */
    long largestTransaction() {
        return largestTransaction;
    }

    /** Returns the number of changes that end at or before the LSN. */
    int countUpTo(long lsn) {
        return countOfFirst(change -> change.end() <= lsn);
    }

    /** Returns the number of changes at or before the position. */
    int countUpTo(Position position) {
        return countOfFirst(change -> change.position().compareTo(position) <= 0);
    }

    /** Returns the number of changes up to the last one from the WAL that ends at or before the LSN. */
    int countOfWalUpTo(long lsn) {
        return countOfWalIn(countUpTo(lsn));
    }

    /** Returns the number of changes up to the last one from the WAL among the first ones. */
    int countOfWalIn(int first) {
        int count = first;
        while (count > 0 && expected.get(count - 1).position().isRead()) {
            count--;
        }
        return count;
    }

    /** The rows of a snapshot's chunk were appended to the queue. */
    void appended(List<Expected> rows) {
        expected.addAll(countUpTo(rows.get(0).position()), rows);
    }

    /** The rows of a snapshot's chunk were lost. */
    void lost(List<Expected> rows) {
        expected.removeAll(rows);
    }

    private int countOfFirst(Predicate<Expected> belongs) {
        int from = 0;
        int to = expected.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (belongs.test(expected.get(middle))) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /** Ends all transactions. */
    void quiesce() {
        database.quiesce();
    }

    @Override
    public void message(String prefix, String content) {
        long unused = emit(prefix, content);
    }

    /** Adds a message outside any transaction. Returns its LSN. */
    long emit(String prefix, String content) {
        long start = start();
        end = start + 8 + chance.nextInt(200);
        byte[] frame = Frames.message(false, end, content, prefix);
        entries.add(new Entry(MESSAGE, start, end, 0, "", () -> frame, List.of()));
        worked += prefix.equals(WindowFeed.PREFIX) ? 0 : 1;
        if (!HIDDEN.contains(prefix)) {
            Position position = new Position(0, end, Position.MESSAGE_ORDINAL);
            expected.add(new Expected(position, "MESSAGE " + prefix + " " + content, end, true));
        }
        return end;
    }

    @Override
    public void commit(int xid, List<ModelDatabase.Step> steps) {
        List<Supplier<byte[]>> frames =
                steps.stream().map(ModelDatabase.Step::frame).toList();
        List<List<Layout>> layouts =
                steps.stream().map(step -> List.of(ofDatabase)).toList();
        commit(
                xid,
                "",
                atRandom(frames, layouts),
                steps.stream().map(ModelDatabase.Step::text).toList());
    }

    /** Gives changes their places before the next commit: some share one, and the first ones may lie before earlier commits. */
    List<Operation> atRandom(List<? extends Supplier<byte[]>> frames, List<List<Layout>> layouts) {
        List<Operation> operations = new ArrayList<>();
        long lsn = end - Math.min(end, chance.nextInt(300));
        for (int i = 0; i < frames.size(); i++) {
            lsn = chance.nextBoolean() ? lsn : lsn + chance.nextLong(end - lsn + 1);
            operations.add(new Operation(lsn, frames.get(i), layouts.get(i)));
        }
        return operations;
    }

    /** Adds a transaction, with a commit record at a random place. */
    void commit(int xid, String origin, List<Operation> operations, List<String> texts) {
        long start = start();
        commit(xid, origin, operations, texts, start, start + 8 + chance.nextInt(100));
    }

    /** Adds a transaction, with its commit record at that place. */
    void commit(int xid, String origin, List<Operation> operations, List<String> texts, long start, long newEnd) {
        end = newEnd;
        worked++;
        entries.add(new Entry(TRANSACTION, start, end, xid, origin, ModelWal::none, operations));
        for (int i = 0; i < texts.size(); i++) {
            String text = origin.isEmpty() ? texts.get(i) : texts.get(i) + " from " + origin;
            expected.add(new Expected(new Position(0, start, i), text, end, i == texts.size() - 1));
        }
        long size = 0;
        for (Operation operation : operations) {
            int length = operation.frame().get().length;
            largestFrame = Math.max(largestFrame, length);
            size += length;
        }
        largestTransaction = Math.max(largestTransaction, size);
    }

    /** Adds WAL that does not concern the slot. */
    void other(long bytes) {
        long start = start();
        end = start + bytes;
        worked++;
        entries.add(new Entry(NOTHING, start, end, 0, "", ModelWal::none, List.of()));
    }

    /** Adds a record of a transaction that is open. Returns where it begins. */
    long record(int bytes) {
        long start = end;
        end += bytes;
        return start;
    }

    private static byte[] none() {
        return new byte[0];
    }

    /** Usually the next record begins at the end of the last: then a message and the next commit have the same LSN. */
    private long start() {
        return chance.nextInt(3) == 0 ? end + chance.nextInt(300) : end;
    }

    /** Returns an INSERT as a sink must see it. */
    static String insertText(Layout table, String... values) {
        StringBuilder text = new StringBuilder("INSERT ").append(table.name());
        for (int i = 0; i < values.length; i++) {
            text.append(' ').append(table.columns().get(i)).append('=').append(values[i]);
        }
        return text.toString();
    }
}
