package io.pgcdc.json.record;

import static io.pgcdc.json.record.ChangeFixture.NOT_SENT;
import static io.pgcdc.json.record.ChangeFixture.TOASTED;
import static io.pgcdc.json.record.ChangeFixture.row;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Relation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordIdTest {

    private final ChangeFixture change = new ChangeFixture();

    @Test
    void aSingleKeyIsItsText() {
        change.newRow = row("42", "a", null, null);
        assertRecordId("\"42\"", "42", List.of(0));
        change.newRow = row("42", "a \"b\"", null, null);
        assertRecordId("\"a \\\"b\\\"\"", "a \"b\"", List.of(1));
    }

    @Test
    void aSingleKeyIsCastToText() {
        change.newRow = row("t");
        change.relation = ChangeFixture.relation(1, List.of(0), PgType.base(16, "bool"));
        JsonBuffer out = new JsonBuffer();
        new RecordId(change.relation).append(change, out);
        assertEquals("\"true\"", out.toString());
    }

    @Test
    void aKeyOfSeveralIsAnArrayInKeyOrder() {
        change.newRow = row("42", "a\"", null, "1.50");
        assertRecordId("\"[\\\"a\\\\\\\"\\\",42,1.50]\"", "[\"a\\\"\",42,1.50]", List.of(1, 0, 3));
    }

    @Test
    void aKeyStoredOutOfLineComesFromTheOldRow() {
        change.kind = ChangeKind.UPDATE;
        change.newRow = row("43", TOASTED, null, null);
        change.oldRow = row("42", "long", NOT_SENT, NOT_SENT);
        assertRecordId("\"[43,\\\"long\\\"]\"", "[43,\"long\"]", List.of(0, 1));
        change.oldRow = null;
        assertRecordId("null", null, List.of(0, 1));
    }

    @Test
    void aDeletesKeyComesFromTheOldRow() {
        change.kind = ChangeKind.DELETE;
        change.oldRow = row("42", NOT_SENT, NOT_SENT, NOT_SENT);
        assertRecordId("\"42\"", "42", List.of(0));
    }

    @Test
    void aKeyThatTheServerDoesNotSendIsNull() {
        change.newRow = row("42", NOT_SENT, null, null);
        change.oldRow = row("42", "a", null, null);
        assertRecordId("null", null, List.of(0, 1));
        assertRecordId("null", null, List.of(2));
    }

    @Test
    void aTableWithoutKeyHasNone() {
        change.newRow = row("42", "a", null, null);
        assertRecordId("null", null, null);
        assertRecordId("null", null, List.of());
    }

    private void assertRecordId(String json, @Nullable String text, @Nullable List<Integer> columns) {
        Relation relation = ChangeFixture.users(columns);
        change.relation = relation;
        RecordId recordId = new RecordId(relation);
        JsonBuffer out = new JsonBuffer();
        recordId.append(change, out);
        assertEquals(json, out.toString());
        out.clear();
        assertEquals(text != null, recordId.appendText(change, out));
        assertEquals(text == null ? "" : text, out.toString());
    }
}
