package io.pgcdc.cli;

import io.pgcdc.cli.config.ConfigLoader;
import io.pgcdc.cli.config.Environment;
import io.pgcdc.cli.config.Flags;
import io.pgcdc.delivery.SinkConfig;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.model.Lsn;
import io.pgcdc.model.Position;
import io.pgcdc.pipeline.PipelineConfig;
import io.pgcdc.sinks.kafka.KafkaSinkProvider;
import io.pgcdc.sinks.kafka.delivery.DebeziumOffset;
import io.pgcdc.sinks.kafka.delivery.PlaceFinder;
import io.pgcdc.sinks.kafka.delivery.Takeover;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Continues a slot and topics of Debezium. */
@Command(
        name = "adopt",
        description = "Continue the slot and the topics of a stopped Debezium connector, at its last offset.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "The configuration has the connector's slot and publication, and a sink of",
            "type kafka with format: debezium and the topic.prefix as prefix. The slot does",
            "not move; cdc run continues from it.",
            "",
            "Example:",
            "  cdc slot adopt -c cdc.yaml --offsets-topic connect-offsets"
        })
final class AdoptCommand implements Callable<Integer> {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            required = true,
            description = "Configuration file (cdc.yaml).")
    private Path file = Path.of("cdc.yaml");

    @Option(
            names = "--sink-name",
            paramLabel = "NAME",
            description = "The sink that continues; required if several are of type kafka.")
    private @Nullable String sinkName;

    @Option(
            names = "--offsets-topic",
            paramLabel = "TOPIC",
            defaultValue = "connect-offsets",
            description = "The topic of the connector's offset (offset.storage.topic); ${DEFAULT-VALUE}.")
    private String offsetsTopic = "";

    @Option(
            names = "--connector",
            paramLabel = "NAME",
            description = "The connector's name; required if several share the topic.prefix.")
    private @Nullable String connector;

    @Option(
            names = "--offset",
            paramLabel = "JSON",
            description =
                    "The complete offset itself, if no topic has it: {\"lsn_proc\":…,\"messageType\":…,\"txId\":…}.")
    private @Nullable String offset;

    @Mixin
    private PipelineOption pipeline = new PipelineOption();

    @Mixin
    Verbosity verbosity = new Verbosity();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PipelineConfig config = ConfigLoader.load(
                        file,
                        Flags.of(pipeline.name),
                        Environment.ofProcess(),
                        SinkProviders.ofProcess().byType())
                .one()
                .pipeline();
        SinkConfig sink = sink(config);
        Takeover takeover = new Takeover(sink.name(), new KafkaSinkProvider().complete(sink.settings()));
        String given = offset;
        DebeziumOffset from = given == null ? takeover.offset(offsetsTopic, connector) : DebeziumOffset.parse(given);
        SlotScan scan = SlotScan.find(config, from);
        takeover.adopt(scan.place(), scan.slot());
        report(sink, from, scan);
        return 0;
    }

    private SinkConfig sink(PipelineConfig config) {
        List<SinkConfig> candidates = config.sinks().stream()
                .filter(s -> s.type().equals("kafka"))
                .filter(s -> sinkName == null || s.name().equals(sinkName))
                .toList();
        if (candidates.size() != 1) {
            throw new SinkException(
                    ErrorCode.TAKEOVER_REFUSED,
                    "the configuration has " + (candidates.isEmpty() ? "no sink" : "several sinks") + " of type kafka"
                            + (sinkName == null ? "" : " named \"" + sinkName + "\"")
                            + ". Choose the one that continues with --sink-name.");
        }
        return candidates.get(0);
    }

    private void report(SinkConfig sink, DebeziumOffset from, SlotScan scan) {
        PrintWriter out = spec.commandLine().getOut();
        PlaceFinder place = scan.place();
        long confirmed = scan.slot().confirmedFlushLsn();
        Position sent = place.sent();
        out.println("Debezium's offset is at " + Lsn.toString(from.lsn()) + " of slot \""
                + scan.slot().name() + "\".");
        if (sent == null) {
            out.println("The slot is after that: sink \"" + sink.name() + "\" begins at the slot.");
        } else {
            out.println("Sink \"" + sink.name()
                    + "\" skips the changes that Debezium sent and the slot still has, up to " + sent + ".");
        }
        if (sent == null && Lsn.compare(from.furthestLsn(), confirmed) < 0) {
            out.println("The slot is confirmed up to " + Lsn.toString(confirmed)
                    + ", after the offset. If anything but the connector moved the slot, or recreated it, changes in between"
                    + " were never sent.");
        }
        if (place.sharing() > 1 && from.last() == DebeziumOffset.Last.CHANGE) {
            out.println(place.sharing()
                    + " changes share that LSN (a COPY, a TRUNCATE), and the offset does not tell which was the last:"
                    + " they repeat.");
        }
        out.println("Next: delete the connector, then cdc run -c " + file + ".");
        out.flush();
    }
}
