package io.pgcdc.pipeline;

import io.pgcdc.snapshot.ModelDatabase;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Applies changes to an empty table, as a projection does. */
final class Replay {

    private final Map<String, @Nullable String[]> rows = new TreeMap<>();

    /** Keys since a snapshot that reconciles began; null: there is none. */
    private @Nullable Set<String> seen;

    private Replay() {}

    /** Returns the rows of the model database's table: values by key. */
    static Map<String, String> table(List<ModelWal.Expected> changes) {
        Replay replay = new Replay();
        changes.forEach(change -> replay.apply(change.text().split(" ", -1)));
        Map<String, String> table = new LinkedHashMap<>();
        replay.rows.forEach((key, row) -> table.put(key, row[0] + " " + row[1]));
        return table;
    }

    private void apply(String[] words) {
        if (!words[1].equals(ModelDatabase.NAME)) {
            return;
        }
        if (words[0].equals("RECONCILE")) {
            reconcile(words[2].equals("begins"));
            return;
        }
        String key = value(words[2]);
        if (words[0].equals("DELETE")) {
            rows.remove(key);
            return;
        }
        boolean moved = words[3].startsWith(ModelDatabase.COLUMNS.get(0) + "=");
        @Nullable String[] was = moved ? rows.remove(key) : rows.get(key);
        @Nullable String[] row = was == null ? new @Nullable String[2] : was;
        int n = moved ? 4 : 3;
        row[0] = value(words[n]);
        if (words.length > n + 1) {
            row[1] = value(words[n + 1]);
        }
        String newKey = value(words[n - 1]);
        rows.put(newKey, row);
        if (seen != null) {
            seen.add(newKey);
        }
    }

    private void reconcile(boolean begins) {
        if (begins) {
            seen = new HashSet<>();
        } else if (seen != null) {
            rows.keySet().retainAll(seen);
            seen = null;
        }
    }

    private static String value(String word) {
        return word.substring(word.indexOf('=') + 1);
    }
}
