package io.pgcdc.servers.connect;

import java.io.IOException;

/**
 * Runs a distributed Connect worker, in a separate JVM. It is killed when its standard input ends, which is when its starter ends.
 * Its class path has Kafka's jars and this class, which therefore knows no other class of ours.
 */
final class WorkerMain {

    private static final String WORKER = "org.apache.kafka.connect.cli.ConnectDistributed";

    private WorkerMain() {}

    /** @param arguments the worker's file of properties */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        Thread watch = new Thread(WorkerMain::haltWithStarter, "halt-with-starter");
        watch.setDaemon(true);
        watch.start();
        Class.forName(WORKER).getMethod("main", String[].class).invoke(null, (Object) arguments);
    }

    private static void haltWithStarter() {
        try {
            while (System.in.read() >= 0) {
                // wait for the end
            }
        } catch (IOException e) {
            // the same: nobody holds the other end
        }
        Runtime.getRuntime().halt(1);
    }
}
