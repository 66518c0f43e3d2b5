package io.pgcdc.testkit.topic;

import io.pgcdc.model.Position;
import io.pgcdc.servers.kafka.LoggedRecord;
import io.pgcdc.servers.kafka.LoggedRecord.KafkaTransaction;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.testkit.topic.Fault.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Judges the committed records of topics by themselves. It needs the broker's files ({@link
 * io.pgcdc.servers.kafka.TopicLog}): they say which Kafka transaction wrote a record. Kafka shows a transaction's records to a
 * reader with {@code read_committed} all or none; so a source transaction in one Kafka transaction is never seen in part.
 *
 * <p>Nothing is missing if a {@code History} of these records adds up to the source's tables.
 *
 * <p>For one thread.
 */
public final class TopicJudge {

    private final List<PlacedRecord> records = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();

    /** @param records of all topics of one source. Records without a change, and aborted ones, are ignored */
    public TopicJudge(List<LoggedRecord> records, PlacedRecord.Finder finder) {
        for (LoggedRecord record : records) {
            PlacedRecord placed = record.isCommitted() ? finder.find(record) : null;
            if (placed != null) {
                this.records.add(placed);
            }
        }
    }

    /** Returns the committed records that tell a change, in the order of their positions. */
    public List<PlacedRecord> byPosition() {
        List<PlacedRecord> sorted = new ArrayList<>(records);
        // a key change is a delete and an insert at one position, in this order
        sorted.sort(Comparator.comparing(PlacedRecord::position).thenComparing(placed -> !placed.removes()));
        return sorted;
    }

    /** Passes the values in the order of their positions, without tombstones: the lines of a {@code History}. */
    public void replay(Consumer<String> lines) {
        for (PlacedRecord placed : byPosition()) {
            String value = TopicReader.text(placed.logged().record().value());
            if (value != null) {
                lines.accept(value);
            }
        }
    }

    /** Checks that each change is there once, and in order. Returns all faults so far. */
    public List<Fault> onceInOrder() {
        Set<String> seen = new HashSet<>();
        Map<String, PlacedRecord> lastOfPartition = new HashMap<>();
        Map<String, String> partitionOfKey = new HashMap<>();
        for (PlacedRecord placed : records) {
            LoggedRecord logged = placed.logged();
            String topic = logged.record().topic();
            if (!seen.add(topic + " " + placed.change())) {
                fault(Rule.ONCE, placed, "is there twice");
            }
            PlacedRecord before = lastOfPartition.put(logged.partition(), placed);
            if (before != null && placed.position().compareTo(before.position()) < 0) {
                fault(Rule.ORDER, placed, "comes after " + before.position());
            }
            if (logged.record().key() != null) {
                String key = topic + " " + TopicReader.text(logged.record().key());
                String partition = partitionOfKey.putIfAbsent(key, logged.partition());
                if (partition != null && !partition.equals(logged.partition())) {
                    fault(Rule.ORDER, placed, "has the key of a record in " + partition);
                }
            }
        }
        return List.copyOf(faults);
    }

    /** Checks that each source transaction is in one Kafka transaction. Returns all faults so far. */
    public List<Fault> wholeTransactions() {
        return wholeTransactions(Integer.MAX_VALUE);
    }

    /**
     * Checks that each source transaction is in one Kafka transaction, unless it is large. Returns all faults so far.
     *
     * @param splitFrom source transactions with this many records or more may be in several
     */
    public List<Fault> wholeTransactions(int splitFrom) {
        Map<String, Set<@Nullable KafkaTransaction>> writers = new TreeMap<>();
        Map<String, Integer> sizes = new HashMap<>();
        for (PlacedRecord placed : records) {
            if (placed.logged().transaction() == null) {
                fault(Rule.WHOLE, placed, "is in no Kafka transaction");
            } else if (placed.transaction() != null) {
                sizes.merge(placed.transaction(), 1, Integer::sum);
                writers.computeIfAbsent(placed.transaction(), t -> new LinkedHashSet<>())
                        .add(placed.logged().transaction());
            }
        }
        writers.forEach((transaction, several) -> {
            int size = sizes.getOrDefault(transaction, 0);
            if (several.size() > 1 && size < splitFrom) {
                faults.add(new Fault(
                        Rule.WHOLE,
                        "source transaction " + transaction + " with " + size + " records is in " + several));
            }
        });
        return List.copyOf(faults);
    }

    /**
     * Checks that each Kafka transaction with changes of the stream also has their offset: not before its last change, and before
     * the first change of the next one. A task that was killed then continues exactly there. Returns all faults so far.
     *
     * @param offsets the records of the offsets topic
     * @param offset returns an offset record's position; null if it is of another source partition, or removes an offset
     */
    public List<Fault> offsets(List<LoggedRecord> offsets, Function<LoggedRecord, @Nullable Position> offset) {
        Map<KafkaTransaction, Position> stored = new HashMap<>();
        for (LoggedRecord record : offsets) {
            KafkaTransaction transaction = record.transaction();
            Position position = transaction == null ? null : offset.apply(record);
            if (transaction != null && position != null) {
                stored.put(transaction, position);
            }
        }
        PlacedRecord before = null;
        for (PlacedRecord placed : byPosition()) {
            if (placed.position().isRead()) {
                continue; // a snapshot keeps its progress by table
            }
            KafkaTransaction transaction = placed.logged().transaction();
            Position position = transaction == null ? null : stored.get(transaction);
            if (position == null) {
                fault(Rule.OFFSET, placed, "is in no Kafka transaction with an offset");
            } else if (position.compareTo(placed.position()) < 0) {
                fault(Rule.OFFSET, placed, "is after the offset of its Kafka transaction, " + position);
            }
            KafkaTransaction other = before == null ? null : before.logged().transaction();
            Position reached = other == null || other.equals(transaction) ? null : stored.get(other);
            if (reached != null && reached.compareTo(placed.position()) >= 0) {
                fault(Rule.OFFSET, placed, "is not after the offset of the Kafka transaction before, " + reached);
            }
            before = placed;
        }
        return List.copyOf(faults);
    }

    /**
     * Checks that each Kafka transaction with rows of a snapshot also has the offset of their table, with progress. So a chunk, whose end
     * alone makes progress, is in one Kafka transaction. Returns all faults so far.
     *
     * @param offsets the records of the offsets topic, in its order
     * @param topics returns the topics of the tables whose progress in a snapshot an offset record tells: of all tables if it tells the
     *     snapshot's end
     */
    public List<Fault> chunks(List<LoggedRecord> offsets, Function<LoggedRecord, Set<String>> topics) {
        Map<KafkaTransaction, Set<String>> advanced = new HashMap<>();
        Map<String, String> last = new HashMap<>();
        for (LoggedRecord record : offsets) {
            KafkaTransaction transaction = record.transaction();
            Set<String> of = record.isCommitted() && transaction != null ? topics.apply(record) : Set.of();
            if (transaction != null && !of.isEmpty()) {
                String value = String.valueOf(TopicReader.text(record.record().value()));
                String partition =
                        String.valueOf(TopicReader.text(record.record().key()));
                if (!value.equals(last.put(partition, value))) {
                    advanced.computeIfAbsent(transaction, t -> new HashSet<>()).addAll(of);
                }
            }
        }
        Set<String> found = new HashSet<>();
        for (PlacedRecord placed : byPosition()) {
            KafkaTransaction transaction = placed.logged().transaction();
            String of = placed.logged().record().topic();
            if (placed.position().isRead()
                    && !advanced.getOrDefault(transaction, Set.of()).contains(of)
                    && found.add(transaction + " " + of)) {
                fault(Rule.CHUNK, placed, "is in " + transaction + ", without progress in the offset of its table");
            }
        }
        return List.copyOf(faults);
    }

    private void fault(Rule rule, PlacedRecord placed, String what) {
        faults.add(new Fault(
                rule,
                "record " + placed.logged().record().offset() + " of "
                        + placed.logged().partition() + ", " + placed.change() + ", " + what));
    }
}
