package io.pgcdc.json.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.Change;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.model.ForwardingChange;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ForwardingChangeTest {

    private final ChangeFixture change = new ChangeFixture();

    private final Change forwarding = new ForwardingChange() {
        @Override
        protected Change change() {
            return change;
        }
    };

    @Test
    void anUpdateIsToldAsItIs() {
        change.kind = ChangeKind.UPDATE;
        change.epoch = 3;
        change.origin = "elsewhere";
        change.oldRow = ChangeFixture.row("1", "a", "b", "7");
        change.newRow = ChangeFixture.row("1", "a", "c", "7");

        assertTrue(record(forwarding).contains("\"changed_fields\":[\"bio\"]"));
        assertEquals(record(change), record(forwarding));
        assertEquals(change.position(), forwarding.position());
    }

    @Test
    void aTruncateIsToldAsItIs() {
        change.kind = ChangeKind.TRUNCATE;

        assertTrue(record(forwarding).contains("\"cascade\":true"));
        assertEquals(record(change), record(forwarding));
    }

    @Test
    void aMessageIsToldAsItIs() {
        change.kind = ChangeKind.MESSAGE;
        change.relation = null;
        change.message = ChangeFixture.message("p", "content".getBytes(StandardCharsets.UTF_8));

        assertTrue(record(forwarding).contains("\"prefix\":\"p\",\"content\":\"content\""));
        assertEquals(record(change), record(forwarding));
    }

    private static String record(Change told) {
        JsonBuffer out = new JsonBuffer();
        new NativeFormat().append(told, out);
        return out.toString();
    }
}
