package io.pgcdc.sinks.kafka.delivery;

import io.pgcdc.sinks.kafka.format.TableKeys;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds the keys of a table whose last record is from before a reconciliation, and is no tombstone. Reads the topic as readers of
 * committed records see it: the old part, the part since the beginning, and the old part again for the bytes of the keys; once if
 * {@link KeyStates} can hold all keys, otherwise several times. For one thread.
 */
final class TopicSweep {

    private final TableKeys keys;
    private final List<Long> from;
    private final List<Long> end;
    private final KeyStates states;

    /** Takes a key that is to be deleted. */
    interface Stale {
        void accept(byte[] key, int partition);
    }

    /**
     * @param from where the part since the beginning starts, by partition; later partitions have no old part
     * @param end end of the topic, by partition
     */
    TopicSweep(TableKeys keys, List<Long> from, List<Long> end, KeyStates states) {
        this.keys = keys;
        this.from = from;
        this.end = end;
        this.states = states;
    }

    void run(PartitionReader reader, Stale stale) throws Exception {
        do {
            readOld(reader, r -> states.old(KeyStates.hash(r.key()), r.partition(), r.value() != null));
            readNew(reader, r -> states.seen(KeyStates.hash(r.key())));
            if (states.hasLive()) {
                readOld(reader, r -> {
                    int partition = states.take(KeyStates.hash(r.key()));
                    if (partition != KeyStates.NONE) {
                        stale.accept(r.key(), partition);
                    }
                });
            }
        } while (states.nextRange());
    }

    private void readOld(PartitionReader reader, Consumer<ConsumerRecord<byte[], byte[]>> taker) throws Exception {
        for (int i = 0; i < from.size(); i++) {
            TopicPartition partition = new TopicPartition(keys.topic(), i);
            reader.read(partition, reader.begin(partition), from.get(i), ofTable(taker));
        }
    }

    private void readNew(PartitionReader reader, Consumer<ConsumerRecord<byte[], byte[]>> taker) throws Exception {
        for (int i = 0; i < end.size(); i++) {
            TopicPartition partition = new TopicPartition(keys.topic(), i);
            long start = i < from.size() ? from.get(i) : 0;
            reader.read(partition, Math.max(start, reader.begin(partition)), end.get(i), ofTable(taker));
        }
    }

    private Consumer<ConsumerRecord<byte[], byte[]>> ofTable(Consumer<ConsumerRecord<byte[], byte[]>> taker) {
        return record -> {
            if (keys.has(record.key(), record.headers())) {
                taker.accept(record);
            }
        };
    }
}
