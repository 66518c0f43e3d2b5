package io.pgcdc.cli;

import picocli.CommandLine.Command;

/** The commands of a queue's directory. A pipeline may run on it: they only read. */
@Command(
        name = "queue",
        description = "Look into a queue's directory. A pipeline may run on it.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {QueueInfoCommand.class, QueueVerifyCommand.class, QueueCatCommand.class})
final class QueueCommand {}
