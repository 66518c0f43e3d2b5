package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Commands of other jars: the test's class path has one. */
class AddedCommandTest {

    private static final AtomicInteger MADE = new AtomicInteger();

    /** Named in META-INF/services. */
    public static final class Brought implements AddedCommand {

        @Override
        public Object make() {
            MADE.incrementAndGet();
            return new Greeting();
        }
    }

    @Command(name = "greet", description = "Say hello.")
    static final class Greeting implements Runnable {

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public void run() {
            spec.commandLine().getOut().println("hello");
        }
    }

    @Test
    void anAddedCommandRuns() {
        assertEquals(new CommandRun(0, "hello" + System.lineSeparator(), ""), CommandRun.of(List.of("greet")));
    }

    @Test
    void theHelpListsIt() {
        for (List<String> arguments : List.of(List.of("--help"), List.of("help"), List.<String>of())) {
            String help = CommandRun.of(arguments).stdout();
            assertTrue(help.matches("(?s).*\n  greet +Say hello\\.\n.*"), help);
        }
    }

    @Test
    void aStartLooksForNone() {
        int before = MADE.get();
        for (String own : List.of("run", "config", "slot", "--version", "-V")) {
            CommandRun.of(List.of(own));
        }
        assertEquals(before, MADE.get());
    }

    @Test
    void aDemoThatIsNotInstalledIsNamed() {
        CommandRun run = CommandRun.of(List.of("demo", "--changes", "10"));
        assertEquals(2, run.exitCode());
        assertEquals(
                "CDC-001 this installation of cdc has no demo; command line. Run ./cdc demo in pgcdc's source tree."
                        + System.lineSeparator(),
                run.stderr());
    }
}
