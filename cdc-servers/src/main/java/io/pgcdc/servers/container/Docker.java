package io.pgcdc.servers.container;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;

/** Checks that a test can run containers on this machine. If not, skips the test and logs a warning. */
public final class Docker {

    private static final Logger LOG = LoggerFactory.getLogger(Docker.class);

    private Docker() {}

    /** Skips the test unless a Docker engine answers. */
    public static void require(String test) {
        require(test, "no Docker engine answers", DockerClientFactory.instance().isDockerAvailable());
    }

    /** Skips the test unless a Docker engine answers and {@code docker compose} works. */
    public static void requireCompose(String test) throws InterruptedException {
        require(test);
        require(test, "docker compose is missing", succeeds("docker", "compose", "version"));
    }

    private static void require(String test, String problem, boolean available) {
        if (!available) {
            LOG.warn("{} is not tested: {} on this machine", test, problem);
        }
        assumeTrue(available, problem);
    }

    private static boolean succeeds(String... command) throws InterruptedException {
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
