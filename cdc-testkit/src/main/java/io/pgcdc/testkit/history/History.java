package io.pgcdc.testkit.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgcdc.model.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes native records line by line, in the order in which they came out, and checks them as it goes: positions strictly increase, but
 * after a restart, where lines may come again, each equal to what it was. Adds the changes up to tables.
 */
public final class History {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final Map<Position, Integer> seen = new HashMap<>();
    private final ReplayedTables tables;
    private @Nullable Position last;
    private @Nullable Position lastLine;
    private boolean repeatsAllowed;
    private long repeats;

    /**
     * An empty history.
     *
     * @param keyColumns by {@code schema.table}, in key order
     */
    public History(Map<String, List<String>> keyColumns) {
        tables = new ReplayedTables(keyColumns);
    }

    /** From here on lines may come again, once, in order, until the first new one. */
    public void restarted() {
        repeatsAllowed = true;
        lastLine = null;
    }

    /** From here on a change may concern a row that comes later, as a row of a snapshot. The first such row has the same effect. */
    public void rowsFollow() {
        tables.rowsFollow();
    }

    /** Changes, each counted once. */
    public int size() {
        return seen.size();
    }

    /** Lines that came again. */
    public long repeats() {
        return repeats;
    }

    /** The tables as the changes add up to, by {@code schema.table} and record_id. */
    public Map<String, SortedMap<String, JsonNode>> tables() {
        return tables.rows();
    }

    public void add(String line) {
        JsonNode change = parse(line);
        Position position = Position.parse(change.path("position").asText());
        if (lastLine != null && position.compareTo(lastLine) <= 0) {
            throw new AssertionError("out of order: " + position + " after " + lastLine);
        }
        lastLine = position;
        Integer before = seen.get(position);
        if (before != null) {
            if (!repeatsAllowed) {
                throw new AssertionError("came twice without a restart: " + position);
            }
            if (before != line.hashCode()) {
                throw new AssertionError("came again with another content: " + position);
            }
            repeats++;
            return;
        }
        if (last != null && position.compareTo(last) <= 0) {
            throw new AssertionError("new, but before what came already: " + position + " after " + last);
        }
        repeatsAllowed = false;
        last = position;
        seen.put(position, line.hashCode());
        tables.apply(change);
    }

    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + json, e);
        }
    }
}
