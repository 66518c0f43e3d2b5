package io.pgcdc.benchmarks;

import io.pgcdc.delivery.SegmentBatch;
import io.pgcdc.golden.GoldenCapture;
import io.pgcdc.golden.GoldenSegments;
import io.pgcdc.queue.SegmentView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The end of the pipeline from what a server really sent: a recorded capture, as segments, checked, decoded, and written as lines. Figures
 * are per walk over the capture: a handful of changes of tables that hardly resemble one another.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(3)
@State(Scope.Thread)
public class CaptureBenchmark {

    private static final List<String> FIXTURES = List.of(
            "insertScalars",
            "customTypes",
            "replicaIdentityFull",
            "keyChange",
            "toastUnchangedUpdate",
            "truncateCascade");

    private final Lines lines = new Lines();
    private final SegmentView loaded = new SegmentView();
    private final SegmentBatch[] batches = new SegmentBatch[FIXTURES.size()];
    private final byte[][][] segments = new byte[FIXTURES.size()][][];

    @Setup
    public void read() throws IOException {
        for (int i = 0; i < FIXTURES.size(); i++) {
            GoldenSegments capture = GoldenSegments.of(GoldenCapture.parse(text(FIXTURES.get(i))));
            segments[i] = capture.bytes().toArray(new byte[0][]);
            batches[i] = new SegmentBatch(loaded, capture::relation);
        }
    }

    private static String text(String fixture) throws IOException {
        try (@Nullable
                InputStream capture = CaptureBenchmark.class.getResourceAsStream("/golden/18/" + fixture + ".wal")) {
            if (capture == null) {
                throw new IOException("no capture " + fixture + " on the class path");
            }
            return new String(capture.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Benchmark
    public int captureToLines() {
        int bytes = 0;
        for (int i = 0; i < segments.length; i++) {
            for (byte[] segment : segments[i]) {
                loaded.load(segment, 0, segment.length, FIXTURES);
                batches[i].segmentChanged();
                bytes += lines.of(batches[i]);
            }
        }
        return bytes;
    }
}
