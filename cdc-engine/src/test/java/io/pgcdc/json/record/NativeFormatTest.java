package io.pgcdc.json.record;

import static io.pgcdc.json.record.ChangeFixture.NOT_SENT;
import static io.pgcdc.json.record.ChangeFixture.TOASTED;
import static io.pgcdc.json.record.ChangeFixture.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.error.DecodeException;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.value.Types;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.Position;
import io.pgcdc.model.SnapshotPlace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeFormatTest {

    private static final String TAIL =
            ",\"changed_at\":\"2026-01-02T03:04:05.678901Z\",\"xid\":771,\"lsn\":\"0/1A2B2F0\"";

    private final ChangeFixture change = new ChangeFixture();

    @Test
    void insert() {
        change.newRow = row("42", "a@b", null, "1.50");
        assertEquals(
                head("INSERT", "\"42\"") + ",\"old_data\":null,"
                        + "\"new_data\":{\"id\":42,\"email\":\"a@b\",\"bio\":null,\"age\":1.50},\"changed_fields\":null"
                        + TAIL + "}",
                json());
    }

    @Test
    void updateOfAnotherColumnThanTheKeys() {
        change.kind = ChangeKind.UPDATE;
        change.newRow = row("42", "a@b", null, "1");
        assertEquals(
                head("UPDATE", "\"42\"") + ",\"old_data\":null,"
                        + "\"new_data\":{\"id\":42,\"email\":\"a@b\",\"bio\":null,\"age\":1},\"changed_fields\":null"
                        + TAIL + "}",
                json());
    }

    @Test
    void toastUnchangedUpdate() {
        change.kind = ChangeKind.UPDATE;
        change.newRow = row("42", TOASTED, TOASTED, "1");
        assertEquals(
                head("UPDATE", "\"42\"")
                        + ",\"old_data\":null,\"new_data\":{\"id\":42,\"age\":1},\"changed_fields\":null,"
                        + "\"unchanged_toast\":[\"email\",\"bio\"]" + TAIL + "}",
                json());
    }

    @Test
    void keyChange() {
        change.kind = ChangeKind.UPDATE;
        change.oldRow = row("41", NOT_SENT, NOT_SENT, NOT_SENT);
        change.newRow = row("42", null, null, null);
        assertEquals(
                head("UPDATE", "\"42\"") + ",\"old_data\":{\"id\":41},"
                        + "\"new_data\":{\"id\":42,\"email\":null,\"bio\":null,\"age\":null},\"changed_fields\":null"
                        + TAIL + "}",
                json());
    }

    @Test
    void replicaIdentityFull() {
        change.kind = ChangeKind.UPDATE;
        change.oldRow = row("42", "a", null, "1.0");
        change.newRow = row("42", "b", "c", "1.00");
        assertTrue(json().contains("\"changed_fields\":[\"email\",\"bio\"],\"changed_at\""), json());
        change.newRow = row("42", "a", null, "1");
        assertTrue(json().contains("\"changed_fields\":[],"), json());
    }

    @Test
    void delete() {
        change.kind = ChangeKind.DELETE;
        change.oldRow = row("42", NOT_SENT, NOT_SENT, NOT_SENT);
        assertEquals(
                head("DELETE", "\"42\"") + ",\"old_data\":{\"id\":42},\"new_data\":null,\"changed_fields\":null" + TAIL
                        + "}",
                json());
    }

    @Test
    void truncateCascade() {
        change.kind = ChangeKind.TRUNCATE;
        assertEquals(
                head("TRUNCATE", "null") + ",\"old_data\":null,\"new_data\":null,\"changed_fields\":null" + TAIL
                        + ",\"cascade\":true,\"restart_identity\":false}",
                json());
    }

    @Test
    void message() {
        change.kind = ChangeKind.MESSAGE;
        change.relation = null;
        change.ordinal = -1;
        change.xid = 0;
        change.message = ChangeFixture.message("p\"", "a\nü".getBytes(StandardCharsets.UTF_8));
        assertEquals(
                "{\"position\":\"0/1A2B3C8:-1\",\"change_type\":\"MESSAGE\",\"schema_name\":null,\"table_name\":null,"
                        + "\"record_id\":null,\"old_data\":null,\"new_data\":null,\"changed_fields\":null,"
                        + "\"changed_at\":\"2026-01-02T03:04:05.678901Z\",\"lsn\":\"0/1A2B2F0\","
                        + "\"prefix\":\"p\\\"\",\"content\":\"a\\nü\",\"transactional\":true}",
                json());
    }

    @ParameterizedTest
    @CsvSource({
        "FIRST, first",
        "FIRST_OF_TABLE, true",
        "INSIDE, true",
        "LAST_OF_TABLE, true",
        "LAST, last",
        "INCREMENTAL, true"
    })
    void aRowOfASnapshot(SnapshotPlace place, String shown) {
        change.kind = ChangeKind.READ;
        change.ordinal = Position.FIRST_READ_ORDINAL + 12;
        change.xid = 0;
        change.snapshot = place;
        change.newRow = row("42", "a@b", null, "1.50");
        assertEquals(
                "{\"position\":\"0/1A2B3C8:r12\",\"change_type\":\"READ\",\"schema_name\":\"user_service\","
                        + "\"table_name\":\"users\",\"record_id\":\"42\",\"old_data\":null,"
                        + "\"new_data\":{\"id\":42,\"email\":\"a@b\",\"bio\":null,\"age\":1.50},\"changed_fields\":null,"
                        + "\"changed_at\":\"2026-01-02T03:04:05.678901Z\",\"lsn\":\"0/1A2B2F0\",\"snapshot\":\"" + shown
                        + "\"}",
                json());
        assertEquals("0/1A2B3C8:r12", change.position().toString());
    }

    @Test
    void messageThatIsNotText() {
        change.kind = ChangeKind.MESSAGE;
        change.relation = null;
        change.message = ChangeFixture.message("p", new byte[] {(byte) 0xFF, 0});
        assertTrue(json().contains("\"content_base64\":\"/wA=\",\"transactional\":true}"), json());
    }

    @Test
    void originEpochAndAnXidBeyondTwoBillion() {
        change.newRow = row("42", null, null, null);
        change.origin = "other \"node\"";
        change.epoch = 1;
        change.xid = -1;
        assertTrue(json().startsWith("{\"position\":\"0/1A2B3C8:5@1\","), json());
        assertTrue(
                json().endsWith("\"xid\":4294967295,\"lsn\":\"0/1A2B2F0\",\"origin\":\"other \\\"node\\\"\"}"), json());
        assertEquals("0/1A2B3C8:5@1", change.position().toString());
    }

    @Test
    void aNewLayoutOfATableTakesThePlaceOfTheOld() {
        NativeFormat format = new NativeFormat();
        change.newRow = row("42", "1", null, null);
        assertTrue(json(format).contains("\"email\":\"1\""));
        change.relation = ChangeFixture.relation(2, List.of(0), Types.INT4, Types.INT4);
        assertTrue(json(format).contains("\"email\":1}"));
        change.relation = ChangeFixture.users(List.of(0));
        assertTrue(json(format).contains("\"email\":\"1\",\"bio\":null"));
    }

    @Test
    void anUnreadableValueNamesTheColumnAndLeavesNothingBehind() {
        change.newRow = row("42", "a", null, "secret");
        JsonBuffer out = new JsonBuffer().appendAscii("before");
        DecodeException e = assertThrows(DecodeException.class, () -> new NativeFormat().append(change, out));
        assertTrue(e.describe().startsWith("CDC-301 column \"age\" of user_service.users: "), e.describe());
        assertTrue(!e.describe().contains("secret"), e.describe());
        assertEquals("before", out.toString());
    }

    @Test
    void aKindThatIsNotDeliveredYetIsRefused() {
        change.kind = ChangeKind.SCHEMA;
        change.newRow = null;
        assertThrows(IllegalStateException.class, this::json);

        change.relation = null;
        assertThrows(IllegalStateException.class, this::json);
    }

    private static String head(String type, String recordId) {
        return "{\"position\":\"0/1A2B3C8:5\",\"change_type\":\"" + type
                + "\",\"schema_name\":\"user_service\",\"table_name\":\"users\",\"record_id\":" + recordId;
    }

    private String json() {
        return json(new NativeFormat());
    }

    private String json(NativeFormat format) {
        JsonBuffer out = new JsonBuffer(0, Integer.MAX_VALUE);
        format.append(change, out);
        return out.toString();
    }
}
