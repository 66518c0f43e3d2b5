package io.pgcdc.race;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.format.Json;
import java.util.Properties;

/** Debezium's embedded engine as in {@link DebeziumReader}, in its initial_only mode. It only counts. */
final class DebeziumSnapshot {

    private static final String LAST = "\"snapshot\":\"last\"";

    private long rows;

    private DebeziumSnapshot() {}

    /** The same arguments as {@link CountingReader}. The publication has its table's name. */
    public static void main(String[] arguments) {
        Properties properties = DebeziumReader.properties(arguments);
        properties.setProperty("snapshot.mode", "initial_only");
        properties.setProperty("table.include.list", "race\\." + arguments[5]);
        DebeziumEngine<ChangeEvent<String, String>> engine = DebeziumEngine.create(Json.class)
                .using(properties)
                .notifying(new DebeziumSnapshot()::take)
                .build();
        engine.run();
        System.err.println("the engine ended by itself");
        System.exit(1);
    }

    private void take(ChangeEvent<String, String> event) {
        rows++;
        if (event.value().contains(LAST)) {
            System.out.println(rows + " -1");
            System.out.flush();
            // it takes seconds to stop by itself, and they do not belong to the reading
            Runtime.getRuntime().halt(0);
        }
    }
}
