package io.pgcdc.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.pgcdc.delivery.SegmentBatch;
import io.pgcdc.error.CdcException;
import io.pgcdc.error.DecodeException;
import io.pgcdc.error.QueueException;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.NativeFormat;
import io.pgcdc.model.Change;
import io.pgcdc.queue.SegmentBuilder;
import io.pgcdc.queue.SegmentHeader;
import io.pgcdc.queue.SegmentView;
import io.pgcdc.servers.testing.Soak;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the bytes of a frame, decoding ends: in records, or in an error that says that the stream or the queue is damaged. */
class GoldenMutationTest {

    private static final int MUTATIONS = Soak.count(300_000, 10_000_000);

    /** So often the capture is decoded unchanged, to see that the errors before left nothing behind. */
    private static final int CHECK_EVERY = 1_000;

    private static final int MOST_JSON_BYTES = 16 << 20;

    /** What decoding may allocate: an error with its trace, what is worked out for a layout, and so much for each byte of input. */
    private static final long ALLOCATED_BYTES = 1 << 20;

    private static final int ALLOCATED_PER_BYTE = 64;
    private static final int[] EXTREMES = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0xFFFF, 0x7FFF_FFF0};

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final List<byte[]> allFrames = new ArrayList<>();
    private final ThreadMXBean allocation = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private long mostAllocated;

    @Test
    void mutatedFramesEndInRecordsOrInAnErrorOfTheirKind() throws IOException {
        System.out.println("GoldenMutationTest seed " + seed);
        List<Subject> subjects = subjects();
        Map<String, Integer> ends = new HashMap<>();
        for (int i = 0; i < MUTATIONS; i++) {
            Subject subject = subjects.get(random.nextInt(subjects.size()));
            ends.merge(subject.decodeMutated("seed " + seed + ", mutation " + i), 1, Integer::sum);
            if (i % CHECK_EVERY == 0) {
                subject.checkUnchanged();
            }
        }
        System.out.println("GoldenMutationTest ends " + ends + ", at most " + mostAllocated + " bytes allocated");
        assertTrue(ends.getOrDefault("success", 0) > MUTATIONS / 100, ends + ", seed " + seed);
        assertTrue(ends.getOrDefault("DecodeException", 0) > MUTATIONS / 10, ends + ", seed " + seed);
        assertTrue(ends.getOrDefault("QueueException", 0) > 0, ends + ", seed " + seed);
    }

    private List<Subject> subjects() throws IOException {
        GoldenFiles files = new GoldenFiles(Path.of("src/test/resources/golden"));
        List<Subject> subjects = new ArrayList<>();
        for (GoldenFixture fixture : files.fixtures()) {
            for (int version = Math.max(14, fixture.since()); version <= 18; version++) {
                GoldenCapture capture = files.capture(version, fixture.name());
                capture.frames().forEach(frame -> allFrames.add(frame.bytes()));
                subjects.add(new Subject(GoldenSegments.of(capture)));
            }
        }
        return subjects;
    }

    /** One capture, with the decoding state that all its mutations share. */
    private final class Subject {

        private final GoldenSegments segments;
        private final String records;
        private final SegmentView original = new SegmentView();
        private final SegmentBuilder builder = new SegmentBuilder();
        private final SegmentView mutated = new SegmentView();
        private final SegmentBatch batch;
        private final NativeFormat format = new NativeFormat();
        private final JsonBuffer out = new JsonBuffer(1 << 10, MOST_JSON_BYTES);

        Subject(GoldenSegments segments) {
            this.segments = segments;
            this.records = segments.nativeLines();
            this.batch = new SegmentBatch(mutated, segments::relation);
        }

        private String decodeMutated(String where) {
            List<byte[]> all = segments.bytes();
            mutate(all.get(random.nextInt(all.size())));
            out.clear();
            long before = allocation.getCurrentThreadAllocatedBytes();
            String end = decode(where);
            long allocated = allocation.getCurrentThreadAllocatedBytes() - before;
            mostAllocated = Math.max(mostAllocated, allocated);
            if (allocated > ALLOCATED_BYTES + ALLOCATED_PER_BYTE * (long) mutated.length()) {
                throw new AssertionError(where + ": " + allocated + " bytes allocated for " + mutated.length());
            }
            return end;
        }

        private String decode(String where) {
            try {
                batch.forEach(this::append);
                return "success";
            } catch (DecodeException | QueueException e) {
                return e.getClass().getSimpleName();
            } catch (CdcException e) {
                throw new AssertionError(where + " ended in " + e.describe(), e);
            } catch (RuntimeException | Error e) {
                throw new AssertionError(where + " ended in " + e, e);
            }
        }

        private void append(Change change) {
            format.append(change, out);
            out.appendByte('\n');
        }

        private void checkUnchanged() {
            out.clear();
            for (byte[] segment : segments.bytes()) {
                mutated.load(segment, 0, segment.length, "golden capture");
                batch.forEach(this::append);
            }
            assertEquals(records, out.toString());
        }

        private void mutate(byte[] segment) {
            original.load(segment, 0, segment.length, "golden capture");
            List<byte[]> frames = new ArrayList<>();
            while (original.nextFrame()) {
                int offset = original.frameOffset();
                frames.add(Arrays.copyOfRange(original.array(), offset, offset + original.frameLength()));
            }
            for (int left = 1 + random.nextInt(3); left > 0 && !frames.isEmpty(); left--) {
                mutateOne(frames);
            }
            SegmentHeader header = original.header();
            builder.begin();
            builder.xid(header.xid());
            builder.changeCount(header.changeCount());
            builder.firstCommitLsn(header.firstCommitLsn());
            builder.lastCommitLsn(header.lastCommitLsn());
            builder.lastCommitEndLsn(header.lastCommitEndLsn());
            builder.commitTimeMicros(header.commitTimeMicros());
            builder.firstOrdinal(header.firstOrdinal());
            for (byte[] frame : frames) {
                builder.addFrame(original.frameLsn(), frame, 0, frame.length);
            }
            builder.seal(header.kind());
            mutated.load(builder.array(), 0, builder.sealedLength(), "mutated capture");
        }
    }

    private void mutateOne(List<byte[]> frames) {
        int at = random.nextInt(frames.size());
        switch (random.nextInt(10)) {
            case 0 -> frames.remove(at);
            case 1 -> frames.add(at, frames.get(random.nextInt(frames.size())));
            case 2 -> frames.set(at, allFrames.get(random.nextInt(allFrames.size())));
            case 3 -> frames.add(at, mutateBytes(allFrames.get(random.nextInt(allFrames.size()))));
            default -> frames.set(at, mutateBytes(frames.get(at)));
        }
    }

    private byte[] mutateBytes(byte[] frame) {
        if (frame.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        byte[] bytes = frame.clone();
        // most of what matters stands at the beginning
        int at = random.nextInt(random.nextBoolean() ? bytes.length : Math.min(32, bytes.length));
        switch (random.nextInt(6)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) random.nextInt();
            case 2 -> bytes = Arrays.copyOf(bytes, at);
            case 3 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(16));
            case 4 -> {
                if (bytes.length - at >= Integer.BYTES) {
                    ByteBuffer.wrap(bytes).putInt(at, EXTREMES[random.nextInt(EXTREMES.length)]);
                }
            }
            default -> {
                byte[] noise = new byte[Math.min(1 + random.nextInt(8), bytes.length - at)];
                random.nextBytes(noise);
                System.arraycopy(noise, 0, bytes, at, noise.length);
            }
        }
        return bytes;
    }
}
