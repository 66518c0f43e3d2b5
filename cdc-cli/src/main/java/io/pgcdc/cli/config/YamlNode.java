package io.pgcdc.cli.config;

import java.util.List;

/** A piece of a YAML file with the place where it begins; lines and columns count from 1. */
sealed interface YamlNode {

    int line();

    int column();

    /** What messages call this kind of node. */
    String kind();

    /** @param text as written, without quotes; numbers and booleans unconverted */
    record Scalar(String text, int line, int column) implements YamlNode {
        @Override
        public String kind() {
            return "a value";
        }
    }

    /** Nothing after the colon, or null, or ~. */
    record Empty(int line, int column) implements YamlNode {
        @Override
        public String kind() {
            return "empty";
        }
    }

    /** Something that is already among the problems: nothing more is said about it. */
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

    /** In the file's order; no key twice. */
    record Mapping(List<Entry> entries, int line, int column) implements YamlNode {
        @Override
        public String kind() {
            return "a mapping";
        }
    }

    record Entry(String key, int line, int column, YamlNode value) {}
}
