package io.pgcdc.cli;

/**
 * A command that another jar adds to {@code cdc}, found through {@link java.util.ServiceLoader}. It is searched only if the command
 * line asks for help, or for a command that {@code cdc} does not have. Other starts pay nothing for it.
 */
public interface AddedCommand {

    /**
     * Returns a new object with picocli's {@code @Command}, which has the command's name. Add {@link Verbosity} as a mixin, and
     * give {@link StopSignal} the action on a signal.
     */
    Object make();
}
