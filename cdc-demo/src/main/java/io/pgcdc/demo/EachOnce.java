package io.pgcdc.demo;

import io.pgcdc.model.Position;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Judges native records as a consumer sees them: is each change there once, and is each key in order? Any thread. */
final class EachOnce {

    private static final Pattern HEAD = Pattern.compile("^\\{\"position\":\"([^\"]+)\",\"change_type\":\"([A-Z]+)\"");

    private final Set<Position> changes = new HashSet<>();
    private final Set<String> records = new HashSet<>();
    private final Map<String, Position> lastOfKey = new HashMap<>();
    private int repeated;
    private int outOfOrder;

    /** Notes a record. A tombstone belongs to the record before it. */
    synchronized void see(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        if (value == null) {
            return;
        }
        Matcher head = HEAD.matcher(new String(value, StandardCharsets.UTF_8));
        if (!head.find()) {
            throw new IllegalStateException("a record of topic " + record.topic() + " has no position");
        }
        Position position = Position.parse(head.group(1));
        changes.add(position);
        // an update of a key is a DELETE and an INSERT
        repeated += records.add(position + " " + head.group(2)) ? 0 : 1;
        byte[] key = record.key();
        String of = record.topic() + " " + (key == null ? "" : new String(key, StandardCharsets.UTF_8));
        Position before = lastOfKey.put(of, position);
        outOfOrder += before != null && before.compareTo(position) > 0 ? 1 : 0;
    }

    /** Returns how many different changes there are. */
    synchronized int changes() {
        return changes.size();
    }

    /** Returns how many records came again. */
    synchronized int repeated() {
        return repeated;
    }

    /** Returns how many records came after a later one of their key. */
    synchronized int outOfOrder() {
        return outOfOrder;
    }
}
