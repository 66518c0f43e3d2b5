package io.pgcdc.wire;

import io.pgcdc.model.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * How a server's timeline came about (TIMELINE_HISTORY; PostgreSQL documentation, "Timelines").
 *
 * @param timeline the server's own
 * @param ends of the timelines before it: the LSN at which the history left each
 */
public record TimelineHistory(int timeline, Map<Integer, Long> ends) {

    public TimelineHistory {
        ends = Map.copyOf(ends);
    }

    /**
     * Reads a history file: a line for each earlier timeline, {@code number, LSN, reason}, separated by blanks.
     *
     * @param content as it stands in the file, or as the text of a bytea
     */
    static TimelineHistory parse(int timeline, String content) {
        String text = content.startsWith("\\x")
                ? new String(HexFormat.of().parseHex(content.substring(2)), StandardCharsets.UTF_8)
                : content;
        Map<Integer, Long> ends = new HashMap<>();
        for (String line : text.split("\n", -1)) {
            String[] fields = line.strip().split("\\s+", 3);
            if (fields.length >= 2 && fields[0].matches("[0-9]{1,9}")) {
                ends.put(Integer.parseInt(fields[0]), Lsn.parse(fields[1]));
            }
        }
        return new TimelineHistory(timeline, ends);
    }

    /** Whether what was received on a timeline, up to an LSN, belongs to this server's history. */
    public boolean contains(int earlier, long lsn) {
        Long end = ends.get(earlier);
        return earlier == timeline || (end != null && Lsn.compare(lsn, end) <= 0);
    }
}
