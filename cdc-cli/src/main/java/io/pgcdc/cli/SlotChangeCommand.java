package io.pgcdc.cli;

import io.pgcdc.catalog.SlotAdmin;
import io.pgcdc.model.Lsn;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Creates a slot, or changes one that nobody uses. */
abstract class SlotChangeCommand implements Callable<Integer> {

    private static final int REFUSED = 1;

    @Mixin
    SlotOptions options = new SlotOptions();

    @Mixin
    Verbosity verbosity = new Verbosity();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        boolean changed = options.with(this::change);
        if (!changed) {
            say("nothing was done");
        }
        return changed ? 0 : REFUSED;
    }

    /** Returns false if the person said no. */
    abstract boolean change(SlotAdmin slots);

    final void say(String text) {
        spec.commandLine().getOut().println(text);
        spec.commandLine().getOut().flush();
    }

    @Command(
            name = "create",
            description = {
                "Create the slot. From then on the server keeps changes for it.",
                "cdc run --create-slot does the same, and can begin with the rows that exist."
            },
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class Create extends SlotChangeCommand {
        @Override
        boolean change(SlotAdmin slots) {
            long from = slots.create(options.name());
            say("slot " + options.name() + " keeps the changes after " + Lsn.toString(from));
            return true;
        }
    }

    @Command(
            name = "drop",
            description = "Drop a slot that nobody uses. The server then keeps no changes for it.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class Drop extends SlotChangeCommand {

        @Option(names = "--yes", description = "Do not ask.")
        private boolean yes;

        @Override
        boolean change(SlotAdmin slots) {
            SlotAdmin.Slot slot = options.unused(slots);
            if (!yes
                    && !Question.ask(
                            spec,
                            "slot " + slot.name() + " holds " + Amounts.bytes(slot.retainedBytes())
                                    + " of WAL. A pipeline that uses it cannot go on: it has to begin anew. Drop it?")) {
                return false;
            }
            slots.drop(slot.name());
            say("slot " + slot.name() + " is dropped");
            return true;
        }
    }

    @Command(
            name = "advance",
            description = {
                "Make a slot that nobody uses forget changes. They are lost for its pipeline.",
                "The next cdc run names the gap, and wants --accept-gap."
            },
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class Advance extends SlotChangeCommand {

        @Option(
                names = "--to",
                paramLabel = "LSN",
                required = true,
                description = "Forget what was committed up to here.")
        private String to = "";

        @Option(names = "--yes", description = "Do not ask.")
        private boolean yes;

        @Override
        boolean change(SlotAdmin slots) {
            long target = target();
            SlotAdmin.Slot slot = options.unused(slots);
            if (Lsn.compare(target, slot.confirmedLsn()) <= 0) {
                say("slot " + slot.name() + " is at " + Lsn.toString(slot.confirmedLsn()) + " already");
                return true;
            }
            if (!yes
                    && !Question.ask(
                            spec,
                            "the changes between " + Lsn.toString(slot.confirmedLsn()) + " and " + Lsn.toString(target)
                                    + " that the queue does not have are lost. Advance slot " + slot.name() + "?")) {
                return false;
            }
            say("slot " + slot.name() + " is at " + Lsn.toString(slots.advance(slot.name(), target)));
            return true;
        }

        private long target() {
            try {
                return Lsn.parse(to);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), "--to " + to + " is no LSN, such as 0/1A2B3C8");
            }
        }
    }
}
