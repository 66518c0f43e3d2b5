package io.pgcdc.cli.progress;

import io.pgcdc.cli.progress.Work.Kind;
import io.pgcdc.pipeline.Pipeline;
import io.pgcdc.pipeline.PipelineStatus;
import io.pgcdc.pipeline.PipelineStatus.Progress;
import io.pgcdc.pipeline.PipelineStatus.SinkState;
import io.pgcdc.pipeline.PipelineStatus.SinkStatus;
import io.pgcdc.pipeline.SlotStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Watches a pipeline for work that takes a while: replays, WAL that it has not read, and changes of the queue that a sink lacks. One thread looks,
 * about twice a second, and less often while it is quiet; any thread reads.
 */
public final class WorkWatch {

    private final Pipeline pipeline;
    private final Measure measure;
    private volatile List<Work> works = List.of();

    /** Watches nothing before {@link #look}. */
    public WorkWatch(Pipeline pipeline) {
        this.pipeline = pipeline;
        this.measure = new Measure(pipeline::status, pipeline::slot, System::nanoTime);
    }

    /** Returns the pipeline. */
    public Pipeline pipeline() {
        return pipeline;
    }

    /** Looks at the pipeline. Returns the backlogs that are done since the last look. One thread. */
    public List<Work> look() {
        List<Work> ended = measure.look();
        works = measure.works();
        return ended;
    }

    /** Returns true if the last look saw no work, worth a word or not. The thread that looks. */
    public boolean isQuiet() {
        return measure.isQuiet();
    }

    /** Returns the work as of the last look, the most important first. Any thread. */
    public List<Work> works() {
        return works;
    }

    /** What is measured, and by which clock. One thread. */
    static final class Measure {

        private final Supplier<PipelineStatus> status;
        private final Supplier<@Nullable SlotStatus> slot;
        private final LongSupplier nanos;
        private final Map<String, Course> courses = new HashMap<>();
        private final List<Work> shown = new ArrayList<>();
        private final List<Work> ended = new ArrayList<>();
        private final Set<String> seen = new HashSet<>();

        Measure(Supplier<PipelineStatus> status, Supplier<@Nullable SlotStatus> slot, LongSupplier nanos) {
            this.status = status;
            this.slot = slot;
            this.nanos = nanos;
        }

        List<Work> look() {
            shown.clear();
            ended.clear();
            seen.clear();
            long now = nanos.getAsLong();
            PipelineStatus read = status.get();
            reading(now, read.source(), slot.get());
            read.sinks().forEach(sink -> sink(now, sink));
            courses.keySet().retainAll(seen);
            shown.sort(Comparator.comparing(Work::kind)
                    .thenComparing(Comparator.comparingLong(Work::leftBytes).reversed()));
            return List.copyOf(ended);
        }

        List<Work> works() {
            return List.copyOf(shown);
        }

        boolean isQuiet() {
            return courses.values().stream().allMatch(Course::isOver);
        }

        private void reading(long now, PipelineStatus.@Nullable Source source, @Nullable SlotStatus wal) {
            if (source != null && source.connected() && !source.paused() && wal != null && wal.readAt() != null) {
                backlog(now, Kind.READING, null, source.receivedLsn(), wal.walEndLsn());
            }
        }

        private void sink(long now, SinkStatus sink) {
            Progress replay = sink.replay();
            Progress queue = sink.queue();
            boolean works = sink.state() == SinkState.RUNNING
                    || sink.state() == SinkState.REPLAYING
                    || sink.state() == SinkState.RETRYING;
            if (!works) {
                return;
            }
            if (replay != null) {
                Course course = course(Kind.REPLAY, sink.name());
                course.ordered(now, replay.from(), replay.at(), replay.to());
                show(course);
            } else if (queue != null) {
                backlog(now, Kind.DELIVERY, sink.name(), queue.at(), queue.to());
            }
        }

        private void backlog(long now, Kind kind, @Nullable String sink, long at, long to) {
            Course course = course(kind, sink);
            Work over = course.backlog(now, at, to);
            if (over != null) {
                ended.add(over);
            }
            show(course);
        }

        private void show(Course course) {
            Work work = course.shown();
            if (work != null) {
                shown.add(work);
            }
        }

        private Course course(Kind kind, @Nullable String sink) {
            String key = kind + " " + sink;
            seen.add(key);
            return courses.computeIfAbsent(key, missing -> new Course(kind, sink));
        }
    }
}
