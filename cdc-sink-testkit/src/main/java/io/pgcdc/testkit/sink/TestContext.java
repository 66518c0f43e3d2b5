package io.pgcdc.testkit.sink;

import io.pgcdc.sink.SinkContext;
import io.pgcdc.sink.SinkMetrics;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** A context for tests of {@link io.pgcdc.sink.SinkProvider#create}: the machine's time, and no metrics. */
public final class TestContext implements SinkContext {

    private final String name;
    private final InstantSource clock;
    private final @Nullable Path directory;

    private TestContext(String name, InstantSource clock, @Nullable Path directory) {
        this.name = name;
        this.clock = clock;
        this.directory = directory;
    }

    /** Returns a context for a sink that keeps no files: asking for the directory fails the test. */
    public static TestContext of(String name) {
        return new TestContext(name, InstantSource.system(), null);
    }

    public TestContext withDirectory(Path other) {
        return new TestContext(name, clock, other);
    }

    public TestContext withClock(InstantSource other) {
        return new TestContext(name, other, directory);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public InstantSource clock() {
        return clock;
    }

    @Override
    public Path directory() {
        Path given = directory;
        if (given == null) {
            throw new IllegalStateException("the test gives sink " + name + " no directory; call withDirectory");
        }
        return given;
    }

    @Override
    public SinkMetrics metrics() {
        return SinkMetrics.NONE;
    }
}
