package io.pgcdc.queue.disk;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;

/**
 * Converts errors of the JVM to errors of the queue: faults of Chronicle Queue's mapped files, and failures to initialize its classes. The
 * store converts the errors of its own calls. The JVM may report a fault of a mapped page later, on the thread that wrote, outside of any
 * call. So a run passes each thread's error through {@link #explain}. Any thread.
 */
public final class ChronicleFaults {

    private ChronicleFaults() {}

    /** Returns a QueueException (QUEUE_IO) for such an error. Returns any other error unchanged. */
    public static Throwable explain(Throwable error) {
        if (error instanceof InternalError) {
            // the JVM reports this way that the kernel found no disk space for a mapped page
            return new QueueException(
                    ErrorCode.QUEUE_IO,
                    "a mapped file of the queue could not be read or written: " + error.getMessage()
                            + ". Check the disk's free space and health, then start again. No change is lost.",
                    error);
        }
        return isLoading(error) ? notLoaded(error) : error;
    }

    /**
     * Returns true if the queue's library could not be loaded. At a stop this error is harmless. Chronicle's classes register a shutdown hook
     * when they are initialized, and a JVM that is ending accepts none. The next start repeats the thread's work.
     */
    public static boolean isOfAnEndingJvm(Throwable error) {
        for (Throwable at = error; at != null; at = at.getCause()) {
            if (isLoading(at)) {
                return true;
            }
        }
        return false;
    }

    static boolean isLoading(Throwable error) {
        return error instanceof ExceptionInInitializerError || error instanceof NoClassDefFoundError;
    }

    static QueueException notLoaded(Throwable error) {
        return new QueueException(
                ErrorCode.QUEUE_IO,
                "the queue's library cannot be loaded: " + error
                        + ". Unless the process was ending, check the class path, then start again. No change is lost.",
                error);
    }
}
