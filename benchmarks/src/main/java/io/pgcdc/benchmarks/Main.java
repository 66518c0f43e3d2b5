package io.pgcdc.benchmarks;

import io.pgcdc.queue.disk.JvmFlags;
import java.io.IOException;
import java.util.stream.Stream;

/** JMH's command line. The JVMs that it forks get the options that the queue needs. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) throws IOException {
        org.openjdk.jmh.Main.main(Stream.concat(
                        Stream.of("-jvmArgsPrepend", String.join(" ", JvmFlags.needed())), Stream.of(arguments))
                .toArray(String[]::new));
    }
}
