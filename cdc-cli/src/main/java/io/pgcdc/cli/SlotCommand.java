package io.pgcdc.cli;

import picocli.CommandLine.Command;

/** What is done with a replication slot apart from reading it. */
@Command(
        name = "slot",
        description = "Look after a replication slot.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {AdoptCommand.class})
final class SlotCommand {}
