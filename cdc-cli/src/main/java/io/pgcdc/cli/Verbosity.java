package io.pgcdc.cli;

import picocli.CommandLine.Option;

/** Options of every command, as a mixin. */
public final class Verbosity {

    // Main reads it before picocli does, because logging must be set up first
    @Option(names = "--verbose", description = "Log in detail on stderr, and print stack traces.")
    boolean verbose;
}
