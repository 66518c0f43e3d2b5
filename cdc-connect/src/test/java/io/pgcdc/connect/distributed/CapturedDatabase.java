package io.pgcdc.connect.distributed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.model.Position;
import io.pgcdc.servers.KeptConnections;
import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.connect.ConnectRest;
import io.pgcdc.servers.kafka.LoggedRecord;
import io.pgcdc.servers.kafka.TopicLog;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.servers.testing.Await;
import io.pgcdc.testkit.topic.Fault;
import io.pgcdc.testkit.topic.PlacedRecord;
import io.pgcdc.testkit.topic.TopicJudge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A database whose tables a connector of the same name writes to topics {@code database.table}, through a slot of the same name. Closing
 * deletes all of them but the topics.
 */
final class CapturedDatabase implements AutoCloseable {

    /** How long changes may take to reach Kafka: a busy machine, a worker that was killed. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONVERTER = "org.apache.kafka.connect.converters.ByteArrayConverter";

    private final ConnectGroup group;
    private final PgServer server = PgServer.shared(18);
    private final KeptConnections kept = new KeptConnections(server::connect);
    private final String name;
    private final List<String> tables;

    /** @param tables without a schema, created by {@link #sql} */
    CapturedDatabase(ConnectGroup group, String... tables) throws SQLException {
        this.group = group;
        this.tables = List.of(tables);
        name = server.createDatabase("connect");
        sql("CREATE PUBLICATION everything FOR ALL TABLES");
    }

    String name() {
        return name;
    }

    Connection connect() throws SQLException {
        return server.connect(name);
    }

    void sql(String... statements) throws SQLException {
        for (String sql : statements) {
            kept.execute(name, sql);
        }
    }

    String ask(String sql) throws SQLException {
        return kept.ask(name, sql);
    }

    /** Returns the connector's properties: each source transaction is a Kafka transaction of its own. */
    Map<String, String> config(String... more) {
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", "io.pgcdc.connect.PostgresSourceConnector");
        config.put("tasks.max", "1");
        config.put("source.url", server.url(name));
        config.put("source.password", PgServer.password());
        config.put("source.slot", name);
        config.put("source.publications", "everything");
        config.put("source.create_slot", "true");
        config.put("exactly.once.support", "required");
        config.put("transaction.boundary", "connector");
        config.put("commit_bytes", "0");
        config.put("heartbeat_record_interval_ms", "500");
        config.put("topic", name + ".${table}");
        config.put("values", "bytes");
        config.put("key.converter", CONVERTER);
        config.put("value.converter", CONVERTER);
        config.put("topic.creation.default.partitions", "2");
        config.put("topic.creation.default.replication.factor", "1");
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        return config;
    }

    /** Starts the connector, or gives it another configuration, and waits until it runs with one task. */
    void run(String... more) {
        rest().put(name, config(more));
        rest().awaitRunning(name, 1);
    }

    ConnectRest rest() {
        return group.rest();
    }

    /** Returns the offset of the stream: its partition and its offset; a missing node if there is none. */
    JsonNode streamOffset() {
        for (JsonNode entry : rest().offsets(name).path("offsets")) {
            if (isStream(entry.path("partition"))) {
                return entry;
            }
        }
        return JSON.missingNode();
    }

    /**
     * Returns the position in the stream's last committed offset, or null if there is none. Like {@link #isSnapshotFinished}, it looks into the broker's
     * files: for each question over REST, a worker starts clients and reads all offsets.
     */
    @Nullable
    Position storedPosition() {
        Position last = null;
        for (LoggedRecord record : committedOffsets()) {
            Position position = position(record);
            last = position == null ? last : position;
        }
        return last;
    }

    /** Returns true if the committed offsets say that the snapshot of the beginning has read all rows. */
    boolean isSnapshotFinished() {
        for (LoggedRecord record : committedOffsets()) {
            JsonNode partition = partition(record);
            byte[] value = record.record().value();
            if (isOurs(partition)
                    && partition.path("snapshot").asText().equals("initial")
                    && !partition.has("table")
                    && value != null
                    && json(value).path("ledger").asText().contains("FINISHED")) {
                return true;
            }
        }
        return false;
    }

    private List<LoggedRecord> committedOffsets() {
        return TopicLog.read(group.broker().logDirectory(), group.id() + "-offset").stream()
                .filter(LoggedRecord::isCommitted)
                .toList();
    }

    private static boolean isStream(JsonNode partition) {
        return partition.has("system") && !partition.has("snapshot");
    }

    /** Returns all records of the tables' topics, with what Kafka transaction wrote them. */
    List<LoggedRecord> records() {
        return records(tables.toArray(String[]::new));
    }

    /** Returns all records of these tables' topics. */
    List<LoggedRecord> records(String... ofTables) {
        String[] topics =
                Arrays.stream(ofTables).map(table -> name + "." + table).toArray(String[]::new);
        return TopicLog.read(group.broker().logDirectory(), topics);
    }

    /** Waits until this many changes are committed, or more. */
    void awaitChanges(long count) {
        Await.untilRarely(
                count + " changes in Kafka", LONGEST, () -> judge().byPosition().size() >= count);
    }

    TopicJudge judge() {
        return new TopicJudge(records(), PlacedRecord::ofPgcdc);
    }

    /**
     * Returns what is wrong with the records: nothing may be.
     *
     * @param offsetsTopic the worker's, or the connector's own
     */
    List<Fault> faults(String offsetsTopic) throws SQLException {
        return faults(offsetsTopic, Integer.MAX_VALUE);
    }

    /** @param splitFrom source transactions with this many records or more may be in several Kafka transactions */
    List<Fault> faults(String offsetsTopic, int splitFrom) throws SQLException {
        Map<String, String> topicsByOid = topicsByOid();
        List<LoggedRecord> offsets = TopicLog.read(group.broker().logDirectory(), offsetsTopic);
        TopicJudge judge = judge();
        judge.onceInOrder();
        judge.wholeTransactions(splitFrom);
        judge.chunks(offsets, record -> tablesWithProgress(record, topicsByOid));
        return judge.offsets(offsets, this::position);
    }

    /** Returns the topics of the tables whose progress in a snapshot an offset tells. */
    private Set<String> tablesWithProgress(LoggedRecord record, Map<String, String> topicsByOid) {
        JsonNode partition = partition(record);
        byte[] value = record.record().value();
        if (!isOurs(partition) || value == null) {
            return Set.of();
        }
        String topic = topicsByOid.get(partition.path("table").asText());
        if (topic != null) {
            return Set.of(topic);
        }
        boolean isEnd = json(value).path("ledger").asText().contains("phase FINISHED");
        return isEnd ? Set.copyOf(topicsByOid.values()) : Set.of();
    }

    private Map<String, String> topicsByOid() throws SQLException {
        Map<String, String> topics = new HashMap<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT oid, relname FROM pg_class WHERE relkind = 'r'")) {
            while (rows.next()) {
                topics.put(rows.getString(1), name + "." + rows.getString(2));
            }
        }
        return topics;
    }

    /** Returns the position of a record of the offsets topic, or null if it is not of this database's stream. */
    private @Nullable Position position(LoggedRecord record) {
        JsonNode partition = partition(record);
        byte[] value = record.record().value();
        if (!isOurs(partition) || !isStream(partition) || value == null) {
            return null;
        }
        JsonNode position = json(value).path("position");
        return position.isTextual() ? Position.parse(position.textValue()) : null;
    }

    private boolean isOurs(JsonNode partition) {
        return partition.path("slot").asText().equals(name);
    }

    /** Returns the source partition of a record of the offsets topic. */
    private static JsonNode partition(LoggedRecord offset) {
        return json(offset.record().key()).path(1);
    }

    private static JsonNode json(byte[] text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a column of the records of a table that a reader with {@code read_committed} gets, in the order of their changes. */
    List<String> visible(String table, String column) {
        return TopicReader.read(group.broker().bootstrapServers(), name + "." + table).stream()
                .sorted(Comparator.comparing(record -> Position.parse(TopicReader.header(record, "position"))))
                .map(record -> value(record.value(), column))
                .toList();
    }

    private static String value(byte[] json, String column) {
        return json(json).path("new_data").path(column).asText();
    }

    @Override
    public void close() throws SQLException {
        if (!rest().status(name).isMissingNode()) {
            rest().delete(name);
        }
        kept.close();
        server.dropDatabase(name);
    }
}
