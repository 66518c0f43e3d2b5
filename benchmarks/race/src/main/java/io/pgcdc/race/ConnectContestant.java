package io.pgcdc.race;

import java.util.HashMap;
import java.util.Map;

/** A connector in a given configuration. Immutable. */
interface ConnectContestant {

    /** Returns its name in tables. */
    String label();

    RecordForm form();

    /** Returns true if it makes no records of changes, but has them before it starts. */
    default boolean isReady() {
        return false;
    }

    /** Returns true if somebody else reads the backlog at the same time. */
    default boolean isBeside() {
        return false;
    }

    /** Returns the connector's own properties. */
    Map<String, String> properties(ConnectLap lap);

    /** Returns all properties of the connector, for Connect's REST interface. */
    default Map<String, String> allProperties(ConnectLap lap) {
        Map<String, String> all = new HashMap<>(form().converters(false));
        all.put("tasks.max", "1");
        // of topics that the race does not create, such as heartbeats
        all.put("topic.creation.default.partitions", "1");
        all.put("topic.creation.default.replication.factor", "1");
        if (lap.exactlyOnce()) {
            all.put("exactly.once.support", "required");
        }
        all.putAll(properties(lap));
        return all;
    }
}
