package io.pgcdc.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of fault is found, and named by position, table and key. */
class MainTest {

    private static final List<String> CHANGES = List.of(
            change(1, "INSERT", 1, "null", "{\"id\":1,\"v\":1.50}"),
            change(2, "INSERT", 2, "null", "{\"id\":2,\"v\":2}"),
            change(3, "UPDATE", 1, "{\"id\":1,\"v\":1.5}", "{\"id\":1,\"v\":10}"),
            change(4, "INSERT", 3, "null", "{\"id\":3,\"v\":3}"),
            change(5, "DELETE", 2, "{\"id\":2}", "null"));

    private static final List<String> ROWS = List.of(
            "{\"table\":\"public.t\",\"key\":[\"id\"]}",
            "{\"table\":\"public.t\",\"row\":{\"id\":1,\"v\":10.0}}",
            "{\"table\":\"public.t\",\"row\":{\"id\":3,\"v\":3}}");

    private static final String SUMMARY = "5 changes, 0 came again after 0 restarts, 0 other records; no fault";

    @TempDir
    Path directory;

    private String err = "";

    private static String change(int lsn, String type, int id, String before, String after) {
        return "{\"position\":\"0/" + lsn + ":0\",\"change_type\":\"" + type
                + "\",\"schema_name\":\"public\",\"table_name\":\"t\",\"record_id\":\"" + id + "\",\"old_data\":"
                + before
                + ",\"new_data\":" + after + "}";
    }

    private List<String> judged(int exitCode, List<String> changes, String... flags) throws IOException {
        Path rows = Files.write(directory.resolve("rows"), ROWS);
        List<String> arguments = new ArrayList<>(List.of("--rows", rows.toString()));
        arguments.addAll(List.of(flags));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        byte[] in = String.join("\n", changes).getBytes(StandardCharsets.UTF_8);
        int code = Main.run(
                arguments.toArray(String[]::new),
                new ByteArrayInputStream(in),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(errors, true, StandardCharsets.UTF_8));
        err = errors.toString(StandardCharsets.UTF_8);
        assertEquals(exitCode, code, out + err);
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** Returns the changes in this order, by number. */
    private static List<String> order(int... numbers) {
        List<String> changes = new ArrayList<>();
        for (int number : numbers) {
            changes.add(CHANGES.get(number - 1));
        }
        return changes;
    }

    private void found(String finding, List<String> changes, String... flags) throws IOException {
        List<String> said = judged(1, changes, flags);
        assertTrue(said.contains(finding), said.toString());
    }

    @Test
    void aWholeStreamHasNoFault() throws IOException {
        assertEquals(List.of(SUMMARY), judged(0, CHANGES));
    }

    @Test
    void aLostInsertIsFound() throws IOException {
        found("lost: public.t, key 3: the source has the row, but no change brought it", order(1, 2, 3, 5));
        found("lost: position 0/5:0, public.t, key 2: the row is deleted, but no change brought it", order(1, 3, 4, 5));
    }

    @Test
    void aLostUpdateIsFound() throws IOException {
        found(
                "content: position 0/1:0, public.t, key 1: after its last change the row differs from the source's in v: a change"
                        + " is wrong, or a later one is lost",
                order(1, 2, 4, 5));
    }

    @Test
    void aLostDeleteIsFound() throws IOException {
        found(
                "lost: position 0/2:0, public.t, key 2: the source does not have the row: its delete is lost",
                order(1, 2, 3, 4));
    }

    @Test
    void aDoubledChangeIsFound() throws IOException {
        found("twice: position 0/3:0, public.t, key 1: it came twice without a restart", order(1, 2, 3, 3, 4, 5));
        found("twice: position 0/2:0, public.t, key 2: it came twice without a restart", order(1, 2, 3, 2, 4, 5));
    }

    @Test
    void aSwappedOrderIsFound() throws IOException {
        found(
                "order: position 0/3:0, public.t, key 1: it came after a later change",
                order(1, 2, 4, 3, 5),
                "--restarts");
    }

    @Test
    void aWrongValueIsFound() throws IOException {
        List<String> changes = new ArrayList<>(CHANGES);
        changes.set(0, change(1, "INSERT", 1, "null", "{\"id\":1,\"v\":7}"));
        found(
                "content: position 0/3:0, public.t, key 1: the row had another content before this change than the changes before"
                        + " made, in v",
                changes);
        changes = new ArrayList<>(CHANGES);
        changes.set(3, change(4, "INSERT", 3, "null", "{\"id\":3,\"v\":4}"));
        found(
                "content: position 0/4:0, public.t, key 3: after its last change the row differs from the source's in v: a change"
                        + " is wrong, or a later one is lost",
                changes);
        assertEquals(List.of(SUMMARY), judged(0, changes, "--ignore", "public.t.v"));
    }

    @Test
    void aRepeatAfterARestartIsAllowedIfAsked() throws IOException {
        List<String> repeated = order(1, 2, 3, 2, 3, 4, 3, 4, 5);
        assertEquals(
                List.of("5 changes, 4 came again after 2 restarts, 0 other records; no fault"),
                judged(0, repeated, "--restarts"));
        found("twice: position 0/2:0, public.t, key 2: it came twice without a restart", repeated);
        List<String> other = new ArrayList<>(order(1, 2, 3, 2, 3, 4, 5));
        other.set(3, change(2, "INSERT", 2, "null", "{\"id\":2,\"v\":9}"));
        found("content: position 0/2:0, public.t, key 2: it came again with another content", other, "--restarts");
    }

    private static String debezium(String sequence, String op, String before, String after) {
        return "{\"before\":" + before + ",\"after\":" + after
                + ",\"source\":{\"schema\":\"public\",\"table\":\"t\",\"sequence\":\"" + sequence.replace("\"", "\\\"")
                + "\"},\"op\":\"" + op + "\",\"ts_ms\":" + sequence.hashCode() + "}";
    }

    @Test
    void debeziumsEnvelopeIsRead() throws IOException {
        List<String> changes = List.of(
                debezium("[null,\"100\"]", "c", "null", "{\"id\":1,\"v\":\"5\"}"),
                debezium("[\"120\",\"90\"]", "c", "null", "{\"id\":2,\"v\":\"3\"}"),
                debezium("[\"120\",\"90\"]", "c", "null", "{\"id\":3,\"v\":\"3\"}"),
                "{\"schema\":{},\"payload\":" + debezium("[\"120\",\"130\"]", "u", "null", "{\"id\":1,\"v\":\"10\"}")
                        + "}",
                debezium("[\"140\",\"135\"]", "d", "{\"id\":2,\"v\":null}", "null"),
                "null");
        assertEquals(
                List.of("5 changes, 0 came again after 0 restarts, 1 other records; no fault"),
                judged(0, changes, "--format", "debezium"));
        List<String> lost = new ArrayList<>(changes);
        lost.remove(2);
        found("lost: public.t, key 3: the source has the row, but no change brought it", lost, "--format", "debezium");
        List<String> twice = new ArrayList<>(changes);
        twice.add(3, changes.get(1));
        found(
                "twice: position [\"120\",\"90\"], public.t, key 2: it came twice without a restart",
                twice,
                "--format",
                "debezium");
        judged(0, twice, "--format", "debezium", "--restarts");
    }

    @Test
    void anotherToolsFieldsAreMapped() throws IOException {
        List<String> changes = CHANGES.stream()
                .map(line -> line.replace("\"position\"", "\"at\"").replace("\"new_data\"", "\"row\""))
                .toList();
        assertEquals(List.of(SUMMARY), judged(0, changes, "--map", "position=/at,new=/row"));
        judged(2, changes);
        assertTrue(err.startsWith("cdc-history: standard input, line 1: there is no position at /position"), err);
    }

    @Test
    void wrongUsageIsNamed() throws IOException {
        for (String[] wrong : new String[][] {
            {"--map", "x=/y"},
            {"--map", "position"},
            {"--map", "position=at"},
            {"--format", "x"},
            {"--nope"},
            {"--map"},
            {"nowhere"}
        }) {
            judged(2, CHANGES, wrong);
            assertTrue(err.matches("cdc-history: .*See --help\\.\\R"), err);
        }
        judged(2, List.of("{"));
        assertTrue(err.contains("line 1: not JSON"), err);
    }

    @Test
    void rowsFromBeforeTheStreamAreNoLossIfAsked() throws IOException {
        judged(1, order(3, 4, 5));
        judged(0, order(3, 4, 5), "--partial");
    }
}
