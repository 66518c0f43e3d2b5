package io.pgcdc.sinks.debezium;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.ChangeKind;
import io.pgcdc.testkit.sink.TestChanges;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpTest {

    @Test
    void eachDeliveredKindHasItsOwnOp() {
        assertEquals(
                List.of(Op.CREATE, Op.UPDATE, Op.DELETE, Op.TRUNCATE, Op.MESSAGE, Op.READ),
                ChangeKind.delivered().stream().map(DebeziumFormat::op).toList());
    }

    @Test
    void aReadHasItsRowAsItsNewRow() {
        DebeziumFormat format = new DebeziumFormat(DebeziumOptions.defaults("shop", "shop"));
        JsonBuffer key = new JsonBuffer();
        JsonBuffer value = new JsonBuffer();
        new TestChanges(1).read("1", "a").batch().forEach(change -> {
            assertTrue(format.appendKey(change, false, key));
            format.appendValue(change, DebeziumFormat.op(change.kind()), value);
        });
        assertEquals("{\"id\":\"1\"}", key.toString());
        String json = value.toString();
        assertTrue(json.startsWith("{\"before\":null,\"after\":{\"id\":\"1\",\"v\":\"a\"},\"source\":{"), json);
        assertTrue(json.contains("\"transaction\":null,\"op\":\"r\","), json);
    }

    @Test
    void aKindThatIsNotDeliveredYetIsRefused() {
        assertThrows(IllegalStateException.class, () -> DebeziumFormat.op(ChangeKind.SCHEMA));
    }
}
