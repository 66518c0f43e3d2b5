package io.pgcdc.pipeline;

import io.pgcdc.capture.Frames;
import io.pgcdc.capture.Heartbeat;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * WAL that is written as a test says, record by record, with the LSNs that PostgreSQL gives: BEGIN has that of its first change, COMMIT that of
 * the next record, and so has a logical message; rows of one record share theirs.
 */
final class ModelScript implements ModelWorkload {

    /** A length of a record. The exact ones do not matter. */
    private static final int RECORD = 64;

    private static final ModelWal.Layout TABLE = new ModelWal.Layout(16_384, "t0", List.of("id", "v"));

    private record Open(int xid, List<ModelWal.Operation> operations, List<String> texts) {}

    private final ModelWal wal;
    private final Deque<Runnable> steps = new ArrayDeque<>();
    private final Map<String, Open> open = new HashMap<>();

    ModelScript(ModelWal wal) {
        this.wal = wal;
    }

    /** INSERT of some rows in as many records. A transaction that is new begins. */
    ModelScript insert(String transaction, String... keys) {
        for (String key : keys) {
            steps.add(() -> rows(open(transaction), wal.record(RECORD), key));
        }
        return this;
    }

    /** COPY, or INSERT of several rows at once: one record. */
    ModelScript copy(String transaction, String... keys) {
        steps.add(() -> rows(open(transaction), wal.record(RECORD * keys.length), keys));
        return this;
    }

    private static void rows(Open transaction, long lsn, String... keys) {
        for (String key : keys) {
            byte[] frame = Frames.insert(TABLE.oid(), key, "of " + key);
            transaction.operations().add(new ModelWal.Operation(lsn, () -> frame, List.of(TABLE)));
            transaction.texts().add(ModelWal.insertText(TABLE, key, "of " + key));
        }
    }

    /** A transactional logical message. */
    ModelScript message(String transaction, String content) {
        steps.add(() -> {
            Open in = open(transaction);
            long lsn = wal.record(RECORD) + RECORD;
            byte[] frame = Frames.message(true, lsn, content);
            in.operations().add(new ModelWal.Operation(lsn, () -> frame, List.of()));
            in.texts().add("MESSAGE note " + content);
        });
        return this;
    }

    ModelScript commit(String transaction) {
        steps.add(() -> {
            Open done = open(transaction);
            open.remove(transaction);
            long start = wal.record(0);
            wal.commit(done.xid(), "", done.operations(), done.texts(), start, start + RECORD);
        });
        return this;
    }

    /** A logical message outside any transaction. */
    ModelScript note(String content) {
        steps.add(() -> wal.message("note", content));
        return this;
    }

    ModelScript heartbeat() {
        steps.add(() -> wal.message(Heartbeat.PREFIX, ""));
        return this;
    }

    /** WAL of tables that are not published. */
    ModelScript others(long bytes) {
        steps.add(() -> wal.other(bytes));
        return this;
    }

    private Open open(String transaction) {
        return open.computeIfAbsent(
                transaction, t -> new Open(wal.database().takeXid(), new ArrayList<>(), new ArrayList<>()));
    }

    @Override
    public boolean hasMore() {
        return !steps.isEmpty();
    }

    @Override
    public void work() {
        steps.remove().run();
    }
}
