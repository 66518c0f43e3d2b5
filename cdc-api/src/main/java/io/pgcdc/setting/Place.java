package io.pgcdc.setting;

import io.pgcdc.error.Printable;

/**
 * The origin of a value, or of a problem with it.
 *
 * @param name the file's path as the user gave it, the property, the flag, or the variable; "default" otherwise
 * @param line from 1; 0 if unknown
 * @param column from 1; 0 if unknown
 */
public record Place(Kind kind, String name, int line, int column) implements Comparable<Place> {

    /** The places that a value can come from. */
    public enum Kind {
        FLAG,
        ENVIRONMENT,
        FILE,
        PROPERTY,
        DEFAULT
    }

    public static final Place DEFAULT = new Place(Kind.DEFAULT, "default", 0, 0);

    public static Place file(String path, int line, int column) {
        return new Place(Kind.FILE, path, line, column);
    }

    /** @param name its whole name, in a flat list of properties */
    public static Place property(String name) {
        return new Place(Kind.PROPERTY, name, 0, 0);
    }

    public static Place flag(String flag) {
        return new Place(Kind.FLAG, flag, 0, 0);
    }

    public static Place environment(String variable) {
        return new Place(Kind.ENVIRONMENT, variable, 0, 0);
    }

    /** The longest part of a file's name in a message; longer names are no files. */
    private static final int LONGEST_NAME = 1_000;

    /** Returns the prefix of a problem: {@code cdc.yaml:3:5}, {@code command line}, {@code environment}. */
    public String where() {
        return switch (kind) {
            case FLAG -> "command line";
            case ENVIRONMENT -> "environment";
            case FILE -> Printable.start(name, LONGEST_NAME) + (line == 0 ? "" : ":" + line + ":" + column);
            case PROPERTY -> Printable.start(name, LONGEST_NAME);
            case DEFAULT -> "configuration";
        };
    }

    /** Returns the suffix of a value: {@code cdc.yaml:3}, {@code --slot}, {@code PGUSER}, {@code default}. */
    @Override
    public String toString() {
        return line == 0 ? name : name + ":" + line;
    }

    /** Compares in reading order: flags, environment, the file from top to bottom, then properties. */
    @Override
    public int compareTo(Place other) {
        int byKind = kind.compareTo(other.kind);
        if (byKind != 0) {
            return byKind;
        }
        int byLine = Integer.compare(line, other.line);
        return byLine != 0 ? byLine : Integer.compare(column, other.column);
    }
}
