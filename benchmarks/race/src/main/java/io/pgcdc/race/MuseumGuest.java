package io.pgcdc.race;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.format.Json;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Debezium's embedded engine, which hands over one record at a time and stores its offset in a file after each. It prints what it was given, and
 * dies after a number of records.
 */
final class MuseumGuest {

    private static final int OFFSETS = 6;
    private static final int DIES_AFTER = 7;

    /** A row's key as the record has it after the change. */
    private static final Pattern KEY = Pattern.compile("\"after\":\\{\"id\":(-?\\d+)");

    private final int diesAfter;
    private int records;

    private MuseumGuest(int diesAfter) {
        this.diesAfter = diesAfter;
    }

    /** @param arguments host, port, database, user, slot, publication, file for offsets, number of records after which it dies */
    public static void main(String[] arguments) {
        Properties properties = DebeziumReader.properties(arguments);
        properties.setProperty("offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore");
        properties.setProperty("offset.storage.file.filename", arguments[OFFSETS]);
        properties.setProperty("offset.flush.interval.ms", "0");
        properties.setProperty("max.queue.size", "2");
        properties.setProperty("max.batch.size", "1");
        MuseumGuest guest = new MuseumGuest(Integer.parseInt(arguments[DIES_AFTER]));
        DebeziumEngine<ChangeEvent<String, String>> engine = DebeziumEngine.create(Json.class)
                .using(properties)
                .using((success, message, error) -> System.err.println(message))
                .notifying(guest::take)
                .build();
        engine.run();
        System.exit(1);
    }

    private void take(List<ChangeEvent<String, String>> events, RecordCommitter<ChangeEvent<String, String>> committer)
            throws InterruptedException {
        for (ChangeEvent<String, String> event : events) {
            String shown = shown(event.value());
            System.out.println(shown);
            committer.markProcessed(event);
            records++;
            boolean last = shown.equals(Museum.LAST);
            if (last || records == diesAfter) {
                committer.markBatchFinished();
                Runtime.getRuntime().halt(0);
            }
        }
        committer.markBatchFinished();
    }

    private static String shown(String value) {
        Matcher key = KEY.matcher(value);
        return key.find() ? key.group(1) : "message";
    }
}
