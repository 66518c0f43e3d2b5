package io.pgcdc.snapshot;

import io.pgcdc.capture.ChunkRows;
import io.pgcdc.capture.Window;
import io.pgcdc.model.SeenTransactions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The windows that a reader has taken or reads, or that wait for their watermarks; and the one that capture works on. Not thread-safe. */
final class OpenWindows {

    private final Map<Integer, OpenWindow> byNumber = new HashMap<>();
    private int numbers;

    /** The window that capture works on. */
    private @Nullable OpenWindow taken;

    /** Opens a window for a reader, with the next number. */
    void add(ChunkQuery query, ChunkRows rows) {
        OpenWindow window = new OpenWindow(++numbers, query, rows);
        byNumber.put(window.number, window);
    }

    /** Returns the window of a query that a reader has taken. */
    @SuppressWarnings("ReferenceEquality") // two readers may have equal queries
    OpenWindow of(ChunkQuery query) {
        return byNumber.values().stream()
                .filter(window -> window.query == query)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(query + " was not taken"));
    }

    /** Returns false if the window was not open: capture has taken it, or it was given back. */
    boolean remove(OpenWindow window) {
        return byNumber.remove(window.number) != null;
    }

    boolean isEmpty() {
        return byNumber.isEmpty();
    }

    int size() {
        return byNumber.size();
    }

    /** Returns the windows as they are now: the list stays as it is. */
    List<OpenWindow> all() {
        return List.copyOf(byNumber.values());
    }

    /** Returns what the windows' readers see; null if one of them has not begun to read. */
    @Nullable
    List<SeenTransactions> seen() {
        List<SeenTransactions> seen = new ArrayList<>();
        for (OpenWindow window : byNumber.values()) {
            SeenTransactions shown = window.seen;
            if (shown == null) {
                return null;
            }
            seen.add(shown);
        }
        return seen;
    }

    /** Gives capture the window whose watermark has arrived. Returns null if no such window waits for it. */
    @Nullable
    Window arrived(int number) {
        OpenWindow found = byNumber.get(number);
        if (found == null || found.window == null) {
            return null;
        }
        byNumber.remove(number);
        taken = found;
        return found.window;
    }

    /** Takes the window back that capture has done. */
    OpenWindow closed(Window window) {
        OpenWindow found = taken;
        taken = null;
        if (found == null || found.number != window.chunk().number()) {
            throw new IllegalArgumentException("capture has not taken this window");
        }
        return found;
    }
}
