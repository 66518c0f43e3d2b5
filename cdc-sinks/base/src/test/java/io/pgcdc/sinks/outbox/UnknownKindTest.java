package io.pgcdc.sinks.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pgcdc.model.TableName;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.Batch;
import io.pgcdc.testkit.sink.TestChanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownKindTest {

    private final Outbox outbox = new Outbox("kit", new SettingValues(Map.of()), Set.of(), false);

    @Test
    void aKindThatIsNotDeliveredYetIsRefused() {
        Batch batch = new TestChanges(1).schema().batch();
        assertThrows(IllegalStateException.class, () -> batch.forEach(outbox::event));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRowOfASnapshotIsAnEventOnlyWithExistingRows(boolean existingRows) {
        Outbox items = new Outbox(
                "kit",
                new SettingValues(Map.of(
                        "outbox_table", new TableName("kit", "items"),
                        "existing_rows", existingRows,
                        "id_column", "id",
                        "type_column", "v",
                        "aggregate_column", "v",
                        "payload_column", "v")),
                Set.of(),
                false);
        List<Boolean> events = new ArrayList<>();
        new TestChanges(1).read("1", "a").batch().forEach(change -> events.add(items.event(change) != null));
        new TestChanges(1).insert("1", "a").batch().forEach(change -> events.add(items.event(change) != null));
        assertEquals(List.of(existingRows, true), events);
    }

    @Test
    void changesOfOtherTablesAreNoEvents() {
        List<Boolean> events = new ArrayList<>();
        new TestChanges(1)
                .insert("1", "a")
                .truncate()
                .message("other", "{}")
                .batch()
                .forEach(change -> events.add(outbox.event(change) != null));
        assertEquals(List.of(false, false, false), events);
    }
}
