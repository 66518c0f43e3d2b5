package io.pgcdc.testkit.sink;

import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.Position;
import io.pgcdc.model.ValueState;
import io.pgcdc.sink.Batch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds changes of a table kit.items (id text, v text) one by one, as a batch of one transaction at a time. */
public final class TestChanges {

    private static final long LSN_STEP = 0x100;

    private final List<Sample> samples = new ArrayList<>();
    private long time;
    private boolean keyed = true;
    private long ordinal;

    /** @param time of the first commit, in microseconds since 1970. Its LSN depends on it, so later times are later positions */
    public TestChanges(long time) {
        this.time = time;
    }

    /** Starts another transaction. */
    public TestChanges at(long newTime) {
        time = newTime;
        ordinal = 0;
        return this;
    }

    /** Makes later changes those of a table without a primary key. */
    public TestChanges withoutKey() {
        keyed = false;
        return this;
    }

    /** @param value null for SQL NULL */
    public TestChanges insert(String id, @Nullable String value) {
        return add(ChangeKind.INSERT, List.of(text(id), text(value)), "", "");
    }

    /** Adds an update that keeps the key. */
    public TestChanges update(String id, String value) {
        return add(ChangeKind.UPDATE, List.of(text(id), text(value)), "", "");
    }

    public TestChanges delete(String id) {
        return add(ChangeKind.DELETE, List.of(text(id), new Sample.Cell(ValueState.NOT_SENT, "")), null, "", "");
    }

    /** Adds a row of a snapshot. Give it a batch of its own: a snapshot is no part of a transaction. */
    public TestChanges read(String id, String value) {
        return add(ChangeKind.READ, List.of(text(id), text(value)), "", "");
    }

    /** Adds a change of a kind that no pipeline delivers yet. A sink that cannot handle it must throw. */
    public TestChanges schema() {
        return add(ChangeKind.SCHEMA, null, "", "");
    }

    /** Skips a place, as if a change there had gone to the dead-letter file. */
    public TestChanges skip() {
        ordinal++;
        return this;
    }

    public TestChanges truncate() {
        return add(ChangeKind.TRUNCATE, null, "", "");
    }

    public TestChanges message(String prefix, String content) {
        return add(ChangeKind.MESSAGE, null, prefix, content);
    }

    private static Sample.Cell text(@Nullable String text) {
        return text == null ? new Sample.Cell(ValueState.NULL, "") : new Sample.Cell(ValueState.TEXT, text);
    }

    private TestChanges add(ChangeKind kind, @Nullable List<Sample.Cell> newRow, String prefix, String content) {
        return add(kind, null, newRow, prefix, content);
    }

    private TestChanges add(
            ChangeKind kind,
            @Nullable List<Sample.Cell> oldRow,
            @Nullable List<Sample.Cell> newRow,
            String prefix,
            String content) {
        Sample.Details details = new Sample.Details(keyed, time, prefix, content);
        samples.add(new Sample(kind, position(kind, ordinal++), oldRow, newRow, details));
        return this;
    }

    private Position position(ChangeKind kind, long number) {
        long lsn = time * LSN_STEP;
        return kind == ChangeKind.READ ? Position.ofRead(0, lsn, number) : new Position(0, lsn, number);
    }

    /** Returns all changes, with the end of the transaction. */
    public Batch batch() {
        return batch(true);
    }

    /** Returns all changes except one, as they repeat after that one went to the dead-letter file. */
    public Batch batchWithout(int change, boolean endsAtCommit) {
        List<Sample> rest = new ArrayList<>(samples);
        rest.remove(change);
        return new SampleBatch(rest, samples.get(samples.size() - 1).position(), endsAtCommit);
    }

    /** @param endsAtCommit false if the transaction continues in the next batch */
    public Batch batch(boolean endsAtCommit) {
        return new SampleBatch(samples, samples.get(samples.size() - 1).position(), endsAtCommit);
    }

    /** Starts the next batch; of the same transaction unless the last batch ended it. */
    public TestChanges next() {
        TestChanges next = new TestChanges(time);
        next.ordinal = ordinal;
        return next;
    }
}
