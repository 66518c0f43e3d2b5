package io.pgcdc.testkit.sink;

import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.Position;
import io.pgcdc.model.ValueState;
import io.pgcdc.sink.Batch;
import java.util.ArrayList;
import java.util.List;

/** Changes of a table kit.items (id text, v text), written down one by one, as a batch of one transaction a time. */
public final class TestChanges {

    private static final long LSN_STEP = 0x100;

    private final List<Sample> samples = new ArrayList<>();
    private long time;
    private boolean keyed = true;
    private long ordinal;

    /** @param time of the first commit, in microseconds since 1970; its LSN is made of it, so that later times are later positions */
    public TestChanges(long time) {
        this.time = time;
    }

    /** What follows is another transaction. */
    public TestChanges at(long newTime) {
        time = newTime;
        ordinal = 0;
        return this;
    }

    /** What follows is of a table without a primary key. */
    public TestChanges withoutKey() {
        keyed = false;
        return this;
    }

    public TestChanges insert(String id, String value) {
        return add(ChangeKind.INSERT, List.of(text(id), text(value)), "", "");
    }

    /** A row as a snapshot found it. No pipeline delivers it yet: a sink that cannot handle it must throw. */
    public TestChanges read(String id, String value) {
        return add(ChangeKind.READ, List.of(text(id), text(value)), "", "");
    }

    /** As if a change had stood here that was put aside. */
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

    private static Sample.Cell text(String text) {
        return new Sample.Cell(ValueState.TEXT, text);
    }

    private TestChanges add(
            ChangeKind kind, @org.jspecify.annotations.Nullable List<Sample.Cell> row, String prefix, String content) {
        Sample.Details details = new Sample.Details(keyed, time, prefix, content);
        samples.add(new Sample(kind, new Position(0, time * LSN_STEP, ordinal++), null, row, details));
        return this;
    }

    /** All of them, whole. */
    public Batch batch() {
        return batch(true);
    }

    /** All but one, as they come again when that one was put aside. */
    public Batch batchWithout(int change, boolean endsAtCommit) {
        List<Sample> rest = new ArrayList<>(samples);
        rest.remove(change);
        return new SampleBatch(rest, samples.get(samples.size() - 1).position(), endsAtCommit);
    }

    /** @param endsAtCommit false: the transaction goes on in the next batch */
    public Batch batch(boolean endsAtCommit) {
        return new SampleBatch(samples, samples.get(samples.size() - 1).position(), endsAtCommit);
    }

    /** The next batch, of the same transaction, if the last one has not ended it. */
    public TestChanges next() {
        TestChanges next = new TestChanges(time);
        next.ordinal = ordinal;
        return next;
    }
}
