package io.pgcdc.testkit.topic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.pgcdc.history.History;
import io.pgcdc.history.Mapping;
import io.pgcdc.model.Position;
import io.pgcdc.servers.kafka.LoggedRecord;
import io.pgcdc.servers.kafka.LoggedRecord.KafkaTransaction;
import io.pgcdc.servers.kafka.LoggedRecord.Outcome;
import io.pgcdc.servers.kafka.TopicReader;
import io.pgcdc.testkit.topic.Fault.Rule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Each rule of the judge finds its fault, and no other. */
class TopicJudgeTest {

    private static final KafkaTransaction FIRST = new KafkaTransaction(7, (short) 0);
    private static final KafkaTransaction SECOND = new KafkaTransaction(7, (short) 1);

    private final List<LoggedRecord> records = new ArrayList<>();
    private final List<LoggedRecord> offsets = new ArrayList<>();

    @Test
    void findsNothingInWholeTransactions() {
        two();
        assertEquals(List.of(), rules());
    }

    @Test
    void findsAChangeThatIsThereTwice() {
        two();
        change("b", 0, SECOND, "0/200:0", "INSERT", "2");
        assertEquals(List.of(Rule.ONCE), rules());
    }

    @Test
    void abortedRecordsDoNotCount() {
        two();
        LoggedRecord twice = records.get(1);
        records.add(new LoggedRecord(twice.record(), twice.transaction(), Outcome.ABORTED));
        records.add(new LoggedRecord(twice.record(), twice.transaction(), Outcome.OPEN));
        assertEquals(List.of(), rules());
    }

    @Test
    void findsAPartitionThatGoesBack() {
        two();
        change("b", 0, SECOND, "0/180:0", "INSERT", "9");
        assertEquals(List.of(Rule.ORDER), rules());
    }

    @Test
    void findsAKeyInTwoPartitions() {
        two();
        change("a", 1, SECOND, "0/200:0", "UPDATE", "1");
        assertEquals(List.of(Rule.ORDER), rules());
    }

    @Test
    void findsASourceTransactionInTwoOfKafkas() {
        change("a", 0, FIRST, "0/100:0", "INSERT", "1");
        change("b", 0, SECOND, "0/100:1", "INSERT", "2");
        offset(FIRST, "0/100:0");
        offset(SECOND, "0/100:1");
        assertEquals(List.of(Rule.WHOLE), rules());
        assertEquals(List.of(), judge().wholeTransactions(2));
        assertEquals(1, judge().wholeTransactions(3).size());
    }

    @Test
    void findsARecordOutsideTransactions() {
        change("a", 0, null, "0/100:0", "INSERT", "1");
        assertEquals(List.of(Rule.WHOLE, Rule.OFFSET), rules());
    }

    @Test
    void findsAnOffsetThatWouldRepeatOrSkipChanges() {
        two();
        offsets.clear();
        offset(FIRST, "0/100:0");
        offset(SECOND, "0/200:0");
        assertEquals(List.of(Rule.OFFSET), rules());
        offsets.clear();
        offset(FIRST, "0/200:0");
        offset(SECOND, "0/200:0");
        assertEquals(List.of(Rule.OFFSET), rules());
        offsets.clear();
        offset(SECOND, "0/200:0");
        assertEquals(List.of(Rule.OFFSET, Rule.OFFSET), rules());
    }

    @Test
    void findsARowOfASnapshotWithoutProgressOfItsTable() {
        change("a", 0, FIRST, "0/100:r0", "READ", "1");
        change("a", 0, FIRST, "0/100:r1", "READ", "2");
        change("a", 0, SECOND, "0/100:r2", "READ", "3");
        offset(FIRST, "some rows");
        offset(SECOND, "all rows");
        assertEquals(List.of(), chunks());
        offsets.clear();
        offset(FIRST, "some rows");
        offset(SECOND, "some rows");
        assertEquals(List.of(Rule.CHUNK), chunks());
        offsets.clear();
        offset(SECOND, "all rows");
        assertEquals(List.of(Rule.CHUNK), chunks());
        assertEquals(1, judge().chunks(offsets, record -> Set.of("a", "b")).size());
        assertEquals(2, judge().chunks(offsets, record -> Set.of("b")).size(), "the offset of another table");
    }

    private List<Rule> chunks() {
        return judge().chunks(offsets, record -> Set.of("a")).stream()
                .map(Fault::rule)
                .toList();
    }

    @Test
    void replaysAKeyChangeAndTheOrderOfPartitions() {
        change("a", 0, FIRST, "0/100:0", "INSERT", "1");
        change("a", 1, SECOND, "0/200:0", "INSERT", "2");
        change("a", 0, SECOND, "0/200:0", "DELETE", "1");
        History history = new History(
                Mapping.PGCDC.with("position=/position"),
                Map.of("public.a", List.of("id")),
                Set.of(),
                finding -> fail(finding.toString()));
        judge().replay(history::add);
        assertEquals(3, history.size());
        assertEquals(Set.of("2"), history.tables().get("public.a").keySet());
    }

    @Test
    void debeziumsRecordsHaveATransactionByItsNumber() {
        debezium("a", FIRST, 700, "[\"256\",\"300\"]", "c");
        debezium("b", SECOND, 700, "[\"256\",\"310\"]", "u");
        debezium("b", SECOND, 701, "[\"320\",\"280\"]", "d");
        debezium("a", SECOND, 0, "[null,\"256\"]", "r");
        TopicJudge judge = new TopicJudge(records, PlacedRecord::ofDebezium);
        judge.onceInOrder();
        // the row of the snapshot is after the first change; transaction 700 is in two
        assertEquals(
                List.of(Rule.ORDER, Rule.WHOLE),
                judge.wholeTransactions().stream().map(Fault::rule).toList());
    }

    /** Two source transactions, each in one of Kafka's; the first is in two topics. */
    private void two() {
        change("a", 0, FIRST, "0/100:0", "INSERT", "1");
        change("b", 0, FIRST, "0/100:1", "INSERT", "1");
        change("b", 0, SECOND, "0/200:0", "INSERT", "2");
        offset(FIRST, "0/100:1");
        offset(SECOND, "0/200:0");
        // of another job
        record("b", 0, SECOND, null, "{\"heartbeat\":true}", Map.of());
    }

    private TopicJudge judge() {
        return new TopicJudge(records, PlacedRecord::ofPgcdc);
    }

    private List<Rule> rules() {
        TopicJudge judge = judge();
        judge.onceInOrder();
        judge.wholeTransactions();
        return judge
                .offsets(
                        offsets,
                        record ->
                                Position.parse(TopicReader.text(record.record().value())))
                .stream()
                .map(Fault::rule)
                .toList();
    }

    private void change(
            String table, int partition, KafkaTransaction transaction, String position, String type, String id) {
        String row = "{\"id\":" + id + "}";
        boolean deleted = type.equals("DELETE");
        record(
                table,
                partition,
                transaction,
                id,
                "{\"position\":\"" + position + "\",\"change_type\":\"" + type
                        + "\",\"schema_name\":\"public\",\"table_name\":\"" + table + "\",\"record_id\":\"" + id
                        + "\",\"old_data\":" + (deleted ? row : null) + ",\"new_data\":" + (deleted ? null : row) + "}",
                records.size() % 2 == 0 ? Map.of() : Map.of("position", position, "change_type", type));
    }

    private void debezium(String table, KafkaTransaction transaction, int xid, String sequence, String operation) {
        record(
                table,
                0,
                transaction,
                "1",
                "{\"op\":\"" + operation + "\",\"source\":{\"txId\":" + xid + ",\"sequence\":\""
                        + sequence.replace("\"", "\\\"") + "\"}}",
                Map.of());
    }

    private void offset(KafkaTransaction transaction, String position) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>("offsets", 0, offsets.size(), null, bytes(position));
        offsets.add(new LoggedRecord(record, transaction, Outcome.COMMITTED));
    }

    private void record(
            String table,
            int partition,
            KafkaTransaction transaction,
            String key,
            String value,
            Map<String, String> headers) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(table, partition, records.size(), key == null ? null : bytes(key), bytes(value));
        headers.forEach((name, text) -> record.headers().add(name, bytes(text)));
        records.add(new LoggedRecord(record, transaction, Outcome.COMMITTED));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
