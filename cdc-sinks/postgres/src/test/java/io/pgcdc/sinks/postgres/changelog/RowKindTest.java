package io.pgcdc.sinks.postgres.changelog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pgcdc.model.ChangeKind;
import org.junit.jupiter.api.Test;

class RowKindTest {

    @Test
    void aDeliveredKindKeepsItsName() {
        for (ChangeKind kind : ChangeKind.delivered()) {
            assertEquals(kind.name(), RowKind.of(kind).name());
        }
    }

    @Test
    void aKindThatIsNotDeliveredYetIsRefused() {
        assertThrows(IllegalStateException.class, () -> RowKind.of(ChangeKind.SCHEMA));
    }
}
