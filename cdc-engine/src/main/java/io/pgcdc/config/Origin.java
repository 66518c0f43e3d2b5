package io.pgcdc.config;

/**
 * Where a value, or a problem with it, came from.
 *
 * @param name the file's path as the user gave it, the flag, or the variable; "default" otherwise
 * @param line from 1; 0 where there are no lines
 * @param column from 1; 0 where there are none
 */
public record Origin(Kind kind, String name, int line, int column) implements Comparable<Origin> {

    /** The places that a value can come from. */
    public enum Kind {
        FLAG,
        ENVIRONMENT,
        FILE,
        DEFAULT
    }

    public static final Origin DEFAULT = new Origin(Kind.DEFAULT, "default", 0, 0);

    public static Origin file(String path, int line, int column) {
        return new Origin(Kind.FILE, path, line, column);
    }

    public static Origin flag(String flag) {
        return new Origin(Kind.FLAG, flag, 0, 0);
    }

    public static Origin environment(String variable) {
        return new Origin(Kind.ENVIRONMENT, variable, 0, 0);
    }

    /** In front of a problem: {@code cdc.yaml:3:5}, {@code command line}, {@code environment}. */
    public String where() {
        return switch (kind) {
            case FLAG -> "command line";
            case ENVIRONMENT -> "environment";
            case FILE -> line == 0 ? name : name + ":" + line + ":" + column;
            case DEFAULT -> "configuration";
        };
    }

    /** Beside a value: {@code cdc.yaml:3}, {@code --slot}, {@code PGUSER}, {@code default}. */
    @Override
    public String toString() {
        return line == 0 ? name : name + ":" + line;
    }

    /** Reading order: flags, environment, then the file from its top. */
    @Override
    public int compareTo(Origin other) {
        int byKind = kind.compareTo(other.kind);
        if (byKind != 0) {
            return byKind;
        }
        int byLine = Integer.compare(line, other.line);
        return byLine != 0 ? byLine : Integer.compare(column, other.column);
    }
}
