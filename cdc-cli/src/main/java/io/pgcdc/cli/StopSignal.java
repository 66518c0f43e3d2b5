package io.pgcdc.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns SIGTERM and SIGINT into an orderly stop. On a signal the JVM runs its shutdown hooks, then exits with 128 plus the signal's
 * number, even while the command works. So the hook asks the command to stop, waits until it has, and ends the process with the
 * command's own exit code.
 */
public final class StopSignal {

    /**
     * The longest wait for an orderly stop. Longer than a pipeline waits for its sinks, and shorter than the 10 s after which a container is
     * killed. A login at a server that does not answer takes longer, and nothing is lost if it ends with the process.
     */
    private static final long LONGEST_STOP_MS = 4_000;

    /** The message of java.lang.Runtime if a hook is added too late. */
    private static final String NO_MORE_HOOKS = "Shutdown in progress";

    private static final StopSignal PROCESS = new StopSignal();

    private final CountDownLatch commandEnded = new CountDownLatch(1);
    private boolean received;
    private int exitCode = ErrorReport.FAILED;

    /** The exit code of a command that has not ended in time. To kill a run at any moment loses nothing. */
    private int unfinishedCode = ErrorReport.FAILED;

    private @Nullable Runnable stop;

    private StopSignal() {}

    /** Starts to watch for signals. Called once per process, before the command starts. */
    static void watch() {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(PROCESS::onSignal, "cdc-stop"));
        } catch (IllegalStateException e) {
            PROCESS.receive(); // the JVM is already ending
        }
    }

    /**
     * Sets the action on a signal of a command that runs until it is stopped. Runs it at once if there was a signal before. Any thread; only
     * the last action counts.
     */
    public static void onStop(Runnable action) {
        PROCESS.set(action, ErrorReport.STOPPED);
    }

    /** Like {@link #onStop}, for a command that a signal keeps from doing what it was asked for. */
    static void onCancel(Runnable action) {
        PROCESS.set(action, ErrorReport.FAILED);
    }

    /**
     * Returns whether a signal during the start caused the error. Some classes, such as the queue's, register a hook when they are
     * first used, and cannot be loaded then.
     */
    static boolean explains(Throwable error) {
        boolean ofClass = false;
        boolean ofHook = false;
        for (Throwable at = error; at != null; at = at.getCause()) {
            ofClass |= at instanceof ExceptionInInitializerError || at instanceof NoClassDefFoundError;
            ofHook |= String.valueOf(at.getMessage()).contains(NO_MORE_HOOKS);
        }
        return ofClass && ofHook && PROCESS.isReceived();
    }

    /** Ends the process. Called last by the main thread. */
    static void exit(int code) {
        PROCESS.ended(code);
        // blocks after a signal: the hook then ends the process
        System.exit(code);
    }

    private void onSignal() {
        if (commandEnded.getCount() > 0) { // otherwise the command itself ends the process
            receive();
        }
        try {
            boolean inTime = commandEnded.await(LONGEST_STOP_MS, TimeUnit.MILLISECONDS);
            Runtime.getRuntime().halt(inTime ? code() : unfinishedCode());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void receive() {
        received = true;
        if (stop != null) {
            stop.run();
        }
    }

    private synchronized boolean isReceived() {
        return received;
    }

    private synchronized void set(Runnable action, int unfinished) {
        stop = action;
        unfinishedCode = unfinished;
        if (received) {
            action.run();
        }
    }

    private synchronized int code() {
        return exitCode;
    }

    private synchronized int unfinishedCode() {
        return unfinishedCode;
    }

    private synchronized void ended(int code) {
        exitCode = code;
        commandEnded.countDown();
    }
}
