package io.pgcdc.testkit.pipeline;

import io.pgcdc.address.ServerUrl;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.queue.ConfirmPolicy;
import io.pgcdc.queue.FullPolicy;
import io.pgcdc.queue.QueueConfig;
import io.pgcdc.servers.process.ServerProcess;
import io.pgcdc.source.SourceConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A configuration that reconnects, for servers of a test's own. */
final class TestConfig {

    private TestConfig() {}

    static String url(String database, ServerProcess... hosts) {
        return Arrays.stream(hosts)
                .map(host -> "localhost:" + host.port())
                .collect(Collectors.joining(",", "postgresql://postgres@", "/" + database));
    }

    static PipelineConfig of(String url, String slot, Path queue) {
        return new PipelineConfig(
                slot,
                new SourceConfig(
                        ServerUrl.parse(url, Map.of(), "postgres"),
                        slot,
                        List.of("everything"),
                        true,
                        false,
                        true,
                        List.of(),
                        500,
                        20_000,
                        5_000,
                        true,
                        0),
                new QueueConfig(
                        queue,
                        ConfirmPolicy.SINKS,
                        1 << 20,
                        20_000,
                        20,
                        64 << 20,
                        20,
                        64 << 20,
                        1 << 20,
                        0,
                        0,
                        FullPolicy.PAUSE,
                        false),
                1 << 20,
                List.of());
    }
}
