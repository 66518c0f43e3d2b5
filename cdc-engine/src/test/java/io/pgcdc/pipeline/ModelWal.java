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
 * The model server's WAL, written by a random workload, and the changes that a sink must see of it. The rows of snapshots join them as they are
 * appended to the queue.
 */
final class ModelWal implements ModelDatabase.Wal {

    /** WAL that does not concern the slot. */
    static final int NOTHING = 0;

    static final int TRANSACTION = 1;

    /** A logical message outside any transaction. */
    static final int MESSAGE = 2;

    private static final int TABLES = 3;

    /** Prefixes of messages that are for capture. */
    private static final Set<String> HIDDEN = Set.of(Heartbeat.PREFIX, WindowFeed.PREFIX);

    /** A layout of a table. */
    record Layout(int oid, String name, List<String> columns) {}

    /** Part of a transaction. */
    record Operation(Supplier<byte[]> frame, List<Layout> layouts) {}

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
            List<Operation> operations) {}

    /** A change as a sink must see it. */
    record Expected(Position position, String text, long end, boolean last) {}

    private final SplittableRandom chance;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Expected> expected = new ArrayList<>();
    private final Layout[] tables = new Layout[TABLES];
    private final Layout ofDatabase = new Layout(ModelDatabase.OID, ModelDatabase.NAME, ModelDatabase.COLUMNS);

    /** A table of which the rows are known. */
    private final ModelDatabase database;

    private long end = 1_000;
    private int worked;
    private int lastValue;
    private int lastColumn;
    private int largestFrame;
    private long largestTransaction;

    ModelWal(SplittableRandom chance) {
        this.chance = chance;
        for (int i = 0; i < TABLES; i++) {
            tables[i] = new Layout(16_384 + i, "t" + i, List.of("id", "v"));
        }
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

    /** Adds some WAL of the workload. */
    void work() {
        int kind = chance.nextInt(100);
        if (kind < 50) {
            for (int steps = 1 + chance.nextInt(4); steps > 0; steps--) {
                database.work();
            }
        } else if (kind < 70) {
            transaction(1 + chance.nextInt(4));
        } else if (kind < 75) {
            transaction(30 + chance.nextInt(100));
        } else if (kind < 80) {
            transaction(0);
        } else if (kind < 87) {
            message("note", "m" + ++lastValue);
        } else if (kind < 90) {
            message(Heartbeat.PREFIX, "");
        } else {
            long start = start();
            end = start + 1 + chance.nextInt(200_000);
            worked++;
            entries.add(new Entry(NOTHING, start, end, 0, "", ModelWal::none, List.of()));
        }
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

    private void transaction(int operations) {
        List<Operation> list = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        int alterAt = chance.nextInt(6) == 0 ? chance.nextInt(operations + 1) : -1;
        for (int i = 0; i < operations; i++) {
            if (i == alterAt) {
                alter(chance.nextInt(TABLES));
            }
            list.add(operation(texts));
        }
        String origin = chance.nextInt(8) == 0 ? "elsewhere" : "";
        commit(database.takeXid(), origin, list, texts);
    }

    @Override
    public void commit(int xid, List<ModelDatabase.Step> steps) {
        List<Operation> list = steps.stream()
                .map(step -> operation(step.frame().get(), List.of(ofDatabase)))
                .toList();
        commit(xid, "", list, steps.stream().map(ModelDatabase.Step::text).toList());
    }

    private void commit(int xid, String origin, List<Operation> list, List<String> texts) {
        long start = start();
        end = start + 8 + chance.nextInt(100);
        worked++;
        entries.add(new Entry(TRANSACTION, start, end, xid, origin, ModelWal::none, list));
        for (int i = 0; i < texts.size(); i++) {
            String text = origin.isEmpty() ? texts.get(i) : texts.get(i) + " from " + origin;
            expected.add(new Expected(new Position(0, start, i), text, end, i == texts.size() - 1));
        }
        largestTransaction = Math.max(
                largestTransaction,
                list.stream().mapToLong(o -> o.frame().get().length).sum());
    }

    private static byte[] none() {
        return new byte[0];
    }

    /** Usually the next record begins at the end of the last: then a message and the next commit have the same LSN. */
    private long start() {
        return chance.nextInt(3) == 0 ? end + chance.nextInt(300) : end;
    }

    private void alter(int table) {
        Layout old = tables[table];
        List<String> columns = new ArrayList<>(old.columns());
        if (columns.size() > 2 && chance.nextBoolean()) {
            columns.remove(1 + chance.nextInt(columns.size() - 1));
        } else {
            columns.add("c" + ++lastColumn);
        }
        tables[table] = new Layout(old.oid(), old.name(), List.copyOf(columns));
    }

    private Operation operation(List<String> texts) {
        Layout table = tables[chance.nextInt(TABLES)];
        int kind = chance.nextInt(20);
        if (kind == 0) {
            Layout other = tables[chance.nextInt(TABLES)];
            List<Layout> both = other.equals(table) ? List.of(table) : List.of(table, other);
            both.forEach(t -> texts.add("TRUNCATE " + t.name()));
            return operation(Frames.truncate(both.stream().mapToInt(Layout::oid).toArray()), both);
        }
        if (kind == 1) {
            String content = "m" + ++lastValue;
            texts.add("MESSAGE note " + content);
            return operation(Frames.message(true, end, content), List.of());
        }
        if (kind < 5) {
            String key = "k" + ++lastValue;
            texts.add("DELETE " + table.name() + " id=" + key);
            return operation(Frames.delete(table.oid(), table.columns().size(), key), List.of(table));
        }
        String[] values = new String[table.columns().size()];
        StringBuilder text = new StringBuilder("INSERT ").append(table.name());
        for (int i = 0; i < values.length; i++) {
            int length = chance.nextInt(30) == 0 ? chance.nextInt(3_000) : chance.nextInt(40);
            values[i] = ++lastValue + "x".repeat(length);
            text.append(' ').append(table.columns().get(i)).append('=').append(values[i]);
        }
        texts.add(text.toString());
        return operation(Frames.insert(table.oid(), values), List.of(table));
    }

    private Operation operation(byte[] frame, List<Layout> layouts) {
        largestFrame = Math.max(largestFrame, frame.length);
        return new Operation(() -> frame, layouts);
    }
}
