package io.pgcdc.queue.disk;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.QueueException;
import java.util.List;
import net.openhft.chronicle.core.Jvm;

/**
 * What Chronicle Queue needs of the JVM, and what we do not want of it. Must run before the first of its classes is loaded,
 * because those read their system properties once.
 */
final class ChronicleRuntime {

    private static boolean prepared;

    private ChronicleRuntime() {}

    /** @throws QueueException QUEUE_JVM_FLAGS: without its flags Chronicle falls back to read-only, or fails on the first append */
    static synchronized void prepare() {
        if (prepared) {
            return;
        }
        List<String> missing = JvmFlags.missing(ChronicleRuntime.class.getModule());
        if (!missing.isEmpty()) {
            throw new QueueException(
                    ErrorCode.QUEUE_JVM_FLAGS,
                    "the queue cannot work in this JVM; java was started without " + String.join(" ", missing)
                            + ". Start it through the cdc launcher, or add these options; " + JvmFlags.RESOURCE
                            + " in the jar of cdc-engine has them all, for java @FILE.");
        }
        setUnlessGiven("chronicle.analytics.disable", "true"); // it reports use to its maker
        setUnlessGiven("chronicle.announcer.disable", "true");
        setUnlessGiven("chronicle.disk.monitor.disable", "true"); // a thread for ever
        setUnlessGiven("background.releaser", "false"); // unmap on close, not some time later on another thread
        // it tells where its jar lies; read by slf4j-simple alone, other loggers have their own configuration
        setUnlessGiven("org.slf4j.simpleLogger.log.net.openhft", "warn");
        quiet();
        prepared = true;
    }

    private static void setUnlessGiven(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** Its remarks on slow mappings and the like; warnings and errors stay. */
    private static void quiet() {
        Jvm.disableDebugHandler();
        Jvm.disablePerfHandler();
    }
}
