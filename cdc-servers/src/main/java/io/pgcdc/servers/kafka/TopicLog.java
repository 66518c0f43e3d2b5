package io.pgcdc.servers.kafka;

import io.pgcdc.servers.kafka.LoggedRecord.KafkaTransaction;
import io.pgcdc.servers.kafka.LoggedRecord.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Reads topics from the files of a broker on this machine, which may run. A consumer does not see which Kafka transaction wrote a
 * record, but the files say it: each batch has its producer and epoch, and a control batch ends the transaction in a partition
 * (Kafka's documentation, "Message Format"). The topics must keep all records: they must not be compacted. No state.
 */
public final class TopicLog {

    private static final Pattern PARTITION = Pattern.compile("(.+)-(\\d+)");

    private TopicLog() {}

    /**
     * Returns the records of topics, partition after partition, each in order.
     *
     * @param logDirectory the broker's {@code log.dirs}
     */
    public static List<LoggedRecord> read(Path logDirectory, String... topics) {
        List<LoggedRecord> records = new ArrayList<>();
        for (String topic : topics) {
            for (Path partition : children(logDirectory)) {
                Matcher name = PARTITION.matcher(String.valueOf(partition.getFileName()));
                if (name.matches() && name.group(1).equals(topic)) {
                    records.addAll(new PartitionLog(topic, Integer.parseInt(name.group(2))).read(partition));
                }
            }
        }
        return records;
    }

    private static List<Path> children(Path directory) {
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One partition while it is read. */
    private static final class PartitionLog {

        private final String topic;
        private final int partition;
        private final List<LoggedRecord> records = new ArrayList<>();

        /** Places in the list of what an open transaction wrote, by producer: a producer has one transaction at a time. */
        private final Map<Long, List<Integer>> open = new HashMap<>();

        PartitionLog(String topic, int partition) {
            this.topic = topic;
            this.partition = partition;
        }

        List<LoggedRecord> read(Path directory) {
            for (Path file : children(directory)) {
                if (file.toString().endsWith(".log")) {
                    try {
                        readSegment(file);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
            return records;
        }

        private void readSegment(Path file) throws IOException {
            FileRecords segment = FileRecords.open(file.toFile(), false);
            try {
                segment.batches().forEach(this::add);
            } finally {
                segment.closeHandlers(); // close() would trim the file
            }
        }

        private void add(RecordBatch batch) {
            for (Record record : batch) {
                if (batch.isControlBatch()) {
                    end(batch.producerId(), ControlRecordType.parse(record.key()));
                } else if (batch.isTransactional()) {
                    open.computeIfAbsent(batch.producerId(), id -> new ArrayList<>())
                            .add(records.size());
                    records.add(new LoggedRecord(
                            consumed(record),
                            new KafkaTransaction(batch.producerId(), batch.producerEpoch()),
                            Outcome.OPEN));
                } else {
                    records.add(new LoggedRecord(consumed(record), null, Outcome.COMMITTED));
                }
            }
        }

        private void end(long producerId, ControlRecordType type) {
            List<Integer> places = open.remove(producerId);
            if (places == null) {
                return; // it wrote nothing here
            }
            Outcome outcome = type == ControlRecordType.COMMIT ? Outcome.COMMITTED : Outcome.ABORTED;
            for (int place : places) {
                LoggedRecord record = records.get(place);
                records.set(place, new LoggedRecord(record.record(), record.transaction(), outcome));
            }
        }

        private ConsumerRecord<byte[], byte[]> consumed(Record record) {
            return new ConsumerRecord<>(
                    topic,
                    partition,
                    record.offset(),
                    record.timestamp(),
                    TimestampType.CREATE_TIME,
                    record.keySize(),
                    record.valueSize(),
                    bytes(record.key()),
                    bytes(record.value()),
                    new RecordHeaders(record.headers()),
                    Optional.empty());
        }

        private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
            return buffer == null ? null : Utils.toArray(buffer);
        }
    }
}
