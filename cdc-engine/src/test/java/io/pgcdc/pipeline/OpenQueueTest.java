package io.pgcdc.pipeline;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The positions after which a sink may start. The epoch is 1, and the server's WAL ends at 0/2000. */
class OpenQueueTest {

    @ParameterizedTest
    @CsvSource({
        "0/1000:5@1, true",
        "0/2000:0@1, true",
        "0/2000:-1@1, true",
        "0/2001:0@1, false",
        "FFFFFFFF/0:0@1, false",
        "0/1000:0@2, false",
        // an earlier epoch is before all positions of this one
        "0/1000:0, true",
        "FFFFFFFF/0:0, true",
    })
    void aPositionBeyondTheServersWalIsRefused(String position, boolean accepted) {
        Position start = Position.parse(position);
        long walEnd = Lsn.parse("0/2000");
        if (accepted) {
            assertDoesNotThrow(() -> OpenQueue.requireSent("late", start, 1, walEnd));
        } else {
            SourceException refused =
                    assertThrows(SourceException.class, () -> OpenQueue.requireSent("late", start, 1, walEnd));
            assertEquals(ErrorCode.START_BEYOND_WAL, refused.code());
        }
    }
}
