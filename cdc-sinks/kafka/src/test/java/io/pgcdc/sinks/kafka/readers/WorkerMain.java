package io.pgcdc.sinks.kafka.readers;

import org.apache.kafka.connect.cli.ConnectStandalone;

/** A worker of Kafka Connect, in a JVM of its own; it ends when its standard input does. */
final class WorkerMain {

    private WorkerMain() {}

    /** @param arguments the worker's file of properties, and the connector's */
    public static void main(String[] arguments) {
        Thread end = new Thread(WorkerMain::awaitEnd, "end");
        end.setDaemon(true);
        end.start();
        ConnectStandalone.main(arguments);
    }

    private static void awaitEnd() {
        try {
            while (System.in.read() >= 0) {
                // nothing is expected but the end
            }
        } catch (java.io.IOException e) {
            // it cannot be read any more: that is the end, too
        }
        Runtime.getRuntime().halt(0);
    }
}
