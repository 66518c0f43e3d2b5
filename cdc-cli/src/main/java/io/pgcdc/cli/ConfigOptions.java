package io.pgcdc.cli;

import io.pgcdc.cli.config.Flags;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that configure a pipeline. A flag overrides the file. */
final class ConfigOptions {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Configuration file (cdc.yaml).")
    @Nullable
    Path file;

    @Option(
            names = "--source",
            paramLabel = "URL",
            description =
                    "The database to read from: postgresql://user@host:port/database, a JDBC URL, or \"host=… dbname=…\".")
    private @Nullable String source;

    @Option(names = "--slot", paramLabel = "NAME", description = "Replication slot.")
    private @Nullable String slot;

    @Option(names = "--publication", paramLabel = "NAME", description = "Publication; may be repeated.")
    private List<String> publications = new ArrayList<>();

    @Option(names = "--queue-dir", paramLabel = "DIR", description = "Directory of the local queue.")
    private @Nullable String queueDir;

    @Option(
            names = "--sink",
            paramLabel = "TYPE",
            description = "The type of the sink: stdout, or another one that needs no settings. A feed needs a file.")
    private List<String> sinks = new ArrayList<>();

    @Option(names = "--format", paramLabel = "FORMAT", description = "The sink's format; stdout: auto, json, compact.")
    private @Nullable String format;

    @Option(
            names = "--create-slot",
            description = "Create the slot if it does not exist.",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false")
    private @Nullable Boolean createSlot;

    @Option(
            names = "--create-publication",
            description = "Create missing publications, for the tables of --table or for all tables.",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false")
    private @Nullable Boolean createPublication;

    @Option(
            names = "--table",
            paramLabel = "SCHEMA.TABLE",
            description = "Table of the publication to create; may be repeated.")
    private List<String> tables = new ArrayList<>();

    @Option(
            names = "--snapshot",
            paramLabel = "MODE",
            description =
                    "initial: begin with the rows that exist, when the slot is created; only: end after them; never.")
    private @Nullable String snapshot;

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            description = "Serve the console, feeds, metrics, health and status there, for example at 127.0.0.1:9187.")
    private @Nullable String http;

    @Mixin
    private PipelineOption pipeline = new PipelineOption();

    Flags flags() {
        return new Flags(
                source,
                slot,
                publications,
                queueDir,
                sinks,
                format,
                createSlot,
                createPublication,
                tables,
                snapshot,
                http,
                pipeline.name);
    }
}
