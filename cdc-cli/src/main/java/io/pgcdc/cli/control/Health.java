package io.pgcdc.cli.control;

import io.pgcdc.error.CdcException;
import io.pgcdc.guard.WalHolder;
import io.pgcdc.guard.Words;
import io.pgcdc.pipeline.PipelineStatus;
import io.pgcdc.pipeline.PipelineStatus.SinkStatus;
import io.pgcdc.pipeline.PipelineStatus.State;
import io.pgcdc.pipeline.SlotStatus;
import io.pgcdc.snapshot.SnapshotStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a pipeline is, in a word, and why.
 *
 * @param problems a sentence each; empty if it is healthy
 */
public record Health(Grade grade, List<String> problems) {

    public Health {
        problems = List.copyOf(problems);
    }

    /** How it is. */
    public enum Grade {
        /** It reads, and each sink takes changes. */
        HEALTHY,
        /** A part of it stands still, or fails at the moment. */
        DEGRADED,
        /** Nothing is delivered: it does not run, or no sink takes changes. */
        DOWN
    }

    /**
     * Judges a status.
     *
     * @param slot null: nothing is known of it
     */
    public static Health of(PipelineStatus status, @Nullable SlotStatus slot) {
        Health health = of(status);
        String danger = slot == null || health.grade == Grade.DOWN ? null : danger(slot);
        if (danger == null) {
            return health;
        }
        List<String> problems = new ArrayList<>(health.problems);
        problems.add(danger);
        return new Health(Grade.DEGRADED, problems);
    }

    private static @Nullable String danger(SlotStatus slot) {
        if (slot.walStatus().equals("lost")) {
            return "the slot is lost: the server removed WAL that was not read";
        }
        Long seconds = slot.secondsToLoss();
        if (seconds == null || !slot.isSoonLost()) {
            return null;
        }
        WalHolder holder = slot.holder();
        return "at this rate the slot is lost in " + Words.time(seconds)
                + (holder == null ? "" : ": " + holder.text() + ". " + holder.remedy());
    }

    /** Judges a status, without the WAL on the server: whether the pipeline reads and delivers. */
    public static Health of(PipelineStatus status) {
        List<String> problems = new ArrayList<>();
        PipelineStatus.Source source = status.source();
        if (status.state() != State.RUNNING || source == null) {
            problems.add("the pipeline is " + status.state().name().toLowerCase(Locale.ROOT) + why(status));
            return new Health(Grade.DOWN, problems);
        }
        if (source.paused()) {
            problems.add("reading is paused: cdc resume");
        } else if (!source.connected() && !readsRows(status)) {
            problems.add("the server is not connected" + why(status));
        }
        status.sinks().stream().map(Health::problem).forEach(problem -> add(problems, problem));
        status.snapshots().stream().map(Health::problem).forEach(problem -> add(problems, problem));
        // all its sinks may be feeds, whose clients fetch the changes
        boolean works = status.sinks().isEmpty() || status.sinks().stream().anyMatch(sink -> problem(sink) == null);
        return new Health(!works ? Grade.DOWN : problems.isEmpty() ? Grade.HEALTHY : Grade.DEGRADED, problems);
    }

    private static String why(PipelineStatus status) {
        Throwable trouble = status.sourceTrouble();
        return trouble == null ? "" : ": " + describe(trouble);
    }

    /** Returns whether rows are read before the stream, which has a connection of its own only then. */
    private static boolean readsRows(PipelineStatus status) {
        return status.snapshots().stream().anyMatch(snapshot -> snapshot.state() == SnapshotStatus.State.READING);
    }

    private static void add(List<String> problems, @Nullable String problem) {
        if (problem != null) {
            problems.add(problem);
        }
    }

    private static @Nullable String problem(SinkStatus sink) {
        String name = "sink " + sink.name();
        return switch (sink.state()) {
            case RUNNING, REPLAYING -> null;
            case NEW -> name + " has not started";
            case PAUSED -> name + " is paused: cdc resume --sink " + sink.name();
            case RETRYING -> name + " tries again: " + describe(sink.trouble());
            case FAILED -> name + " has stopped: " + describe(sink.trouble());
            case STOPPED -> name + " has ended";
        };
    }

    private static @Nullable String problem(SnapshotStatus snapshot) {
        return snapshot.state() == SnapshotStatus.State.FAILED
                ? "snapshot " + snapshot.id() + " has failed: " + describe(snapshot.trouble())
                : null;
    }

    /** Returns an error as messages name it. */
    static String describe(@Nullable Throwable error) {
        return error instanceof CdcException known ? known.describe() : String.valueOf(error);
    }
}
