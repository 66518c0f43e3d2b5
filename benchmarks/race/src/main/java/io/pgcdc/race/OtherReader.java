package io.pgcdc.race;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** pg_recvlogical, which reads a slot and forgets what it gets. For one thread. */
final class OtherReader implements AutoCloseable {

    private final @Nullable Lap lap;
    private @Nullable Process process;

    private OtherReader(@Nullable Lap lap) {
        this.lap = lap;
    }

    /** @param lap what it reads; null: nothing */
    static OtherReader of(@Nullable Lap lap) {
        return new OtherReader(lap);
    }

    void start() throws IOException {
        if (lap == null) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(new PgRecvlogical().drain(lap, Path.of("")));
        String password = lap.server().password();
        if (password != null) {
            builder.environment().put("PGPASSWORD", password);
        }
        process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Override
    public void close() {
        Process started = process;
        if (started != null) {
            started.destroy();
            started.onExit().join();
        }
    }
}
