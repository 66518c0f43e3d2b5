package io.pgcdc.connect.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

class AnswerWatchTest {

    private static final List<SourceRecord> RECORDS = Stream.of("shop.users", "shop.orders", "shop.orders")
            .map(topic -> new SourceRecord(Map.of(), Map.of(), topic, null, null))
            .toList();

    private final List<String> warnings = new ArrayList<>();
    private long nanos;
    private final AnswerWatch watch = new AnswerWatch("shop", () -> nanos, warnings::add);

    private void check(long afterMs) {
        nanos += TimeUnit.MILLISECONDS.toNanos(afterMs);
        watch.check();
    }

    @Test
    void aRecordThatKafkaDoesNotTakeIsToldOnce() {
        check(10 * AnswerWatch.LONGEST_MS);
        watch.given(RECORDS);
        check(AnswerWatch.LONGEST_MS - 1);
        assertEquals(List.of(), warnings);
        check(1);
        check(AnswerWatch.LONGEST_MS);
        assertEquals(1, warnings.size());
        String warning = warnings.get(0);
        assertTrue(warning.contains("3 wait, for topics shop.users, shop.orders. If"), warning);
        assertTrue(warning.contains("topic.creation.default.partitions"), warning);
    }

    @Test
    void eachAnswerBeginsTheTimeAgain() {
        watch.given(RECORDS);
        check(AnswerWatch.LONGEST_MS / 2);
        watch.answered();
        check(AnswerWatch.LONGEST_MS / 2);
        check(AnswerWatch.LONGEST_MS - 1);
        assertEquals(List.of(), warnings);
        check(1);
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).contains("2 wait"), warnings.get(0));
        watch.answered();
        check(1);
        check(AnswerWatch.LONGEST_MS);
        assertEquals(2, warnings.size());
    }

    /** Kafka Connect asks for nothing while a task is paused. */
    @Test
    void whenKafkaHasAllThereIsNothingToTell() {
        watch.given(RECORDS);
        RECORDS.forEach(record -> watch.answered());
        check(10 * AnswerWatch.LONGEST_MS);
        watch.given(RECORDS);
        check(AnswerWatch.LONGEST_MS - 1);
        assertEquals(List.of(), warnings);
    }
}
