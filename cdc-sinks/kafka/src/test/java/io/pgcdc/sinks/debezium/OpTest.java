package io.pgcdc.sinks.debezium;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pgcdc.model.ChangeKind;
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
    void aKindThatIsNotDeliveredYetIsRefused() {
        assertThrows(IllegalStateException.class, () -> DebeziumFormat.op(ChangeKind.SCHEMA));
    }
}
