package io.pgcdc.setting;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Suggests the known name that a mistyped name probably means. */
public final class NearMatch {

    private NearMatch() {}

    /** Returns the nearest known name, or null if none is near. Ignores case, spaces and the separators {@code _ - .}. */
    public static @Nullable String of(String typed, Collection<String> known) {
        String plain = plain(typed);
        int limit = Math.max(1, plain.length() / 3);
        String best = null;
        for (String candidate : known) {
            int distance = distance(plain, plain(candidate), limit + 1);
            if (distance < limit + 1) {
                best = candidate;
                limit = distance - 1;
                if (limit < 0) {
                    break;
                }
            }
        }
        return best;
    }

    /** Returns {@code did you mean "slot"?}, or {@code known names are slot, url} if no name is near. */
    public static String advice(String typed, Collection<String> known) {
        String near = of(typed, known);
        return near != null
                ? "did you mean \"" + near + "\"?"
                : "known names are " + String.join(", ", known.stream().sorted().toList());
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[-_.\\s]", "");
    }

    /** Returns the Levenshtein distance, but at most {@code cap}. A swap of two adjacent letters counts as one edit. */
    private static int distance(String a, String b, int cap) {
        if (Math.abs(a.length() - b.length()) >= cap) {
            return cap;
        }
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + same);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return Math.min(cap, d[a.length()][b.length()]);
    }
}
