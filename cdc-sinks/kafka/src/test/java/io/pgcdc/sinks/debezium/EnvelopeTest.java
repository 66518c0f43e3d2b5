package io.pgcdc.sinks.debezium;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.SnapshotPlace;
import io.pgcdc.sink.Batch;
import io.pgcdc.testkit.sink.TestChanges;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvelopeTest {

    private final Envelope envelope = new Envelope(DebeziumOptions.defaults("shop", "shop"));

    @ParameterizedTest
    @CsvSource({
        "FIRST, first, null",
        "FIRST_OF_TABLE, first_in_data_collection, null",
        "INSIDE, true, null",
        "LAST_OF_TABLE, last_in_data_collection, null",
        "LAST, last, null",
        "INCREMENTAL, incremental, 256"
    })
    void theSourceTellsWhereARowOfASnapshotStands(SnapshotPlace place, String shown, String commit) {
        assertSnapshot(shown, commit, place, new TestChanges(1).read("1", "a").batch());
    }

    @Test
    void anInsertIsOfNoSnapshot() {
        assertSnapshot("false", "256", null, new TestChanges(1).insert("1", "a").batch());
    }

    private void assertSnapshot(String shown, String commit, @Nullable SnapshotPlace place, Batch batch) {
        JsonBuffer out = new JsonBuffer();
        batch.forEach(
                change -> envelope.appendSource(new PlacedChange(change, place), Envelope.bytes(",\"txId\":"), out));
        String source = out.toString();
        String first = commit.equals("null") ? commit : "\\\"" + commit + "\\\"";
        String sequence = "\"sequence\":\"[" + first + ",\\\"255\\\"]\"";
        for (String part : List.of(",\"snapshot\":\"" + shown + "\",\"db\":\"shop\",", sequence, ",\"lsn\":255,")) {
            assertTrue(source.contains(part), source);
        }
    }
}
