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

    /** Longer than an orderly stop takes. A container's grace period is usually 30 s. */
    private static final long LONGEST_STOP_MS = 25_000;

    /** The message of java.lang.Runtime if a hook is added too late. */
    private static final String NO_MORE_HOOKS = "Shutdown in progress";

    private static final StopSignal PROCESS = new StopSignal();

    private final CountDownLatch commandEnded = new CountDownLatch(1);
    private boolean received;
    private int exitCode = ErrorReport.FAILED;
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

    /** Sets the action on a signal; runs it at once if there was one before. Any thread; only the last action counts. */
    public static void onStop(Runnable action) {
        PROCESS.set(action);
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
        receive();
        try {
            boolean inTime = commandEnded.await(LONGEST_STOP_MS, TimeUnit.MILLISECONDS);
            Runtime.getRuntime().halt(inTime ? code() : ErrorReport.FAILED);
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

    private synchronized void set(Runnable action) {
        stop = action;
        if (received) {
            action.run();
        }
    }

    private synchronized int code() {
        return exitCode;
    }

    private synchronized void ended(int code) {
        exitCode = code;
        commandEnded.countDown();
    }
}
