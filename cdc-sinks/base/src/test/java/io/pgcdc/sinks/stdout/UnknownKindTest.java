package io.pgcdc.sinks.stdout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.json.record.NativeFormat;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Sink;
import io.pgcdc.testkit.sink.TestChanges;
import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kinds that a later version delivers are refused, not passed over. */
class UnknownKindTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private Sink sink(boolean compact) {
        LineFormat format = compact ? new CompactFormat(false, Integer.MAX_VALUE) : new NativeFormat()::append;
        return new StdoutSink(Channels.newChannel(printed), format, false);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aKindThatIsNotDeliveredYetIsRefused(boolean compact) {
        Batch batch = new TestChanges(1).schema().batch();
        try (Sink sink = sink(compact)) {
            assertThrows(IllegalStateException.class, () -> sink.write(batch));
        }
        assertEquals("", printed.toString(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRowOfASnapshotIsPrinted(boolean compact) {
        try (Sink sink = sink(compact)) {
            sink.write(new TestChanges(1).read("1", "a").batch());
            sink.flush();
        }
        String line = printed.toString(StandardCharsets.UTF_8);
        assertTrue(line.contains("READ"), line);
        assertEquals(!compact, line.contains("\"position\":\"0/100:r0\""), line);
    }

    /** A name of the source must not steer the terminal of the one who looks. */
    @Test
    void aPersonSeesNamesWithoutControlCharacters() {
        try (Sink sink = sink(true)) {
            sink.write(new TestChanges(1).message("\u001b[31mred\u202e", "x").batch());
            sink.flush();
        }
        String line = printed.toString(StandardCharsets.UTF_8);
        assertEquals("MESSAGE  ?[31mred? x\n", line);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInsertedRowIsPrinted(boolean compact) {
        try (Sink sink = sink(compact)) {
            sink.write(new TestChanges(1).insert("1", "a").batch());
            sink.flush();
        }
        assertTrue(printed.toString(StandardCharsets.UTF_8).contains("INSERT"));
    }
}
