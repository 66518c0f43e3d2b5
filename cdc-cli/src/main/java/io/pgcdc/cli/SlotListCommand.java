package io.pgcdc.cli;

import io.pgcdc.catalog.SlotAdmin;
import io.pgcdc.model.Lsn;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows the slots of a server. */
@Command(
        name = "list",
        description = "Show all slots of the server: who uses them, and how much WAL they hold.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class SlotListCommand implements Callable<Integer> {

    private static final int NAME = 24;

    @Mixin
    private SlotOptions options = new SlotOptions();

    @Mixin
    Verbosity verbosity = new Verbosity();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        List<SlotAdmin.Slot> slots = options.with(SlotAdmin::list);
        PrintWriter out = spec.commandLine().getOut();
        if (slots.isEmpty()) {
            out.println("the server has no replication slot");
        } else {
            out.println(line("SLOT", "PLUGIN", "DATABASE", "USED BY", "CONFIRMED", "WAL"));
        }
        for (SlotAdmin.Slot slot : slots) {
            out.println(line(
                    slot.name(),
                    slot.plugin(),
                    slot.database().isEmpty() ? "-" : slot.database(),
                    slot.activePid() == null ? "nobody" : "pid " + slot.activePid(),
                    slot.confirmedLsn() == Lsn.INVALID ? "-" : Lsn.toString(slot.confirmedLsn()),
                    slot.walStatus().equals("lost") ? "lost" : Amounts.bytes(slot.retainedBytes())));
        }
        out.flush();
        return 0;
    }

    private static String line(String name, String plugin, String database, String user, String lsn, String wal) {
        return String.format(
                Locale.ROOT, "%-" + NAME + "s %-9s %-13s %-11s %-10s %7s", name, plugin, database, user, lsn, wal);
    }
}
