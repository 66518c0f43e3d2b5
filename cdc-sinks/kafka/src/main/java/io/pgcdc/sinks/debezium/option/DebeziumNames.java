package io.pgcdc.sinks.debezium.option;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The properties of Debezium's PostgreSQL connector, each with its answer. */
public final class DebeziumNames {

    public static final String SNAPSHOT_MODE = "snapshot.mode";

    /** The mask whose length is in its name. */
    static final Pattern TRUNCATED = Pattern.compile("column\\.truncate\\.to\\.(.+)\\.chars");

    private static final String ROWS_OF_A_SNAPSHOT =
            "a snapshot has the rows that the publications have; give their tables a row filter, WHERE (...)";
    private static final String TRANSFORM = "use a transform of Kafka Connect, or remove it";
    private static final String ORDERED = "a logical message orders a snapshot; remove it";
    private static final String NO_LINEAGE = "pgcdc tells nobody of its runs; remove it";
    private static final String NO_NOTICES = "the worker's log and JMX tell how far it is; remove it";

    private static final Map<String, DebeziumAnswer> ANSWERS = new LinkedHashMap<>();

    static {
        // the server
        translated("database.hostname", "source.url");
        translated("database.port", "source.url");
        translated("database.user", "source.url");
        equal("database.password", "source.password");
        translated("database.dbname", "source.url");
        translated("database.sslmode", "source.url");
        translated("database.sslcert", "source.url");
        translated("database.sslkey", "source.url");
        translated("database.sslrootcert", "source.url");
        translated("database.sslpassword", "source.url");
        translated("database.tcpKeepAlive", "source.url");
        refused("database.sslfactory", "write database.sslmode: require does not check the server, verify-full does");
        refused(
                "database.initial.statements",
                "write settings of the session into source.url: options=-c%20name=value");
        unneeded("database.query.timeout.ms", "source.receive_timeout_ms limits the wait for an answer");
        unneeded("connection.validation.timeout.ms", "a validation waits 5 s for a host at most");
        unneeded("query.fetch.size", "pgcdc reads no rows of tables through a cursor");
        fixed("errors.max.retries", "pgcdc connects again without a limit; with source.reconnect=false never", "-1");
        unneeded("retriable.restart.connector.wait.ms", "the pauses before pgcdc connects again grow to 10 s");
        unneeded("executor.shutdown.timeout.ms", "the worker limits how long a task may stop");

        // slot and publication
        fixed("plugin.name", "pgcdc reads pgoutput; create another slot, with that plugin", "pgoutput");
        equal("slot.name", "source.slot");
        equal("slot.failover", "source.failover_slot");
        fixed("slot.drop.on.stop", "pgcdc never drops a slot; use SELECT pg_drop_replication_slot('...')", "false");
        unneeded("slot.max.retries", "pgcdc waits for a slot that an earlier process holds, and connects again");
        unneeded("slot.retry.delay.ms", "pgcdc waits for a slot that an earlier process holds, and connects again");
        refused("slot.stream.params", "pgoutput needs none; remove it");
        equal("publication.name", "source.publications");
        translated("publication.autocreate.mode", "source.create_publication");
        fixed(
                "publish.via.partition.root",
                "create the publication yourself: CREATE PUBLICATION ... WITH (publish_via_partition_root = true)",
                "false");
        refused("replica.identity.autoset.values", "run ALTER TABLE ... REPLICA IDENTITY ... for each table");
        equal("status.update.interval.ms", "source.status_interval_ms");
        fixed("xmin.fetch.interval.ms", "records have no xmin; remove it", "0");
        fixed("flush.lsn.source", "the slot advances once Connect has committed the offset; remove it", "true");
        fixed("lsn.flush.mode", "the slot advances once Connect has committed the offset; remove it", "connector");
        unneeded("lsn.flush.timeout.ms", "a status message has no answer to wait for");
        unneeded("lsn.flush.timeout.action", "a status message has no answer to wait for");
        fixed("internal.log.position.check.enable", "changes that are missing are always an error; remove it", "true");

        // snapshots
        translated(SNAPSHOT_MODE, "snapshot.mode");
        equal("snapshot.max.threads", "snapshot.parallel");
        unneeded("snapshot.max.threads.multiplier", "snapshot.chunk_bytes is the size of a part of a table");
        unneeded("legacy.snapshot.max.threads", "several connections read parts of one table");
        unneeded("internal.legacy.snapshot.max.threads", "several connections read parts of one table");
        unneeded("snapshot.fetch.size", "snapshot.chunk_bytes is the size of a part of a table");
        fixed("snapshot.delay.ms", "start the connector later, or remove it", "0");
        fixed("streaming.delay.ms", "pgcdc streams as soon as it can; remove it", "0");
        refused("snapshot.include.collection.list", ROWS_OF_A_SNAPSHOT);
        unneeded("snapshot.isolation.mode", "rows are read in the state that the new slot exports");
        unneeded("snapshot.lock.timeout.ms", "rows are read without a lock that stops writers");
        fixed("snapshot.locking.mode", "rows are read without a lock that stops writers; remove it", "none");
        refused("snapshot.locking.mode.custom.name", "rows are read without a lock that stops writers; remove it");
        refused("snapshot.mode.custom.name", "write snapshot.mode: initial, only or never");
        fixed("snapshot.query.mode", ROWS_OF_A_SNAPSHOT, "select_all");
        refused("snapshot.query.mode.custom.name", ROWS_OF_A_SNAPSHOT);
        refused("snapshot.select.statement.overrides", ROWS_OF_A_SNAPSHOT);
        fixed("snapshot.tables.order.by.row.count", "large tables come first; remove it", "disabled", "descending");
        unneeded("incremental.snapshot.chunk.size", "snapshot.chunk_bytes is the size of a part of a table");
        unneeded("incremental.snapshot.watermarking.strategy", "pgcdc writes its watermarks as logical messages");
        unneeded("internal.snapshot.scan.all.columns.force", "the columns are those of the stream");

        // what is captured
        translated("table.include.list", "tables");
        translated("table.exclude.list", "exclude_tables");
        translated("schema.include.list", "tables");
        translated("schema.exclude.list", "exclude_tables");
        translated("column.exclude.list", "exclude_columns");
        refused("column.include.list", "write the other columns as exclude_columns=schema.table.column");
        fixed("table.ignore.builtin", "no publication has the system's tables; remove it", "true");
        refused("message.prefix.include.list", "write skip=message for no messages, or use a transform's predicate");
        refused("message.prefix.exclude.list", "write skip=message for no messages, or use a transform's predicate");
        translated("skipped.operations", "skip");
        fixed("guardrail.collections.max", "pgcdc does not limit the number of tables; remove it", "0");
        unneeded("guardrail.collections.limit.action", "pgcdc does not limit the number of tables");

        // records and topics
        equal("topic.prefix", "prefix");
        fixed(
                "topic.naming.strategy",
                "write topic and topic_rules, for example topic=${prefix}.${schema}.${table}",
                "io.debezium.schema.SchemaTopicNamingStrategy");
        fixed("topic.delimiter", "write topic, for example topic=${prefix}_${schema}_${table}", ".");
        unneeded("topic.cache.size", "the names of topics are kept as long as their tables");
        translated("message.key.columns", "key_columns");
        equal("tombstones.on.delete", "tombstones");
        translated("provide.transaction.metadata", "transaction_topic");
        translated("topic.transaction", "transaction_topic");
        equal("decimal.handling.mode", "decimal_handling_mode");
        equal("time.precision.mode", "time_precision_mode");
        translated("binary.handling.mode", "binary_handling_mode");
        equal("interval.handling.mode", "interval_handling_mode");
        equal("hstore.handling.mode", "hstore_handling_mode");
        equal("unavailable.value.placeholder", "unavailable_value_placeholder");
        fixed("money.fraction.digits", "money has two digits after the point; remove it", "2");
        fixed("include.unknown.datatypes", "write format=native: it has all types", "false");
        fixed("include.schema.comments", "schemas have no comments; remove it", "false");
        fixed("schema.name.adjustment.mode", "names of schemas are PostgreSQL's; remove it", "none");
        fixed("field.name.adjustment.mode", "names of fields are PostgreSQL's; remove it", "none");
        refused("column.propagate.source.type", "schemas have no types of PostgreSQL; remove it");
        refused("datatype.propagate.source.type", "schemas have no types of PostgreSQL; remove it");
        fixed("extended.headers.enabled", "records have no headers about the connector's process; remove it", "false");
        fixed(
                "transaction.metadata.factory",
                TRANSFORM,
                "io.debezium.pipeline.txmetadata.DefaultTransactionMetadataFactory");
        fixed("sourceinfo.struct.maker", TRANSFORM, "io.debezium.connector.postgresql.PostgresSourceInfoStructMaker");
        refused("converters", TRANSFORM);
        refused("post.processors", TRANSFORM);
        fixed("event.processing.failure.handling.mode", "write errors.tolerance=all, or remove it", "fail");
        unneeded("schema.refresh.mode", "the stream tells when a table was altered");

        // heartbeats
        translated("heartbeat.interval.ms", "heartbeat_record_interval_ms");
        translated("heartbeat.topics.prefix", "heartbeat_topic");
        translated("topic.heartbeat.prefix", "heartbeat_topic");
        refused(
                "heartbeat.action.query",
                "remove it: pgcdc writes a logical message while published tables do not change"
                        + " (source.heartbeat_interval_ms)");

        // memory and pace
        translated("max.queue.size.in.bytes", "memory_bytes");
        unneeded("max.queue.size", "memory_bytes limits what waits");
        unneeded("max.batch.size", "memory_bytes limits what waits");
        unneeded("poll.interval.ms", "changes are handed over as soon as they are there");
        unneeded("memory.management.schemas.class", "schemas are kept as long as their tables");
        unneeded("memory.management.tables.class", "schemas are kept as long as their tables");

        // signals, notifications, metrics
        refused("signal.data.collection", ORDERED);
        refused("signal.enabled.channels", ORDERED);
        unneeded("signal.poll.interval.ms", "logical messages come with the stream");
        refused("notification.enabled.channels", NO_NOTICES);
        refused("notification.sink.topic.name", NO_NOTICES);
        refused("custom.metric.tags", "metrics have the connector's name and the task's number; remove it");
        unneeded("custom.sanitize.pattern", "pgcdc writes no property's value into the log");
        unneeded("statistics.metrics.enabled", "metrics are always there, and cost nothing a row");
        unneeded("internal.advanced.metrics.enable", "metrics are always there, and cost nothing a row");
        fixed("openlineage.integration.enabled", NO_LINEAGE, "false");
    }

    /** Names that have a part of the user's. The first one that matches counts. */
    private static final Map<Pattern, DebeziumAnswer> PATTERNS = patterns();

    private DebeziumNames() {}

    /** Returns the answer, or null if Debezium has no such property. */
    public static @Nullable DebeziumAnswer answer(String name) {
        DebeziumAnswer exact = ANSWERS.get(name);
        if (exact != null) {
            return exact;
        }
        return PATTERNS.entrySet().stream()
                .filter(e -> e.getKey().matcher(name).matches())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    /** Returns the answers by name, without those of names that have a part of the user's. */
    public static Map<String, DebeziumAnswer> all() {
        return Collections.unmodifiableMap(ANSWERS);
    }

    /** Returns Debezium's name of a property of ours, or ours if it has none. */
    public static String of(String ours) {
        return ANSWERS.entrySet().stream()
                .filter(e -> ours.equals(e.getValue().property()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(ours);
    }

    static Set<String> names() {
        return all().keySet();
    }

    private static Map<Pattern, DebeziumAnswer> patterns() {
        Map<Pattern, DebeziumAnswer> patterns = new LinkedHashMap<>();
        patterns.put(TRUNCATED, new DebeziumAnswer.Translated("mask"));
        patterns.put(
                Pattern.compile("column\\.mask\\.hash\\..+"),
                new DebeziumAnswer.Refused(
                        "write mask=schema.table.column=hash, and mask_salt; the hashes are others: HMAC-SHA-256"));
        patterns.put(
                Pattern.compile("column\\.mask\\.with\\..+\\.chars"),
                new DebeziumAnswer.Refused("write mask=schema.table.column=fixed:****; a null stays null"));
        patterns.put(
                Pattern.compile("snapshot\\.mode\\.configuration\\.based\\..+"),
                new DebeziumAnswer.Refused("write snapshot.mode: initial, only or never"));
        patterns.put(
                Pattern.compile("snapshot\\.select\\.statement\\.overrides\\..+"),
                new DebeziumAnswer.Refused(ROWS_OF_A_SNAPSHOT));
        patterns.put(Pattern.compile("openlineage\\..+"), new DebeziumAnswer.Refused(NO_LINEAGE));
        patterns.put(Pattern.compile("signal\\..+"), new DebeziumAnswer.Refused(ORDERED));
        patterns.put(Pattern.compile("notification\\..+"), new DebeziumAnswer.Refused(NO_NOTICES));
        patterns.put(
                Pattern.compile("(database|driver)\\..+"),
                new DebeziumAnswer.Refused("write libpq's parameter for it into source.url, or remove it"));
        return patterns;
    }

    private static void equal(String name, String property) {
        put(name, new DebeziumAnswer.Equal(property));
    }

    private static void translated(String name, String property) {
        put(name, new DebeziumAnswer.Translated(property));
    }

    private static void fixed(String name, String advice, String... values) {
        put(name, new DebeziumAnswer.Fixed(List.of(values), advice));
    }

    private static void unneeded(String name, String why) {
        put(name, new DebeziumAnswer.Unneeded(why));
    }

    private static void refused(String name, String advice) {
        put(name, new DebeziumAnswer.Refused(advice));
    }

    private static void put(String name, DebeziumAnswer answer) {
        if (ANSWERS.put(name, answer) != null) {
            throw new IllegalStateException(name + " has two answers");
        }
    }
}
