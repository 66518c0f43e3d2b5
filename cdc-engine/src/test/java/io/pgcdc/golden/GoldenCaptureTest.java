package io.pgcdc.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pgcdc.servers.PgServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What real servers sent, decoded without one. Record anew, and review the difference:
 *
 * <pre>
 *   ./mvnw -pl cdc-engine -am test -Dtest=GoldenCaptureTest -Dsurefire.failIfNoSpecifiedTests=false -Dpgcdc.rewrite=true
 * </pre>
 */
class GoldenCaptureTest {

    private static final GoldenFiles FILES = new GoldenFiles(Path.of("src/test/resources/golden"));

    /** All that protocol version 1 has; U and D by the old tuple that they carry (N: none). */
    private static final Set<String> MESSAGE_TYPES =
            Set.of("B", "C", "O", "R", "Y", "I", "U K", "U O", "U N", "D K", "D O", "T", "M transactional", "M");

    static IntStream versions() {
        return IntStream.rangeClosed(14, 18);
    }

    static Stream<Arguments> captures() throws IOException {
        List<GoldenFixture> fixtures = FILES.fixtures();
        return versions()
                .boxed()
                .flatMap(version -> fixtures.stream()
                        .filter(fixture -> fixture.runsOn(version))
                        .map(fixture -> Arguments.of(version, fixture.name())));
    }

    @BeforeAll
    static void recordAnewWhenTold() throws Exception {
        if (Boolean.getBoolean("pgcdc.rewrite")) {
            List<GoldenFixture> fixtures = FILES.fixtures();
            for (int version : versions().toArray()) {
                PgServer server = PgServer.shared(version);
                for (GoldenFixture fixture : fixtures) {
                    if (fixture.runsOn(version)) {
                        FILES.record(server, fixture);
                    }
                }
            }
        }
    }

    @ParameterizedTest(name = "{1} on {0}")
    @MethodSource("captures")
    void aCaptureBecomesItsRecords(int version, String fixture) throws IOException {
        GoldenCapture capture = FILES.capture(version, fixture);
        assertEquals(FILES.json(version, fixture), GoldenSegments.of(capture).nativeLines());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void everyMessageTypeOfTheProtocolOccurs(int version) throws IOException {
        Set<String> met = new TreeSet<>();
        for (GoldenFixture fixture : FILES.fixtures()) {
            if (fixture.runsOn(version)) {
                FILES.capture(version, fixture.name()).frames().forEach(frame -> met.add(frame.detailedType()));
            }
        }
        assertEquals(new TreeSet<>(MESSAGE_TYPES), met);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void eachCaptureHasItsFixture(int version) throws IOException {
        List<String> expected = new ArrayList<>();
        for (GoldenFixture fixture : FILES.fixtures()) {
            if (fixture.runsOn(version)) {
                expected.add(fixture.name() + ".json");
                expected.add(fixture.name() + ".wal");
            }
        }
        assertTrue(expected.size() > 40, expected.size() + " files");
        assertEquals(new TreeSet<>(expected), new TreeSet<>(FILES.recorded(version)));
    }
}
