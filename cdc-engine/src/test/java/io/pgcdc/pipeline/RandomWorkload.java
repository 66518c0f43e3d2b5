package io.pgcdc.pipeline;

import io.pgcdc.capture.Frames;
import io.pgcdc.capture.Heartbeat;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Transactions of all kinds, messages, tables that are altered, and WAL of others, at random. */
final class RandomWorkload implements ModelWorkload {

    private static final int TABLES = 3;

    private final SplittableRandom chance;
    private final ModelWal wal;
    private final int entriesInAll;
    private final ModelWal.Layout[] tables = new ModelWal.Layout[TABLES];
    private int lastValue;
    private int lastColumn;

    // the transaction that is being made
    private final List<Supplier<byte[]>> frames = new ArrayList<>();
    private final List<List<ModelWal.Layout>> layouts = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();

    RandomWorkload(SplittableRandom chance, ModelWal wal, int entriesInAll) {
        this.chance = chance;
        this.wal = wal;
        this.entriesInAll = entriesInAll;
        for (int i = 0; i < TABLES; i++) {
            tables[i] = new ModelWal.Layout(16_384 + i, "t" + i, List.of("id", "v"));
        }
    }

    @Override
    public boolean hasMore() {
        return wal.worked() < entriesInAll;
    }

    @Override
    public void work() {
        int kind = chance.nextInt(100);
        if (kind < 50) {
            for (int steps = 1 + chance.nextInt(4); steps > 0; steps--) {
                wal.database().work();
            }
        } else if (kind < 70) {
            transaction(1 + chance.nextInt(4));
        } else if (kind < 75) {
            transaction(30 + chance.nextInt(100));
        } else if (kind < 80) {
            transaction(0);
        } else if (kind < 87) {
            wal.message("note", "m" + ++lastValue);
        } else if (kind < 90) {
            wal.message(Heartbeat.PREFIX, "");
        } else {
            wal.other(1 + chance.nextInt(200_000));
        }
    }

    private void transaction(int operations) {
        frames.clear();
        layouts.clear();
        texts.clear();
        int alterAt = chance.nextInt(6) == 0 ? chance.nextInt(operations + 1) : -1;
        for (int i = 0; i < operations; i++) {
            if (i == alterAt) {
                alter(chance.nextInt(TABLES));
            }
            operation();
        }
        String origin = chance.nextInt(8) == 0 ? "elsewhere" : "";
        wal.commit(wal.database().takeXid(), origin, wal.atRandom(frames, layouts), texts);
    }

    private void alter(int table) {
        ModelWal.Layout old = tables[table];
        List<String> columns = new ArrayList<>(old.columns());
        if (columns.size() > 2 && chance.nextBoolean()) {
            columns.remove(1 + chance.nextInt(columns.size() - 1));
        } else {
            columns.add("c" + ++lastColumn);
        }
        tables[table] = new ModelWal.Layout(old.oid(), old.name(), List.copyOf(columns));
    }

    private void operation() {
        ModelWal.Layout table = tables[chance.nextInt(TABLES)];
        int kind = chance.nextInt(20);
        if (kind == 0) {
            ModelWal.Layout other = tables[chance.nextInt(TABLES)];
            List<ModelWal.Layout> both = other.equals(table) ? List.of(table) : List.of(table, other);
            both.forEach(t -> texts.add("TRUNCATE " + t.name()));
            add(Frames.truncate(both.stream().mapToInt(ModelWal.Layout::oid).toArray()), both);
        } else if (kind == 1) {
            String content = "m" + ++lastValue;
            texts.add("MESSAGE note " + content);
            add(Frames.message(true, wal.end(), content), List.of());
        } else if (kind < 5) {
            String key = "k" + ++lastValue;
            texts.add("DELETE " + table.name() + " id=" + key);
            add(Frames.delete(table.oid(), table.columns().size(), key), List.of(table));
        } else {
            insert(table);
        }
    }

    private void insert(ModelWal.Layout table) {
        String[] values = new String[table.columns().size()];
        for (int i = 0; i < values.length; i++) {
            int length = chance.nextInt(30) == 0 ? chance.nextInt(3_000) : chance.nextInt(40);
            values[i] = ++lastValue + "x".repeat(length);
        }
        texts.add(ModelWal.insertText(table, values));
        add(Frames.insert(table.oid(), values), List.of(table));
    }

    private void add(byte[] frame, List<ModelWal.Layout> of) {
        frames.add(() -> frame);
        layouts.add(of);
    }
}
