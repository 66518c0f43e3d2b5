package io.pgcdc.connect.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.servers.connect.ConnectRest;
import io.pgcdc.servers.connect.ConnectRestException;
import io.pgcdc.servers.testing.Await;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What Kafka Connect promises of a source connector's offsets (KIP-875). */
abstract class OffsetsApiContract {

    private static final int BAD_REQUEST = 400;
    private static final ObjectMapper JSON = new ObjectMapper();

    private CapturedDatabase database;

    abstract ConnectGroup group();

    @BeforeEach
    void createDatabase() throws Exception {
        group().awaitReady();
        database = new CapturedDatabase(group(), "users");
        database.sql("CREATE TABLE users (id int PRIMARY KEY, name text)");
    }

    @AfterEach
    void dropDatabase() throws Exception {
        database.close();
    }

    /** A connector serves several rules: to start one costs more than to ask it. */
    @Test
    void offsetsAreAlwaysReadButOnlyAlteredWhileTheConnectorIsStopped() throws Exception {
        runWithChanges("a", "b");
        Await.until(
                "the offset of the last change",
                () -> lastPosition().equals(String.valueOf(database.storedPosition())));
        JsonNode offset = database.streamOffset();
        assertEquals(database.name(), offset.path("partition").path("database").asText());
        assertEquals(database.name(), offset.path("partition").path("slot").asText());
        for (boolean paused : new boolean[] {false, true}) {
            if (paused) {
                rest().pause(database.name());
                rest().await(
                                database.name(),
                                "is paused",
                                status -> status.path("tasks")
                                        .path(0)
                                        .path("state")
                                        .asText()
                                        .equals("PAUSED"));
            }
            refusedWith(BAD_REQUEST, "stopped", () -> alter(offset, offset.path("offset")));
            refusedWith(BAD_REQUEST, "stopped", () -> rest().resetOffsets(database.name()));
        }
        rest().stop(database.name());
        assertEquals(lastPosition(), positionOf(database.streamOffset()));
        assertEquals(List.of("a", "b"), database.visible("users", "name"));
    }

    @Test
    void aWrongOffsetIsRefusedAndChangesBeforeARightOneAreLeftOut() throws Exception {
        runWithChanges("a");
        JsonNode first = database.streamOffset();
        rest().stop(database.name());
        refuseWhatMeansNothing(first);
        insert("b");
        ObjectNode after = JSON.createObjectNode();
        after.put("epoch", 0);
        after.put("acknowledged", database.ask("SELECT pg_current_wal_lsn()"));
        insert("c");
        JsonNode answer = alter(first, after);
        assertTrue(answer.path("message").asText().contains("altered successfully"), answer.toString());
        assertEquals(after, database.streamOffset().path("offset"));
        rest().resume(database.name());
        database.awaitChanges(2);
        assertEquals(List.of("a", "c"), database.visible("users", "name"));
    }

    @Test
    void aConnectorWhoseOffsetsWereResetContinuesWithItsSlot() throws Exception {
        runWithChanges("a", "b");
        rest().stop(database.name());
        for (int i = 0; i < 2; i++) { // a second time there is nothing to reset
            JsonNode answer = rest().resetOffsets(database.name());
            assertTrue(answer.path("message").asText().contains("reset successfully"), answer.toString());
            assertTrue(rest().offsets(database.name()).path("offsets").isEmpty());
        }
        rest().resume(database.name());
        rest().awaitRunning(database.name(), 1);
        insert("c");
        Await.untilRarely(
                "a change after the reset",
                Await.DEADLINE,
                () -> database.visible("users", "name").contains("c"));
    }

    private void refuseWhatMeansNothing(JsonNode right) throws Exception {
        JsonNode before = database.streamOffset();
        ObjectNode otherSlot = right.path("partition").deepCopy();
        otherSlot.put("slot", "another");
        refused("another", () -> rest().alterOffset(database.name(), otherSlot, right.path("offset")));
        refused(
                "no_such_key",
                () -> rest().alterOffset(
                                database.name(), JSON.readTree("{\"no_such_key\":\"x\"}"), right.path("offset")));
        refused("nonsense", () -> alter(right, JSON.readTree("{\"epoch\":0,\"position\":\"nonsense\"}")));
        refused("0/1", () -> alter(right, JSON.readTree("{\"epoch\":0,\"acknowledged\":\"0/1\"}")));
        assertEquals(before, database.streamOffset());
    }

    private void runWithChanges(String... names) throws Exception {
        database.run();
        // a slot of its own is made by the task
        Await.until(
                "the slot",
                () -> database.ask("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '" + database.name()
                                + "' AND active")
                        .equals("1"));
        for (String name : names) {
            insert(name);
        }
        database.awaitChanges(names.length);
        Await.until("an offset", () -> database.storedPosition() != null);
    }

    private void insert(String name) throws Exception {
        database.sql("INSERT INTO users SELECT count(*), '" + name + "' FROM users");
    }

    private String lastPosition() {
        var changes = database.judge().byPosition();
        return changes.get(changes.size() - 1).position().toString();
    }

    private static String positionOf(JsonNode entry) {
        return entry.path("offset").path("position").asText();
    }

    private ConnectRest rest() {
        return database.rest();
    }

    private JsonNode alter(JsonNode entry, JsonNode offset) {
        return rest().alterOffset(database.name(), entry.path("partition"), offset);
    }

    /** The connector refuses, and says what. */
    private static void refused(String reason, Executable request) {
        ConnectRestException refused = assertThrows(ConnectRestException.class, request, reason);
        assertTrue(refused.getMessage().contains("CDC-"), refused.getMessage());
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    }

    private static void refusedWith(int status, String reason, Executable request) {
        ConnectRestException refused = assertThrows(ConnectRestException.class, request);
        assertEquals(status, refused.status(), refused.getMessage());
        assertTrue(refused.getMessage().toLowerCase(Locale.ROOT).contains(reason), refused.getMessage());
    }
}
