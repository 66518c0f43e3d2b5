package io.pgcdc.cli;

/**
 * A command that another jar adds to {@code cdc}. {@code cdc} finds it through {@link java.util.ServiceLoader}. It searches only if the
 * command line asks for help, or for a command that {@code cdc} does not have. Other command lines do not take longer.
 */
public interface AddedCommand {

    /**
     * Returns a new object whose class has picocli's {@code @Command}. The annotation gives the command's name. Add
     * {@link Verbosity} as a mixin. Pass the action for SIGTERM and SIGINT to {@link StopSignal#onStop}.
     */
    Object make();
}
