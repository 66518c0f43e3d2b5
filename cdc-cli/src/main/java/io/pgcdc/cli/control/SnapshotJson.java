package io.pgcdc.cli.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.error.CdcException;
import io.pgcdc.snapshot.SnapshotProgress;
import io.pgcdc.snapshot.SnapshotStatus;
import java.util.List;
import java.util.Locale;

/** The status of snapshots as JSON. docs/reference/control.md describes it. */
final class SnapshotJson {

    private static final double MILLI = 1e3;

    private SnapshotJson() {}

    static ArrayNode of(List<SnapshotStatus> all, ObjectMapper json) {
        ArrayNode array = json.createArrayNode();
        all.forEach(status -> array.add(of(status, json)));
        return array;
    }

    private static ObjectNode of(SnapshotStatus status, ObjectMapper json) {
        SnapshotProgress progress = status.progress();
        ObjectNode node = json.createObjectNode();
        node.put("id", status.id());
        node.put("state", status.state().name().toLowerCase(Locale.ROOT));
        status.tables().forEach(node.putArray("only_tables")::add);
        status.sinks().forEach(node.putArray("only_sinks")::add);
        node.put("where", status.where());
        node.put("tables", progress.tables());
        node.put("tables_done", progress.tablesDone());
        node.put("share_estimated", Math.round(progress.share() * MILLI) / MILLI);
        node.put("rows", progress.rows());
        node.put("bytes", progress.bytes());
        node.put("rows_per_second", Math.round(progress.rowsPerSecond()));
        node.put("seconds", Math.round(progress.nanos() / 1e6) / MILLI);
        if (progress.secondsLeft() < 0) {
            node.putNull("seconds_left_estimated");
        } else {
            node.put("seconds_left_estimated", progress.secondsLeft());
        }
        ArrayNode xids = node.putArray("waits_for_xids");
        progress.waitsFor().stream().map(Integer::toUnsignedLong).sorted().forEach(xids::add);
        Throwable trouble = status.trouble();
        node.put(
                "error",
                trouble instanceof CdcException e ? e.describe() : trouble == null ? null : trouble.toString());
        return node;
    }
}
