package io.pgcdc.cli;

import picocli.CommandLine.Command;

/** The commands of a replication slot, apart from reading it. */
@Command(
        name = "slot",
        description = "Commands for a replication slot.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SlotListCommand.class,
            SlotChangeCommand.Create.class,
            SlotChangeCommand.Drop.class,
            SlotChangeCommand.Advance.class,
            AdoptCommand.class
        })
final class SlotCommand {}
