package io.pgcdc.cli.log;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sends what pgjdbc and the JDK tell {@code java.util.logging} to the log. Otherwise it would stand on standard error in another form, in the middle
 * of JSON. The JDK makes one when that logging is first used, so a command that does not use it does not pay for it.
 */
public final class JulLog {

    private static final String CONFIGURATION = "handlers=" + SLF4JBridgeHandler.class.getName() + "\n.level=INFO\n";

    /** Called by the JDK, as the class that configures its logging. */
    public JulLog() throws IOException {
        LogManager.getLogManager()
                .readConfiguration(new ByteArrayInputStream(CONFIGURATION.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** Has the JDK use this class. */
    static void use() {
        System.setProperty("java.util.logging.config.class", JulLog.class.getName());
    }
}
