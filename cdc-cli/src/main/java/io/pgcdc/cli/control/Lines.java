package io.pgcdc.cli.control;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** Reads lines of limited length. */
final class Lines {

    private static final int LONGEST = 1 << 20;

    private Lines() {}

    /** Returns the next line without its end; null: there is none. */
    static @Nullable String next(Reader from) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = from.read(); c >= 0; c = from.read()) {
            if (c == '\n') {
                return line.toString();
            }
            if (line.length() == LONGEST) {
                throw new IOException("a line has more than " + LONGEST + " characters");
            }
            line.append((char) c);
        }
        return null;
    }
}
