package io.pgcdc.connect.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.connect.PostgresSourceTask;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.source.TransactionContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/**
 * Does with a task's records and offsets what a worker with exactly-once support does, in memory: what is not committed when a task is killed is
 * gone. It has neither broker nor converters, so a test can kill a task hundreds of times.
 */
final class Bookkeeping {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** By the JSON text of the partition, as in Kafka Connect. */
    private final Map<String, Map<String, Object>> offsets = new HashMap<>();

    private final Map<String, String> properties;
    private final List<List<SourceRecord>> committed = new ArrayList<>();
    private final List<SourceRecord> open = new ArrayList<>();
    private @Nullable PostgresSourceTask task;
    private Marks marks = new Marks();

    /** Without it, the worker has no exactly-once support. */
    private final boolean transactions;

    Bookkeeping(Map<String, String> properties) {
        this(properties, true);
    }

    private Bookkeeping(Map<String, String> properties, boolean transactions) {
        this.properties = properties;
        this.transactions = transactions;
    }

    /** Of a worker without exactly-once support: use {@link #take} and {@link #answer}. */
    static Bookkeeping atLeastOnce(Map<String, String> properties) {
        return new Bookkeeping(properties, false);
    }

    /** What the task says of its transactions. */
    private static final class Marks implements TransactionContext {

        private boolean isEnd;

        @Override
        public void commitTransaction() {
            isEnd = true;
        }

        @Override
        public void commitTransaction(SourceRecord last) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void abortTransaction() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void abortTransaction(SourceRecord last) {
            throw new UnsupportedOperationException();
        }
    }

    private final class Context implements SourceTaskContext {

        private final @Nullable Marks own;

        Context(@Nullable Marks own) {
            this.own = own;
        }

        @Override
        public Map<String, String> configs() {
            return properties;
        }

        @Override
        public OffsetStorageReader offsetStorageReader() {
            return new Reader();
        }

        @Override
        public @Nullable TransactionContext transactionContext() {
            return own;
        }

        @Override
        public PluginMetrics pluginMetrics() {
            throw new UnsupportedOperationException();
        }
    }

    private final class Reader implements OffsetStorageReader {

        @Override
        public <T> Map<String, Object> offset(Map<String, T> partition) {
            synchronized (offsets) {
                return offsets.get(text(partition));
            }
        }

        @Override
        public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
            Map<Map<String, T>, Map<String, Object>> found = new HashMap<>();
            partitions.forEach(partition -> found.put(partition, offset(partition)));
            return found;
        }
    }

    private static String text(Map<String, ?> partition) {
        try {
            return JSON.writeValueAsString(partition);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts a task. What an earlier one has not committed is gone; the earlier one may still run. */
    void start() {
        open.clear();
        marks = new Marks();
        PostgresSourceTask next = new PostgresSourceTask();
        next.initialize(new Context(transactions ? marks : null));
        next.start(properties);
        task = next;
    }

    /** Asks the task once. Commits what it says. Returns false if it had nothing. */
    boolean poll() throws InterruptedException {
        List<SourceRecord> records = task().poll();
        if (records == null) {
            return false;
        }
        open.addAll(records);
        if (marks.isEnd) {
            marks.isEnd = false;
            commit();
        }
        return true;
    }

    /** Asks the task once. Commits nothing. */
    List<SourceRecord> take() throws InterruptedException {
        List<SourceRecord> records = task().poll();
        return records == null ? List.of() : records;
    }

    /** Tells the task that Kafka has records. Commits their offsets. */
    void answer(List<SourceRecord> records) throws InterruptedException {
        records.forEach(record -> task().commitRecord(record, null));
        open.addAll(records);
        commit();
    }

    private void commit() throws InterruptedException {
        synchronized (offsets) {
            for (SourceRecord record : open) {
                offsets.put(text(record.sourcePartition()), new HashMap<>(record.sourceOffset()));
            }
        }
        committed.add(List.copyOf(open));
        open.clear();
        task().commit();
    }

    private PostgresSourceTask task() {
        PostgresSourceTask started = task;
        if (started == null) {
            throw new IllegalStateException("no task was started");
        }
        return started;
    }

    /** Stops the task. What it has not committed is gone with the next start. */
    void stop() {
        task().stop();
    }

    /** Returns true if the offsets say that the snapshot of the beginning has ended. */
    boolean hasAllRows() {
        synchronized (offsets) {
            return offsets.values().stream()
                    .map(offset -> String.valueOf(offset.get("ledger")))
                    .anyMatch(ledger -> ledger.contains("order initial") && ledger.contains("phase FINISHED"));
        }
    }

    /** Returns true if the offsets say that a snapshot was ordered, and none is left. */
    boolean hasOrderedRows() {
        synchronized (offsets) {
            return offsets.entrySet().stream()
                    .filter(offset -> offset.getKey().contains("\"ordered\""))
                    .anyMatch(offset -> offset.getValue().get("ids").equals(""));
        }
    }

    /** Returns true if the offsets say that a part of a table was read, and the rest was not. */
    boolean hasSomeRows() {
        synchronized (offsets) {
            return offsets.values().stream()
                    .anyMatch(offset -> Boolean.FALSE.equals(offset.get("done"))
                            && String.valueOf(offset.get("upper")).startsWith("0.0-"));
        }
    }

    /** Returns the records of the transaction that is open. */
    int openRecords() {
        return open.size();
    }

    /** Returns the records of each committed transaction. */
    List<List<SourceRecord>> committed() {
        return committed;
    }
}
