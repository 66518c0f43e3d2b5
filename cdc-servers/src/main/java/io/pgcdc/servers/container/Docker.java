package io.pgcdc.servers.container;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;

/** Checks that this machine has what a test in containers needs. If not, the test is skipped, and the log says so. */
public final class Docker {

    private static final Logger LOG = LoggerFactory.getLogger(Docker.class);

    private Docker() {}

    /** Requires an engine that answers. */
    public static void require(String test) {
        require(test, "no Docker engine answers", DockerClientFactory.instance().isDockerAvailable());
    }

    /** Requires an engine, and {@code docker compose}. */
    public static void requireCompose(String test) throws InterruptedException {
        require(test);
        require(test, "docker compose is missing", answers("docker", "compose", "version"));
    }

    private static void require(String test, String otherwise, boolean there) {
        if (!there) {
            LOG.warn("{} is not run: {} here", test, otherwise);
        }
        assumeTrue(there, otherwise);
    }

    private static boolean answers(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(Redirect.DISCARD)
                            .redirectError(Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // the program does not exist
        }
    }
}
