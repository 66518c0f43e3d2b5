package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.model.Position;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What sinks have after a snapshot, to compare with table t. */
final class SnapshotResults {

    private SnapshotResults() {}

    /** The state of table t after all changes, by id. */
    static Map<String, String> replayed(CollectingSink... sinks) {
        Map<String, String> rows = new TreeMap<>();
        for (CollectingSink sink : sinks) {
            for (CollectingSink.Seen seen : sink.seen()) {
                String id = String.valueOf(seen.row().get("id"));
                if (seen.json().contains("\"change_type\":\"DELETE\"")) {
                    rows.remove(seen.json().replaceAll(".*\"record_id\":\"([^\"]*)\".*", "$1"));
                } else if (seen.json().contains("\"change_type\":\"TRUNCATE\"")) {
                    rows.clear();
                } else {
                    rows.put(id, String.valueOf(seen.row().get("v")));
                }
            }
        }
        return rows;
    }

    static Map<String, String> table(TestSource source) throws SQLException {
        Map<String, String> rows = new TreeMap<>();
        for (String line : source.ask("SELECT coalesce(string_agg(id || '=' || coalesce(v, 'null'), ','), '') FROM t")
                .split(",")) {
            if (!line.isEmpty()) {
                rows.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
            }
        }
        return rows;
    }

    static List<CollectingSink.Seen> reads(CollectingSink sink) {
        return sink.seen().stream()
                .filter(seen -> seen.json().contains("\"change_type\":\"READ\""))
                .toList();
    }

    static void assertIncreasing(CollectingSink... sinks) {
        Position last = null;
        for (CollectingSink sink : sinks) {
            for (Position position : sink.positions()) {
                assertTrue(last == null || last.compareTo(position) < 0, last + " before " + position);
                last = position;
            }
        }
    }

    /** The value of v of each row, as a sink has it that keeps a value that was not sent. */
    static Map<String, String> merged(CollectingSink sink) {
        Map<String, String> rows = new TreeMap<>();
        for (CollectingSink.Seen seen : sink.seen()) {
            String id = String.valueOf(seen.row().get("id"));
            String v = seen.row().get("v");
            if (v != null) {
                rows.put(id, v);
            } else {
                rows.putIfAbsent(id, "missing");
            }
        }
        return rows;
    }
}
