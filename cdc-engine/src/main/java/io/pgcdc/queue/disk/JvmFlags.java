package io.pgcdc.queue.disk;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The JVM options that the queue requires. The file {@code jvm.args} beside this class lists them, in the form for {@code java
 * @jvm.args}.
 */
public final class JvmFlags {

    /** Path of the file in the jar. */
    static final String RESOURCE = "io/pgcdc/queue/disk/jvm.args";

    private static final String EXPORTS = "--add-exports=java.base/";
    private static final String OPENS = "--add-opens=java.base/";
    private static final String TO_US = "=ALL-UNNAMED";

    private JvmFlags() {}

    /** Returns the required options of java, each a word without spaces. */
    public static List<String> needed() {
        try (InputStream file = JvmFlags.class.getResourceAsStream("jvm.args")) {
            if (file == null) {
                throw new IllegalStateException(RESOURCE + " is not on the class path");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the options that are not in force in this JVM for the module's classes. */
    static List<String> missing(Module user) {
        return needed().stream().filter(flag -> !isInForce(flag, user)).toList();
    }

    private static boolean isInForce(String flag, Module user) {
        Module base = Object.class.getModule();
        if (flag.startsWith(EXPORTS) && flag.endsWith(TO_US)) {
            return base.isExported(packageOf(flag, EXPORTS), user);
        }
        if (flag.startsWith(OPENS) && flag.endsWith(TO_US)) {
            return base.isOpen(packageOf(flag, OPENS), user);
        }
        throw new IllegalStateException("no check for " + flag);
    }

    private static String packageOf(String flag, String prefix) {
        return flag.substring(prefix.length(), flag.length() - TO_US.length());
    }
}
