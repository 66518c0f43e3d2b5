package io.pgcdc.cli;

import io.pgcdc.cli.config.Environment;
import io.pgcdc.cli.debezium.DebeziumConversion;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a configuration of a Debezium connector's. */
@Command(
        name = "from-debezium",
        description = {
            "Print a cdc.yaml made of the configuration of a Debezium PostgreSQL connector.",
            "Each option is taken over, or a comment at the end says why not."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class FromDebeziumCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "FILE",
            description = {
                "The connector's JSON (GET /connectors/NAME), its properties,",
                "Debezium Server's application.properties, or the YAML of a KafkaConnector."
            })
    private Path file = Path.of("");

    @Option(
            names = "--new-slot",
            description = "Create slot and publication, and begin with the rows that exist, as the options say."
                    + " Without this flag, pgcdc goes on with the connector's slot.")
    private boolean newSlot;

    @Mixin
    Verbosity verbosity = new Verbosity();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        DebeziumConversion.Converted converted =
                DebeziumConversion.convert(file, Environment.ofProcess().directory(), newSlot);
        PrintWriter out = spec.commandLine().getOut();
        out.print(converted.yaml());
        out.flush();
        if (converted.lacking() > 0) {
            PrintWriter err = spec.commandLine().getErr();
            Prose.print(
                    err,
                    "cdc: " + converted.lacking() + (converted.lacking() == 1 ? " option is" : " options are")
                            + " not taken over. The end of the output names "
                            + (converted.lacking() == 1 ? "it." : "them."));
            err.flush();
        }
        return 0;
    }
}
