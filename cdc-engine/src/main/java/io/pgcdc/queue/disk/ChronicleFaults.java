package io.pgcdc.queue.disk;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;

/**
 * Errors of the JVM that come from Chronicle Queue's mapped files and from its class initialization, as errors of the queue. The store
 * converts what its own calls throw. The JVM may report a fault of a mapped page later, on the thread that wrote, outside of any call: a run
 * passes each thread's error through {@link #explain}. Any thread.
 */
public final class ChronicleFaults {

    private ChronicleFaults() {}

    /** Returns a QueueException (QUEUE_IO) for such an error, and any other error as it is. */
    public static Throwable explain(Throwable error) {
        if (error instanceof InternalError) {
            // how the JVM reports that the kernel could not give a mapped page its place on the disk
            return new QueueException(
                    ErrorCode.QUEUE_IO,
                    "a file of the queue could not be read or written in memory: " + error.getMessage()
                            + ". Check the disk's free space and health, then start again: nothing is lost.",
                    error);
        }
        return isLoading(error) ? notLoaded(error) : error;
    }

    /**
     * Returns true if the queue's library could not be loaded. At a stop that is no fault: a JVM that ends accepts no shutdown hook, and
     * Chronicle's classes register one when they are initialized. What the thread was about to do comes again at the next start.
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
                        + ". If the process was not about to end, check the class path, then start again: nothing is lost.",
                error);
    }
}
