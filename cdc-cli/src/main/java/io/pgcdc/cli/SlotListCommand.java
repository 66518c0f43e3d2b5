package io.pgcdc.cli;

import io.pgcdc.catalog.SlotAdmin;
import io.pgcdc.model.Lsn;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
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

    private static final List<String> HEAD = List.of("SLOT", "PLUGIN", "DATABASE", "USED BY", "CONFIRMED", "WAL");
    private static final int NAME = 0;
    private static final int DATABASE = 2;
    private static final int SHORTEST_NAME = 16;
    private static final int SHORTEST_DATABASE = 8;

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
            List<List<String>> rows = new ArrayList<>(List.of(HEAD));
            slots.forEach(slot -> rows.add(row(slot)));
            int[] widths = widths(rows);
            rows.forEach(row -> out.println(line(row, widths)));
        }
        out.flush();
        return 0;
    }

    private static List<String> row(SlotAdmin.Slot slot) {
        return List.of(
                slot.name(),
                slot.plugin(),
                slot.database().isEmpty() ? "-" : slot.database(),
                slot.activePid() == null ? "nobody" : "pid " + slot.activePid(),
                slot.confirmedLsn() == Lsn.INVALID ? "-" : Lsn.toString(slot.confirmedLsn()),
                slot.walStatus().equals("lost") ? "lost" : Amounts.bytes(slot.retainedBytes()));
    }

    /** Returns the widths of the columns. On a terminal that is too narrow the names are cut. */
    private static int[] widths(List<List<String>> rows) {
        int[] widths = new int[HEAD.size()];
        int all = HEAD.size() - 1;
        for (int column = 0; column < widths.length; column++) {
            for (List<String> row : rows) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
            all += widths[column];
        }
        int over = Math.max(0, all - Prose.columns());
        int ofDatabase = Math.min(over, Math.max(0, widths[DATABASE] - SHORTEST_DATABASE));
        widths[DATABASE] -= ofDatabase;
        widths[NAME] = Math.max(Math.min(widths[NAME], SHORTEST_NAME), widths[NAME] - (over - ofDatabase));
        return widths;
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = row.get(column);
            int width = widths[column];
            String shown = cell.length() <= width ? cell : cell.substring(0, width - 1) + "~";
            String space = " ".repeat(width - shown.length());
            boolean last = column == widths.length - 1;
            line.append(column == 0 ? "" : " ").append(last ? space + shown : shown + space);
        }
        return line.toString();
    }
}
