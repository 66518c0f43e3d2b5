package io.pgcdc.connect.config;

/** A group of properties, in the order in which a user meets them. */
enum Group {
    SOURCE("Source", "source."),
    SNAPSHOT("Snapshot", "snapshot."),
    RECORDS("Records", ""),
    ROUTING("Routing", ""),
    CONNECTOR("Connector", ""),
    /** Names of Debezium's connector that mean the same here. */
    DEBEZIUM("Debezium's names", "");

    private final String title;
    private final String prefix;

    Group(String title, String prefix) {
        this.title = title;
        this.prefix = prefix;
    }

    String title() {
        return title;
    }

    /** Returns what precedes the settings' keys. */
    String prefix() {
        return prefix;
    }
}
