package io.pgcdc.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.decode.DeleteMessage;
import io.pgcdc.decode.InsertMessage;
import io.pgcdc.decode.LogicalMessage;
import io.pgcdc.decode.MessageBytes;
import io.pgcdc.decode.MessageHandler;
import io.pgcdc.decode.PgOutput;
import io.pgcdc.decode.PgOutputDecoder;
import io.pgcdc.decode.TruncateMessage;
import io.pgcdc.decode.UpdateMessage;
import io.pgcdc.error.DecodeException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.model.Column;
import io.pgcdc.model.PgType;
import io.pgcdc.model.Position;
import io.pgcdc.model.Relation;
import io.pgcdc.model.ReplicaIdentity;
import io.pgcdc.model.RowChange;
import io.pgcdc.model.RowView;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Messages as the change that a sink sees, of a table {@code (id int4, v numeric, w text)} with the key id. A tuple is written as its values:
 * {@code NULL}, {@code toast} for one that is unchanged and out of line, {@code binary}, or the value's text.
 */
class DecodedChangeTest {

    private static final int OID = 16_385;

    private static final Relation TABLE = new Relation(
            1,
            OID,
            "shop",
            "t",
            ReplicaIdentity.FULL,
            List.of(
                    new Column("id", PgType.base(23, "int4"), -1, true),
                    new Column("v", PgType.base(1700, "numeric"), -1, false),
                    new Column("w", PgType.base(25, "text"), -1, false)),
            List.of(0),
            List.of());

    private final DecodedChange change = new DecodedChange();
    private final PgOutputDecoder decoder = new PgOutputDecoder(PgOutput.VERSION);

    /** Decodes the message and lets the change show it. */
    private DecodedChange decoded(MessageBytes message) {
        byte[] bytes = message.bytes();
        decoder.decode(bytes, 0, bytes.length, 0, new MessageHandler() {
            @Override
            public void insert(InsertMessage insert) {
                change.insert(insert, TABLE);
            }

            @Override
            public void update(UpdateMessage update) {
                change.update(update, TABLE);
            }

            @Override
            public void delete(DeleteMessage delete) {
                change.delete(delete, TABLE);
            }

            @Override
            public void truncate(TruncateMessage truncate) {
                change.truncate(truncate, TABLE);
            }

            @Override
            public void message(LogicalMessage logical) {
                change.message(logical);
            }
        });
        return change;
    }

    private static MessageBytes tuple(MessageBytes message, char marker, String values) {
        String[] words = values.split(" ");
        message.int8(marker).int16(words.length);
        for (String word : words) {
            switch (word) {
                case "NULL" -> message.int8('n');
                case "toast" -> message.int8('u');
                case "binary" -> message.int8('b').int32(1).int8(0);
                default -> message.text(word);
            }
        }
        return message;
    }

    private static MessageBytes insert(String row) {
        return tuple(MessageBytes.of('I').int32(OID), 'N', row);
    }

    private static MessageBytes update(@Nullable String marker, @Nullable String before, String after) {
        MessageBytes message = MessageBytes.of('U').int32(OID);
        return tuple(marker == null || before == null ? message : tuple(message, marker.charAt(0), before), 'N', after);
    }

    private static MessageBytes delete(char marker, String row) {
        return tuple(MessageBytes.of('D').int32(OID), marker, row);
    }

    private static MessageBytes truncate(int options) {
        return MessageBytes.of('T').int32(1).int8(options).int32(OID);
    }

    private static MessageBytes message() {
        return MessageBytes.of('M').int8(1).int64(7).string("note").int32(0);
    }

    /** Returns each value's text or state. */
    private static @Nullable String seen(@Nullable RowView row) {
        if (row == null) {
            return null;
        }
        List<String> values = new ArrayList<>();
        for (int i = 0; i < TABLE.columns().size(); i++) {
            values.add(
                    switch (row.state(i)) {
                        case TEXT -> row.text(i);
                        case NULL -> "NULL";
                        case UNCHANGED_TOAST -> "toast";
                        case NOT_SENT -> "?";
                    });
        }
        return String.join(" ", values);
    }

    private static String changedColumns(RowChange row) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < TABLE.columns().size(); i++) {
            names.append(row.isChanged(i) ? TABLE.columns().get(i).name() : "");
            assertFalse(row.isChanged(i) && row.hasSameBytes(i), "the same bytes are not changed");
        }
        return names.toString();
    }

    /** Columns: kind of old row that the server sends, that row, the new row; how a sink sees both; the changed columns, if known. */
    @ParameterizedTest(name = "{0} {1} to {2}")
    @CsvSource(nullValues = "-", textBlock = """
            -, -          , 1 2.0 toast    , -              , 1 2.0 toast    , -
            K, 1 NULL NULL, 2 2.0 NULL     , 1 ? ?          , 2 2.0 NULL     , -
            K, NULL NULL NULL, 2 2.0 x     , NULL ? ?       , 2 2.0 x        , -
            O, 1 2.0 x    , 1 2.0 x        , 1 2.0 x        , 1 2.0 x        , ''
            O, 1 2.0 x    , 2 3.0 y        , 1 2.0 x        , 2 3.0 y        , idvw
            O, 1 2.0 x    , 1 2.0 toast    , 1 2.0 x        , 1 2.0 x        , ''
            O, 1 2.0 x    , 1 NULL x       , 1 2.0 x        , 1 NULL x       , v
            O, 1 NULL NULL, 1 NULL x       , 1 NULL NULL    , 1 NULL x       , w
            O, 1 2.0 NULL , 1 2.0 toast    , 1 2.0 NULL     , 1 2.0 toast    , ''
            O, 1 NULL NULL, 1 NULL NULL    , 1 NULL NULL    , 1 NULL NULL    , ''
            """)
    void anUpdateShowsSentValuesAndThoseOfTheOldRow(
            @Nullable String marker,
            @Nullable String before,
            String after,
            @Nullable String oldRow,
            String newRow,
            @Nullable String changed) {
        RowChange row = decoded(update(marker, before, after)).row();
        assertEquals(oldRow, seen(row.oldRow()));
        assertEquals(newRow, seen(row.newRow()));
        assertEquals(changed != null, row.changedFieldsKnown());
        if (changed != null) {
            assertEquals(changed, changedColumns(row));
        } else {
            assertFalse(row.hasSameBytes(0));
            assertThrows(IllegalStateException.class, () -> row.isChanged(0));
        }
    }

    @Test
    void anEqualNumberInOtherDigitsIsUnchanged() {
        RowChange row = decoded(update("O", "1 2.0 x", "1 2.0 y")).row();
        assertTrue(row.hasSameBytes(1));
        row = decoded(update("O", "1 2.0 x", "1 2.00 y")).row();
        assertFalse(row.hasSameBytes(1));
        assertFalse(row.isChanged(1));
    }

    @Test
    void anInsertHasNoOldRow() {
        RowChange row = decoded(insert("1 2.0 NULL")).row();
        assertNull(row.oldRow());
        assertEquals("1 2.0 NULL", seen(row.newRow()));
        assertFalse(row.changedFieldsKnown());
    }

    @Test
    void aDeleteHasTheOldRowAlone() {
        RowChange row = decoded(delete('K', "1 NULL NULL")).row();
        assertEquals("1 ? ?", seen(row.oldRow()));
        assertNull(row.newRow());
        row = decoded(delete('O', "1 NULL x")).row();
        assertEquals("1 NULL x", seen(row.oldRow()));
        assertFalse(row.changedFieldsKnown());
    }

    /** The same object shows all changes in turn. */
    @Test
    void aChangeKeepsNothingOfThePreviousOne() {
        RowChange row = decoded(update("O", "1 2.0 x", "1 2.0 y")).row();
        assertEquals("w", changedColumns(row));
        assertEquals(
                "v", changedColumns(decoded(update("O", "1 2.0 x", "1 3.0 x")).row()));
        assertNull(decoded(update(null, null, "1 2.0 x")).row().oldRow());
        assertNull(decoded(delete('K', "1 NULL NULL")).row().newRow());
        assertFalse(decoded(insert("1 2.0 x")).row().changedFieldsKnown());
    }

    @Test
    void eachKindHasItsOwnViewOnly() {
        decoded(insert("1 2.0 x"));
        assertSame(TABLE, change.relation());
        assertNotNull(change.row());
        assertNull(change.truncate());
        assertNull(change.message());

        decoded(truncate(3));
        assertSame(TABLE, change.relation());
        assertNull(change.row());
        assertTrue(change.truncate().cascade() && change.truncate().restartIdentity());
        assertNull(change.message());

        decoded(message());
        assertNull(change.relation());
        assertNull(change.row());
        assertNull(change.truncate());
        assertEquals("note", change.message().prefix());
    }

    @Test
    void aChangeHasItsTransactionsAndItsOwnPosition() {
        change.transaction(2, 771, 0x200, 1_000);
        change.origin("berlin");
        decoded(insert("1 2.0 x")).at(0x150, 3);
        assertEquals(new Position(2, 0x200, 3), change.position());
        assertEquals(0x150, change.lsn());
        assertEquals(771, change.xid());
        assertEquals(1_000, change.commitTimeMicros());
        assertEquals("berlin", change.origin());
    }

    @Test
    void anOriginEndsWithItsTransaction() {
        change.transaction(0, 771, 0x200, 1_000);
        change.origin("berlin");
        change.transaction(0, 772, 0x300, 2_000);
        assertNull(change.origin());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 2.0", "1 2.0 x y"})
    void aRowOfAnotherNumberOfColumnsIsRefused(String row) {
        DecodeException e = assertThrows(DecodeException.class, () -> decoded(insert(row)));
        assertEquals(ErrorCode.DECODE_MALFORMED, e.code());
        assertThrows(DecodeException.class, () -> decoded(update("O", row, "1 2.0 x")));
        assertThrows(DecodeException.class, () -> decoded(delete('K', row)));
    }

    @Test
    void aBinaryValueIsRefused() {
        RowView row = decoded(insert("1 binary x")).row().newRow();
        DecodeException e = assertThrows(DecodeException.class, () -> row.state(1));
        assertEquals(ErrorCode.DECODE_MALFORMED, e.code());
    }
}
