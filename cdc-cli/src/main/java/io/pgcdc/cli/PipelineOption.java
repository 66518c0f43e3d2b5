package io.pgcdc.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names one of a file's pipelines, as a mixin. */
final class PipelineOption {

    /** Null: not given. */
    @Option(names = "--pipeline", paramLabel = "NAME", description = "One of the file's pipelines, if it has several.")
    @Nullable
    String name;
}
