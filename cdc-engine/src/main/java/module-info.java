/**
 * The front door for Java programs: {@code Pipeline.builder()}, the settings that it takes, and records as JSON. For the compiler only: pgcdc
 * runs on the class path, for the flags that Chronicle Queue needs name the unnamed module.
 */
@SuppressWarnings("requires-automatic") // what we depend on has no descriptors; theirs are read from file names
module io.pgcdc.engine {
    requires transitive io.pgcdc.api;
    requires static transitive org.jspecify;
    requires static org.checkerframework.checker.qual;
    requires chronicle.bytes;
    requires chronicle.core;
    requires chronicle.queue;
    requires chronicle.wire;
    requires com.fasterxml.jackson.core;
    requires java.sql;
    requires posix;
    requires org.newsclub.net.unix;
    requires org.postgresql.jdbc;
    requires org.slf4j;

    exports io.pgcdc.pipeline;
    // settings, and the records that they become
    exports io.pgcdc.address;
    exports io.pgcdc.delivery;
    exports io.pgcdc.feed;
    exports io.pgcdc.queue;
    exports io.pgcdc.snapshot;
    exports io.pgcdc.source;
    exports io.pgcdc.view;
    // a change as our JSON
    exports io.pgcdc.json.bytes;
    exports io.pgcdc.json.record;
}
