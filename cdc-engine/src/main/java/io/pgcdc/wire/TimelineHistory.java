package io.pgcdc.wire;

import io.pgcdc.model.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * The history of a server's timeline (TIMELINE_HISTORY; PostgreSQL documentation, "Timelines").
 *
 * @param timeline the server's current timeline
 * @param ends for each earlier timeline, the LSN at which the history left it
 */
public record TimelineHistory(int timeline, Map<Integer, Long> ends) {

    public TimelineHistory {
        ends = Map.copyOf(ends);
    }

    /**
     * Parses a history file. It has one line per earlier timeline, {@code number, LSN, reason}, separated by blanks.
     *
     * @param content the file's text, or the text of a bytea
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

    /** Returns whether WAL that was received on a timeline, up to an LSN, belongs to this server's history. */
    public boolean contains(int earlier, long lsn) {
        Long end = ends.get(earlier);
        return earlier == timeline || (end != null && Lsn.compare(lsn, end) <= 0);
    }
}
