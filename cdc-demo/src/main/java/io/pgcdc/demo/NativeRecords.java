package io.pgcdc.demo;

import io.pgcdc.model.Position;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Native records as a consumer sees them, and a judge of them: is each change there once, and is each key in order? Any thread. */
final class NativeRecords {

    private static final Pattern HEAD = Pattern.compile("^\\{\"position\":\"([^\"]+)\",\"change_type\":\"([A-Z]+)\"");

    /** What is shown of a record: the first that it has. */
    private static final List<Pattern> CONTENTS = List.of(
            Pattern.compile("\"new_data\":(\\{.*}),\"changed_fields\""),
            Pattern.compile("\"old_data\":(\\{.*}),\"new_data\""),
            Pattern.compile("\"content\":(\".*\")"));

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

    /** Returns topic, key, kind of change and the beginning of the row, as wide as the terminal. */
    static String brief(ConsumerRecord<byte[], byte[]> record) {
        String value = KafkaTail.text(record.value());
        Matcher head = HEAD.matcher(value);
        String change = head.find() ? head.group(2) : "(tombstone)";
        String line = String.format(
                Locale.ROOT,
                "   %-26s %-5s %-9s %s",
                record.topic(),
                KafkaTail.text(record.key()),
                change,
                content(value));
        return KafkaTail.cut(line.stripTrailing(), KafkaTail.columns() - 1);
    }

    private static String content(String value) {
        for (Pattern pattern : CONTENTS) {
            Matcher matcher = pattern.matcher(value);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        return "";
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
