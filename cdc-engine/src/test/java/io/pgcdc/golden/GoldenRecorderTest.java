package io.pgcdc.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.pgcdc.servers.PgServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A server of today says what the captures say. */
class GoldenRecorderTest {

    private static final int VERSION = 18;

    private final GoldenFiles files = new GoldenFiles(Path.of("src/test/resources/golden"));

    /** Its layouts are read when the catalog is ahead of the stream. */
    @Test
    void recordingATableThatIsRenamedMidTransactionGivesTheCaptureAgain() throws Exception {
        GoldenFixture fixture = files.fixtures().stream()
                .filter(f -> f.name().equals("renameMidTransaction"))
                .findFirst()
                .orElseThrow();
        GoldenCapture now = GoldenRecorder.record(PgServer.shared(VERSION), fixture);
        assertEquals(
                String.join("\n", StableForm.of(files.capture(VERSION, fixture.name()))),
                String.join("\n", StableForm.of(now)));
        List<List<String>> publications = now.items().stream()
                .filter(GoldenItem.Layout.class::isInstance)
                .map(item -> ((GoldenItem.Layout) item)
                        .relation().publications().stream()
                                .map(p -> p.publication())
                                .toList())
                .toList();
        List<String> golden = List.of(GoldenFixture.PUBLICATION);
        assertEquals(List.of(golden, golden, golden), publications);
    }

    @Test
    void recordingsThatSayDifferentThingsDiffer() throws Exception {
        assertNotEquals(
                StableForm.of(files.capture(VERSION, "partitionsViaRoot")),
                StableForm.of(files.capture(VERSION, "partitionsViaLeaf")));
    }
}
