package io.pgcdc.queue.disk;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import java.util.List;
import net.openhft.chronicle.core.Jvm;

/**
 * Checks the JVM options that Chronicle Queue needs, and disables what pgcdc does not want of it. Runs before the first of its
 * classes is loaded, because they read their system properties once.
 */
final class ChronicleRuntime {

    private static boolean prepared;

    private ChronicleRuntime() {}

    /** @throws QueueException QUEUE_JVM_FLAGS: without the options, Chronicle becomes read-only or fails at the first append */
    static synchronized void prepare() {
        if (prepared) {
            return;
        }
        List<String> missing = JvmFlags.missing(ChronicleRuntime.class.getModule());
        if (!missing.isEmpty()) {
            throw new QueueException(
                    ErrorCode.QUEUE_JVM_FLAGS,
                    "the queue cannot run in this JVM; java was started without " + String.join(" ", missing)
                            + ". Start it through the cdc launcher, or add these options; " + JvmFlags.RESOURCE
                            + " in the jar of cdc-engine lists them all, for java @FILE.");
        }
        setUnlessGiven("chronicle.analytics.disable", "true"); // sends usage data to Chronicle
        setUnlessGiven("chronicle.announcer.disable", "true");
        setUnlessGiven("chronicle.disk.monitor.disable", "true"); // starts a thread that never ends
        setUnlessGiven("background.releaser", "false"); // unmap on close, not later on another thread
        // logs the place of its jar; only slf4j-simple reads this, other loggers have their own configuration
        setUnlessGiven("org.slf4j.simpleLogger.log.net.openhft", "warn");
        quiet();
        prepared = true;
    }

    private static void setUnlessGiven(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** Hides Chronicle's remarks, for example on slow mappings. Warnings and errors stay. */
    private static void quiet() {
        Jvm.disableDebugHandler();
        Jvm.disablePerfHandler();
    }
}
