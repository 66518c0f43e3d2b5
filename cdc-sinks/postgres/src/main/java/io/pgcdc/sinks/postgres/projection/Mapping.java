package io.pgcdc.sinks.postgres.projection;

/**
 * The source of one column of the target.
 *
 * @param target name of the target's column
 * @param source COLUMN: a name of a source column. CONSTANT: its text without quotes. Other kinds: the word, such as {@code $row}
 */
record Mapping(String target, Kind kind, String source) {

    static final String FORM = "name, name=source, name='constant', name=$row, $table, $position or $commit_time";

    /** Kinds of sources. */
    enum Kind {
        COLUMN,
        CONSTANT,
        ROW,
        TABLE,
        POSITION,
        COMMIT_TIME
    }

    /**
     * Parses one element of the setting {@code columns}.
     *
     * @throws IllegalArgumentException if it has another form; the message completes "write …"
     */
    static Mapping parse(String text) {
        int equals = text.indexOf('=');
        String target = (equals < 0 ? text : text.substring(0, equals)).strip();
        String source = (equals < 0 ? text : text.substring(equals + 1)).strip();
        if (target.isEmpty() || source.isEmpty()) {
            throw new IllegalArgumentException(FORM);
        }
        if (source.startsWith("'")) {
            if (source.length() < 2 || !source.endsWith("'")) {
                throw new IllegalArgumentException("the constant between two single quotes");
            }
            return new Mapping(
                    target,
                    Kind.CONSTANT,
                    source.substring(1, source.length() - 1).replace("''", "'"));
        }
        if (!source.startsWith("$")) {
            return new Mapping(target, Kind.COLUMN, source);
        }
        Kind kind = switch (source) {
            case "$row" -> Kind.ROW;
            case "$table" -> Kind.TABLE;
            case "$position" -> Kind.POSITION;
            case "$commit_time" -> Kind.COMMIT_TIME;
            default -> throw new IllegalArgumentException(FORM);
        };
        return new Mapping(target, kind, source);
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        if (kind == Kind.CONSTANT) {
            return target + "='" + source.replace("'", "''") + "'";
        }
        return kind == Kind.COLUMN && target.equals(source) ? target : target + "=" + source;
    }
}
