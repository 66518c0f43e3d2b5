package io.pgcdc.cli.config;

import java.util.List;

/** A part of a YAML file and its place; lines and columns count from 1. */
public sealed interface YamlNode {

    int line();

    int column();

    /** Returns the name of this kind of node in messages. */
    String kind();

    /** @param text as written, without quotes; numbers and booleans are not converted */
    record Scalar(String text, int line, int column) implements YamlNode {
        @Override
        public String kind() {
            return "a value";
        }
    }

    /** An empty value: nothing after the colon, or null, or ~. */
    record Empty(int line, int column) implements YamlNode {
        @Override
        public String kind() {
            return "empty";
        }
    }

    /** A node that is already a reported problem: no other problem is reported for it. */
    record Refused(int line, int column) implements YamlNode {
        @Override
        public String kind() {
            return "not readable";
        }
    }

    record Sequence(List<YamlNode> elements, int line, int column) implements YamlNode {
        @Override
        public String kind() {
            return "a list";
        }
    }

    /** Entries in the file's order, without duplicate keys. */
    record Mapping(List<Entry> entries, int line, int column) implements YamlNode {
        @Override
        public String kind() {
            return "a mapping";
        }
    }

    record Entry(String key, int line, int column, YamlNode value) {}
}
