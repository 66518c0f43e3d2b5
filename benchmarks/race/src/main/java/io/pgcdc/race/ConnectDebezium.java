package io.pgcdc.race;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * Debezium's connector, tuned as {@link DebeziumReader} has it.
 *
 * @param more properties in addition to those of the race, or in place of them
 */
record ConnectDebezium(Map<String, String> more) implements ConnectContestant {

    @Override
    public String label() {
        return "Debezium's connector" + (more.isEmpty() ? "" : " " + more);
    }

    @Override
    public RecordForm form() {
        return RecordForm.DEBEZIUM;
    }

    @Override
    public Map<String, String> properties(ConnectLap lap) {
        Lap source = lap.source();
        RaceServer server = source.server();
        Properties ofEngine = DebeziumReader.properties(new String[] {
            server.host(),
            Integer.toString(server.port()),
            server.database(),
            server.user(),
            source.slot(),
            source.publication()
        });
        Map<String, String> all = new HashMap<>();
        ofEngine.stringPropertyNames().forEach(name -> all.put(name, ofEngine.getProperty(name)));
        // those of the engine, which Connect has itself
        all.keySet().removeIf(name -> name.equals("name") || name.startsWith("offset."));
        all.put("database.password", server.password());
        // four headers a record, which the others do not write either
        all.put("extended.headers.enabled", "false");
        all.put("topic.prefix", lap.prefix());
        all.putAll(more);
        return all;
    }
}
