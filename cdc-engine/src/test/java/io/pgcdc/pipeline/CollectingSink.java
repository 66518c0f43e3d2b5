package io.pgcdc.pipeline;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.NativeFormat;
import io.pgcdc.model.Change;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import io.pgcdc.model.ValueState;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Keeps the changes that it gets, as text. A test can set what a write returns or throws. */
public final class CollectingSink implements Sink {

    /**
     * One change.
     *
     * @param json the native record
     * @param row the new row's columns with the server's own text; null for NULL and unchanged TOAST
     */
    public record Seen(Position position, String json, Map<String, @Nullable String> row) {}

    /** Sets the answer to each batch, called on the sink's thread. If it throws, the sink throws the same and keeps nothing. */
    public interface Answer {
        Durability to(List<Seen> batch) throws Exception;
    }

    private final NativeFormat format = new NativeFormat();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final List<List<Seen>> offered = new CopyOnWriteArrayList<>();
    private final Set<Thread> callers = ConcurrentHashMap.newKeySet();
    private volatile Answer answer = batch -> Durability.DURABLE;
    private volatile int flushes;
    private volatile boolean closed;

    public CollectingSink answering(Answer newAnswer) {
        answer = newAnswer;
        return this;
    }

    @Override
    public Durability write(Batch batch) {
        callers.add(Thread.currentThread());
        List<Seen> changes = new ArrayList<>();
        batch.forEach(change -> changes.add(seen(change)));
        offered.add(changes);
        try {
            Durability durability = answer.to(changes);
            seen.addAll(changes);
            return durability;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Seen seen(Change change) {
        JsonBuffer json = new JsonBuffer();
        format.append(change, json);
        Map<String, @Nullable String> row = new LinkedHashMap<>();
        Relation relation = change.relation();
        RowChange both = change.row();
        RowView view = both == null ? null : both.newRow();
        if (relation != null && view != null) {
            for (int i = 0; i < relation.columns().size(); i++) {
                row.put(relation.columns().get(i).name(), view.state(i) == ValueState.TEXT ? view.text(i) : null);
            }
        }
        return new Seen(change.position(), json.toString(), row);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread calls
    public Durability flush() {
        callers.add(Thread.currentThread());
        flushes++;
        return Durability.DURABLE;
    }

    @Override
    public void close() {
        callers.add(Thread.currentThread());
        closed = true;
    }

    /** Returns the kept changes, in order. */
    public List<Seen> seen() {
        return List.copyOf(seen);
    }

    /** Returns all batches, including refused ones. */
    public List<List<Seen>> offered() {
        return List.copyOf(offered);
    }

    public List<Position> positions() {
        return seen.stream().map(Seen::position).toList();
    }

    /** Returns one column of all rows. */
    public List<@Nullable String> column(String name) {
        List<@Nullable String> values = new ArrayList<>();
        seen.forEach(change -> values.add(change.row().get(name)));
        return values;
    }

    public int flushes() {
        return flushes;
    }

    public boolean isClosed() {
        return closed;
    }

    /** Returns the names of the threads that called the sink. */
    public Set<Thread> callers() {
        return callers;
    }
}
