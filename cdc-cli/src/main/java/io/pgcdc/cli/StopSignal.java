package io.pgcdc.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns SIGTERM and SIGINT into an orderly stop. The JVM answers a signal by running its shutdown hooks and then ends with 128 and the
 * signal's number, whatever the command does meanwhile; so the hook asks the command to stop, waits until it has, and ends the process
 * with the command's own exit code.
 */
public final class StopSignal {

    /** Longer than an orderly stop takes; a container's grace period is usually 30 s. */
    private static final long LONGEST_STOP_MS = 25_000;

    /** What java.lang.Runtime says to those who would add a hook then. */
    private static final String NO_MORE_HOOKS = "Shutdown in progress";

    private static final StopSignal PROCESS = new StopSignal();

    private final CountDownLatch commandEnded = new CountDownLatch(1);
    private boolean received;
    private int exitCode = ErrorReport.FAILED;
    private @Nullable Runnable stop;

    private StopSignal() {}

    /** Watches for signals from now on. Once a process, before the command starts. */
    static void watch() {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(PROCESS::onSignal, "cdc-stop"));
        } catch (IllegalStateException e) {
            PROCESS.receive(); // the JVM is ending already
        }
    }

    /** Sets what to do on a signal, at once if there was one already. Any thread; the last one set counts. */
    public static void onStop(Runnable action) {
        PROCESS.set(action);
    }

    /**
     * Whether an error is what a signal does to a start that it comes into: a class that registers a hook of its own when it is first used
     * (the queue's are such) cannot be used any more.
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

    /** Ends the process. The last thing that the main thread does. */
    static void exit(int code) {
        PROCESS.ended(code);
        // blocks for ever when a signal has come: the hook then ends the process
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
