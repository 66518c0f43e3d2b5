package io.pgcdc.sinks.postgres.projection;

import org.jspecify.annotations.Nullable;

/**
 * The source of one column of the target.
 *
 * @param target name of the target's column
 * @param write what the new value does with the present one
 * @param source COLUMN and JSON: a name of a source column. CONSTANT: its text without quotes. Other kinds: the word, such as {@code $row}
 * @param path where the value is in the source column, for kind JSON; else null
 */
record MappedColumn(
        String target,
        Write write,
        Kind kind,
        String source,
        @Nullable JsonPath path) {

    static final String FORM =
            "name, name=source, name=source->>'key', name='constant', name=$row, $table, $position or $commit_time; with ||= a JSON"
                    + " object is merged, with ?= a null changes nothing";

    /** Kinds of sources. */
    enum Kind {
        COLUMN,
        JSON,
        CONSTANT,
        ROW,
        TABLE,
        POSITION,
        COMMIT_TIME
    }

    /** What a new value does with the one that the row of the target has. */
    enum Write {
        REPLACE("="),
        /** Adds the keys of a JSON object to those of the present one, as {@code ||} does for jsonb. */
        MERGE("||="),
        /** Replaces it, unless the new value is null. */
        UNLESS_NULL("?=");

        private final String operator;

        Write(String operator) {
            this.operator = operator;
        }
    }

    /** Returns a column that has the value of a source column. */
    static MappedColumn same(String name) {
        return new MappedColumn(name, Write.REPLACE, Kind.COLUMN, name, null);
    }

    /**
     * Parses one element of the setting {@code columns}.
     *
     * @throws IllegalArgumentException if it has another form; the message completes "write …"
     */
    static MappedColumn parse(String text) {
        int equals = text.indexOf('=');
        Write write = write(text, equals);
        int operator = equals + 1 - write.operator.length();
        String target = (equals < 0 ? text : text.substring(0, operator)).strip();
        String source = (equals < 0 ? text : text.substring(equals + 1)).strip();
        boolean pathAlone = equals < 0 && target.contains(JsonPath.ARROW);
        if (target.isEmpty() || source.isEmpty() || target.endsWith("|") || pathAlone) {
            throw new IllegalArgumentException(FORM);
        }
        if (source.startsWith("'")) {
            if (source.length() < 2 || !source.endsWith("'")) {
                throw new IllegalArgumentException("the constant between two single quotes");
            }
            String constant = source.substring(1, source.length() - 1).replace("''", "'");
            return new MappedColumn(target, write, Kind.CONSTANT, constant, null);
        }
        int arrow = source.indexOf(JsonPath.ARROW);
        if (arrow > 0) {
            JsonPath path = JsonPath.parse(source.substring(arrow));
            return new MappedColumn(
                    target, write, Kind.JSON, source.substring(0, arrow).strip(), path);
        }
        if (!source.startsWith("$")) {
            return new MappedColumn(target, write, Kind.COLUMN, source, null);
        }
        Kind kind = switch (source) {
            case "$row" -> Kind.ROW;
            case "$table" -> Kind.TABLE;
            case "$position" -> Kind.POSITION;
            case "$commit_time" -> Kind.COMMIT_TIME;
            default -> throw new IllegalArgumentException(FORM);
        };
        return new MappedColumn(target, write, kind, source, null);
    }

    private static Write write(String text, int equals) {
        if (equals > 1 && text.startsWith("||", equals - 2)) {
            return Write.MERGE;
        }
        return equals > 0 && text.charAt(equals - 1) == '?' ? Write.UNLESS_NULL : Write.REPLACE;
    }

    /** Returns true if the value comes from a column of the source. */
    boolean readsColumn() {
        return kind == Kind.COLUMN || kind == Kind.JSON;
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        String value = switch (kind) {
            case CONSTANT -> "'" + source.replace("'", "''") + "'";
            case JSON -> source + path;
            default -> source;
        };
        boolean same = kind == Kind.COLUMN && write == Write.REPLACE && target.equals(source);
        return same ? target : target + write.operator + value;
    }
}
