package io.pgcdc.golden;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Relation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What one server sent for one fixture, as text, an item a line:
 *
 * <pre>
 *   # comment
 *   frame 0/1A2B3C8 I 49000040...     LSN, type letter, the message's bytes
 *   relation {"version":1,...}        the layout that the Relation message before it became
 *   sent 2026-01-02T03:04:05.678901Z  when the server sent the non-transactional message on the next line
 * </pre>
 */
public record GoldenCapture(List<GoldenItem> items) {

    private static final String FRAME = "frame ";
    private static final String RELATION = "relation ";
    private static final String SENT = "sent ";

    static final ObjectMapper JSON = new ObjectMapper();

    public GoldenCapture {
        items = List.copyOf(items);
    }

    /** @throws IllegalArgumentException for a line that is none of a capture's */
    public static GoldenCapture parse(String text) {
        List<GoldenItem> items = new ArrayList<>();
        long sentMicros = 0;
        for (String line : text.lines().toList()) {
            if (line.startsWith(FRAME)) {
                items.add(frame(line, sentMicros));
                sentMicros = 0;
            } else if (line.startsWith(RELATION)) {
                items.add(new GoldenItem.Layout(relation(line.substring(RELATION.length()))));
            } else if (line.startsWith(SENT)) {
                sentMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(line.substring(SENT.length())));
            } else if (!line.startsWith("#")) {
                throw new IllegalArgumentException("not a line of a capture: " + line);
            }
        }
        return new GoldenCapture(items);
    }

    private static GoldenItem.Frame frame(String line, long sentMicros) {
        String[] words = line.split(" ");
        if (words.length != 4) {
            throw new IllegalArgumentException("not a frame: " + line);
        }
        GoldenItem.Frame frame = new GoldenItem.Frame(
                Lsn.parse(words[1]), sentMicros, HexFormat.of().parseHex(words[3]));
        if (!words[2].equals(String.valueOf(frame.type()))) {
            throw new IllegalArgumentException("the letter is not that of the frame's first byte: " + line);
        }
        return frame;
    }

    private static Relation relation(String json) {
        try {
            return JSON.readValue(json, Relation.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a relation: " + json, e);
        }
    }

    /** @param heading a comment for the first line */
    public String toText(String heading) {
        StringBuilder text = new StringBuilder("# ").append(heading).append('\n');
        for (GoldenItem item : items) {
            if (item instanceof GoldenItem.Frame frame) {
                if (frame.sentMicros() != 0) {
                    text.append(SENT)
                            .append(Instant.EPOCH.plus(frame.sentMicros(), ChronoUnit.MICROS))
                            .append('\n');
                }
                text.append(FRAME).append(Lsn.toString(frame.lsn())).append(' ');
                text.append(frame.type()).append(' ');
                text.append(HexFormat.of().formatHex(frame.bytes())).append('\n');
            } else if (item instanceof GoldenItem.Layout layout) {
                text.append(RELATION).append(json(layout.relation())).append('\n');
            }
        }
        return text.toString();
    }

    private static String json(Relation relation) {
        try {
            return JSON.writeValueAsString(relation);
        } catch (JsonProcessingException e) {
            throw new AssertionError("a record of strings and numbers", e);
        }
    }

    /** The messages alone. */
    public List<GoldenItem.Frame> frames() {
        return items.stream()
                .filter(GoldenItem.Frame.class::isInstance)
                .map(GoldenItem.Frame.class::cast)
                .toList();
    }
}
