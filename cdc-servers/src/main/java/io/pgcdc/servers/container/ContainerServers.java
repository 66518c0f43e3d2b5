package io.pgcdc.servers.container;

import io.pgcdc.servers.PgServer;
import io.pgcdc.servers.PgServerSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * Provides servers from the official images, with {@code -Dpgcdc.postgres=docker}. The tests that share a server then run against
 * these.
 */
public final class ContainerServers implements PgServerSource {

    private static final int PORT = 5432;

    @Override
    public String name() {
        return "docker";
    }

    @Override
    public PgServer start(int majorVersion, Map<String, String> settings) {
        List<String> command = new ArrayList<>();
        settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        GenericContainer<?> container = new GenericContainer<>("postgres:" + majorVersion)
                .withEnv("POSTGRES_PASSWORD", PgServer.password())
                .withEnv("POSTGRES_INITDB_ARGS", "--locale=C --encoding=UTF8")
                .withCommand(command.toArray(String[]::new))
                .withExposedPorts(PORT)
                // the first message is from the server that creates the database, and that server cannot be reached
                // from outside
                .waitingFor(Wait.forLogMessage(".*database system is ready to accept connections.*", 2)
                        .withStartupTimeout(Duration.ofMinutes(2)));
        container.start();
        return PgServer.running(majorVersion, container.getHost(), container.getMappedPort(PORT), container::stop);
    }
}
