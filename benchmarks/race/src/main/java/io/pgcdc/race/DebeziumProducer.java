package io.pgcdc.race;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.format.JsonByteArray;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Debezium's embedded engine, tuned as {@link DebeziumReader} has it, and a producer behind it: a batch's records are sent without waiting,
 * and waited for at the batch's end, as Debezium Server does.
 */
final class DebeziumProducer {

    private static final int PRODUCER_PROPERTIES = 7;

    private final Producer<byte[], byte[]> producer;
    private final String lastTopic;

    private DebeziumProducer(Producer<byte[], byte[]> producer, String lastTopic) {
        this.producer = producer;
        this.lastTopic = lastTopic;
    }

    /** @param arguments host, port, database, user, slot, publication, prefix of topics; then KEY=VALUE of the producer */
    public static void main(String[] arguments) {
        Properties properties = DebeziumReader.properties(arguments);
        String prefix = arguments[PRODUCER_PROPERTIES - 1];
        properties.setProperty("topic.prefix", prefix);
        Properties ofProducer = new Properties();
        for (int i = PRODUCER_PROPERTIES; i < arguments.length; i++) {
            String[] pair = arguments[i].split("=", 2);
            ofProducer.setProperty(pair[0], pair[1]);
        }
        DebeziumProducer last = new DebeziumProducer(
                new KafkaProducer<>(ofProducer, new ByteArraySerializer(), new ByteArraySerializer()),
                KafkaLap.topic(prefix, Backlog.FINISH_TABLE));
        DebeziumEngine<ChangeEvent<byte[], byte[]>> engine = DebeziumEngine.create(JsonByteArray.class)
                .using(properties)
                .notifying(last::send)
                .build();
        engine.run();
        System.err.println("the engine ended by itself");
        System.exit(1);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears the same
    private void send(List<ChangeEvent<byte[], byte[]>> events, RecordCommitter<ChangeEvent<byte[], byte[]>> committer)
            throws InterruptedException {
        boolean finished = false;
        for (ChangeEvent<byte[], byte[]> event : events) {
            finished |= event.destination().equals(lastTopic);
            producer.send(new ProducerRecord<>(event.destination(), event.key(), event.value()), (metadata, thrown) -> {
                if (thrown != null) {
                    thrown.printStackTrace();
                    Runtime.getRuntime().halt(1);
                }
            });
            committer.markProcessed(event);
        }
        producer.flush();
        if (finished) {
            // it takes seconds to stop by itself, and they do not belong to the reading
            Runtime.getRuntime().halt(0);
        }
        committer.markBatchFinished();
    }
}
