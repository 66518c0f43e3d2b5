package io.pgcdc.snapshot;

import io.pgcdc.capture.Frames;
import io.pgcdc.model.SeenTransactions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One table of a model server, with versions of rows as PostgreSQL keeps them. A transaction may commit in the WAL long before
 * others see it, as with a synchronous standby; until then its rows are locked. An UPDATE moves a row to another block, and may leave a large
 * value in TOAST unchanged, or change the row's key.
 */
public final class ModelDatabase {

    public static final int OID = 20_000;
    public static final String NAME = "t";
    public static final List<String> COLUMNS = List.of("id", "n", "big");

    /** Where it writes. */
    public interface Wal {

        /** Writes a transaction's changes, and its commit. */
        void commit(int xid, List<Step> steps);

        /** Writes a message outside any transaction. */
        void message(String prefix, String content);
    }

    /**
     * A change.
     *
     * @param text kind, table, the old key if it is another one, and the values that it has
     */
    public record Step(Supplier<byte[]> frame, String text) {}

    /** A version of a row; {@code big} null: the row is deleted. */
    private record Version(int xid, String n, @Nullable String big, long block) {}

    /** What a transaction did. */
    private static final class Transaction {
        final int xid;
        final List<Step> steps = new ArrayList<>();
        final Set<String> locked = new HashSet<>();

        Transaction(int xid) {
            this.xid = xid;
        }
    }

    private final SplittableRandom chance;
    private final Map<String, List<Version>> rows = new TreeMap<>();
    private final Wal wal;

    /** Not committed yet. */
    private final List<Transaction> open = new ArrayList<>();

    /** Committed in the WAL, not visible yet. */
    private final List<Transaction> waiting = new ArrayList<>();

    /** One UPDATE in that many sends the large value anew. */
    private final int sent;

    private int nextXid = 1_000;
    private long blocks = 4;
    private long filenode = 5;
    private int values;

    /** Begins with a few rows. */
    public ModelDatabase(SplittableRandom chance, Wal wal) {
        this.chance = chance;
        this.wal = wal;
        sent = chance.nextBoolean() ? 2 : 10;
        Transaction first = begin();
        for (int i = 0; i < 5 + chance.nextInt(40); i++) {
            insert(first, "k" + i);
        }
        commit(first);
        waiting.clear();
    }

    /** Takes the id of a transaction that is completed at once. */
    public int takeXid() {
        return nextXid++;
    }

    /** Returns the next transaction's id. Everything before it has begun. */
    public int nextXid() {
        nextXid++;
        return nextXid;
    }

    /** Rewrites the table into another file. Older snapshots see no row of it, as after ALTER TABLE. */
    private void rewrite() {
        filenode++;
        rows.values()
                .forEach(versions -> versions.replaceAll(
                        version -> new Version(version.xid(), version.n(), version.big(), chance.nextLong(blocks))));
    }

    /** Returns the number of the table's file. */
    public long filenode() {
        return filenode;
    }

    /** Returns the size of the table's file. */
    public long blocks() {
        return blocks;
    }

    /** Does a step of the workload. */
    public void work() {
        int kind = chance.nextInt(10);
        if (kind < 3 && open.size() < 3) {
            begin();
        } else if (kind < 7 && !open.isEmpty()) {
            operation(open.get(chance.nextInt(open.size())));
        } else if (kind < 9 && !open.isEmpty()) {
            commit(open.remove(chance.nextInt(open.size())));
        } else if (!waiting.isEmpty()) {
            waiting.remove(0);
        } else if (open.isEmpty()) {
            rewrite();
        }
    }

    /** Ends all transactions. */
    public void quiesce() {
        while (!open.isEmpty()) {
            commit(open.remove(0));
        }
        waiting.clear();
    }

    private Transaction begin() {
        Transaction transaction = new Transaction(nextXid++);
        open.add(transaction);
        return transaction;
    }

    private void commit(Transaction transaction) {
        open.remove(transaction);
        if (transaction.steps.isEmpty()) {
            return;
        }
        wal.commit(transaction.xid, transaction.steps);
        waiting.add(transaction);
        if (chance.nextInt(3) > 0) {
            waiting.remove(transaction);
        }
    }

    /** Writes a message outside any transaction. */
    public void message(String prefix, String content) {
        nextXid++;
        wal.message(prefix, content);
    }

    private void operation(Transaction transaction) {
        String key = key();
        if (isLocked(transaction, key)) {
            return;
        }
        Version now = latest(key);
        if (now == null) {
            insert(transaction, key);
        } else if (chance.nextInt(6) == 0) {
            transaction.steps.add(step(Frames.delete(OID, COLUMNS.size(), key), text("DELETE", key)));
            write(transaction, key, now.n(), null);
        } else {
            update(transaction, key, now);
        }
    }

    private boolean isLocked(Transaction transaction, String key) {
        return open.stream().anyMatch(t -> t != transaction && t.locked.contains(key))
                || waiting.stream().anyMatch(t -> t.locked.contains(key));
    }

    private void update(Transaction transaction, String key, Version now) {
        String n = "n" + ++values;
        boolean unchanged = chance.nextInt(sent) > 0;
        String big = unchanged ? now.big() : "b" + ++values;
        String to = chance.nextInt(3) == 0 ? key() : key;
        boolean moves = !isLocked(transaction, to) && latest(to) == null;
        String newKey = moves ? to : key;
        @Nullable String oldKey = moves ? key : null;
        transaction.steps.add(
                unchanged
                        ? step(Frames.update(OID, oldKey, newKey, n, null), updateText(oldKey, newKey, n))
                        : step(Frames.update(OID, oldKey, newKey, n, big), updateText(oldKey, newKey, n, big)));
        if (moves) {
            write(transaction, key, now.n(), null);
        }
        write(transaction, newKey, n, big);
    }

    private String key() {
        return "k" + chance.nextInt(60);
    }

    private static Step step(byte[] frame, String text) {
        return new Step(() -> frame, text);
    }

    private static String text(String kind, String... values) {
        StringBuilder text = new StringBuilder(kind).append(' ').append(NAME);
        for (int i = 0; i < values.length; i++) {
            text.append(' ').append(COLUMNS.get(i)).append('=').append(values[i]);
        }
        return text.toString();
    }

    private static String updateText(@Nullable String oldKey, String... values) {
        String text = text("UPDATE", values);
        String table = "UPDATE " + NAME;
        return oldKey == null ? text : table + " " + COLUMNS.get(0) + "=" + oldKey + text.substring(table.length());
    }

    private void insert(Transaction transaction, String key) {
        String n = "n" + ++values;
        String big = "b" + ++values;
        transaction.steps.add(step(Frames.insert(OID, key, n, big), text("INSERT", key, n, big)));
        write(transaction, key, n, big);
    }

    private void write(Transaction transaction, String key, String n, @Nullable String big) {
        transaction.locked.add(key);
        if (chance.nextInt(5) == 0) {
            blocks++;
        }
        rows.computeIfAbsent(key, k -> new ArrayList<>())
                .add(new Version(transaction.xid, n, big, chance.nextLong(blocks)));
    }

    private @Nullable Version latest(String key) {
        List<Version> versions = rows.getOrDefault(key, List.of());
        Version last = versions.isEmpty() ? null : versions.get(versions.size() - 1);
        return last == null || last.big() == null ? null : last;
    }

    /** Returns pg_current_snapshot(). */
    public String snapshot() {
        List<Integer> running = new ArrayList<>();
        open.forEach(t -> running.add(t.xid));
        waiting.forEach(t -> running.add(t.xid));
        int xmax = nextXid;
        while (running.contains(xmax - 1)) {
            xmax--; // after the newest one that has completed
        }
        int end = xmax;
        running.removeIf(xid -> xid >= end);
        int xmin = running.stream().mapToInt(x -> x).min().orElse(end);
        return xmin + ":" + end + ":"
                + running.stream().sorted().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** A row as a query sees it. */
    public record Row(String id, String n, String big, long block) {}

    /** Returns the rows that a snapshot shows. */
    public List<Row> rows(SeenTransactions seen) {
        List<Row> found = new ArrayList<>();
        rows.forEach((key, versions) -> {
            Version last = null;
            for (Version version : versions) {
                last = seen.sees(version.xid()) ? version : last;
            }
            if (last != null && last.big() != null) {
                found.add(new Row(key, last.n(), last.big(), last.block()));
            }
        });
        return found;
    }

    /** Returns the table after all transactions: values by key. */
    public Map<String, String> table() {
        Map<String, String> table = new LinkedHashMap<>();
        rows(SeenTransactions.parse(snapshot())).forEach(row -> table.put(row.id(), row.n() + " " + row.big()));
        return table;
    }
}
