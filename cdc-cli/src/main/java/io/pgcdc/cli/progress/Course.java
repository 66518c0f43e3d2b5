package io.pgcdc.cli.progress;

import io.pgcdc.cli.progress.Work.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How one kind of work went in the last seconds, and whether it is worth a word. One thread at a time. */
final class Course {

    /** Less is done sooner than anybody has read the line. */
    static final long LEAST_BYTES = 4_000_000;

    private static final double LEAST_SECONDS = 10;

    /** A rate is told after this time. */
    private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Work that does not move is told after this time. */
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** It is over when less than this is left: more comes all the time. */
    private static final long DONE_BYTES = 1_000_000;

    private static final double SECOND = 1e9;

    private final Kind kind;
    private final @Nullable String sink;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private boolean shown;
    private long from;
    private long sinceNanos;

    private record Sample(long nanos, long at, long to) {

        long left() {
            return Math.max(0, to - at);
        }
    }

    Course(Kind kind, @Nullable String sink) {
        this.kind = kind;
        this.sink = sink;
    }

    /**
     * Notes work that is shown in any case, from its second sample on.
     *
     * @param began where it began, perhaps in an earlier run
     */
    void ordered(long nanos, long began, long at, long to) {
        if (samples.isEmpty()) {
            sinceNanos = nanos;
        }
        from = began;
        shown = !samples.isEmpty();
        add(new Sample(nanos, at, to));
    }

    /** Notes work that is shown if it is much. Returns what was done if it is over now, and was shown; else null. */
    @Nullable
    Work backlog(long nanos, long at, long to) {
        Sample now = new Sample(nanos, at, to);
        if (now.left() < (shown ? DONE_BYTES : LEAST_BYTES)) {
            add(now);
            Work over = shown ? work() : null;
            shown = false;
            samples.clear();
            return over;
        }
        if (samples.isEmpty()) {
            from = at;
            sinceNanos = nanos;
        }
        add(now);
        shown = shown || isLong(nanos - sinceNanos);
        return null;
    }

    /** Returns true if nothing, or little, is left. */
    boolean isOver() {
        return samples.isEmpty();
    }

    private boolean isLong(long nanos) {
        double rate = rate();
        return rate == 0 ? nanos >= STUCK_NANOS : nanos >= SETTLED_NANOS && last().left() / rate >= LEAST_SECONDS;
    }

    private void add(Sample sample) {
        while (samples.size() > 1 && sample.nanos - samples.getFirst().nanos > WINDOW_NANOS) {
            samples.removeFirst();
        }
        samples.addLast(sample);
    }

    private Sample last() {
        return samples.getLast();
    }

    private double perSecond(long amount) {
        double seconds = (last().nanos - samples.getFirst().nanos) / SECOND;
        return seconds == 0 ? 0 : amount / seconds;
    }

    private double rate() {
        return perSecond(Math.max(0, last().at - samples.getFirst().at));
    }

    /** Returns how it stands; null: it is not worth a word. */
    @Nullable
    Work shown() {
        return shown ? work() : null;
    }

    private Work work() {
        Sample last = last();
        double less = perSecond(samples.getFirst().left() - last.left());
        return new Work(
                kind,
                sink,
                Math.max(0, last.at - from),
                last.left(),
                rate(),
                less > 0 ? Math.round(last.left() / less) : -1,
                (last.nanos - sinceNanos) / SECOND);
    }
}
