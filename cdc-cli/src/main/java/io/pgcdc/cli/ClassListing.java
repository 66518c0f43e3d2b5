package io.pgcdc.cli;

/**
 * What the launcher runs once to write the class-data archive: loads what every start loads. Its output is thrown away.
 */
final class ClassListing {

    private ClassListing() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        for (String name : new String[] {
            "org.postgresql.Driver",
            "io.pgcdc.pipeline.PipelineStart",
            "io.pgcdc.pipeline.CaptureLoop",
            "io.pgcdc.wire.ReplicationConnection",
            "io.pgcdc.queue.ChronicleSegmentStore",
            "net.openhft.chronicle.queue.impl.single.SingleChronicleQueue",
            "net.openhft.chronicle.queue.impl.single.StoreAppender",
            "io.pgcdc.json.NativeFormat"
        }) {
            Class.forName(name);
        }
        // the rest comes by itself: options, configuration, sinks
        Main.execute(
                "config",
                "--source",
                "postgresql://localhost/x",
                "--slot",
                "x",
                "--publication",
                "x",
                "--queue-dir",
                "x",
                "--sink",
                "stdout");
    }
}
