package io.pgcdc.cli;

/**
 * A command that another jar adds to {@code cdc}, found through {@link java.util.ServiceLoader}. It is looked for only when the command
 * line asks for help, or for a command that is not {@code cdc}'s own: a start pays nothing for it.
 */
public interface AddedCommand {

    /**
     * Returns a new object with picocli's {@code @Command}, which has the command's name. Mix {@link Verbosity} in, and give {@link
     * StopSignal} what to do on a signal.
     */
    Object make();
}
