package io.pgcdc.race;

import java.util.HashMap;
import java.util.Map;

/**
 * pgcdc's connector.
 *
 * @param more properties in addition to those of the race, or in place of them
 */
record ConnectPgcdc(RecordForm form, Map<String, String> more) implements ConnectContestant {

    @Override
    public String label() {
        return "pgcdc, " + form.label() + (more.isEmpty() ? "" : " " + more);
    }

    @Override
    public Map<String, String> properties(ConnectLap lap) {
        Lap source = lap.source();
        Map<String, String> all = new HashMap<>();
        all.put("connector.class", "io.pgcdc.connect.PostgresSourceConnector");
        all.put("source.url", source.server().nearestUrl());
        all.put("source.password", source.server().password());
        all.put("source.slot", source.slot());
        all.put("source.publications", source.publication());
        all.put("format", form.format());
        all.put("values", form.isStructs() ? "struct" : "bytes");
        all.put("prefix", lap.prefix());
        all.put("topic", lap.prefix() + ".${schema}.${table}");
        if (lap.exactlyOnce()) {
            all.put("transaction.boundary", "connector");
        }
        all.putAll(more);
        return all;
    }
}
