package io.pgcdc.cli;

import io.pgcdc.cli.config.ConfigLoader;
import io.pgcdc.cli.config.ConfigView;
import io.pgcdc.cli.config.Environment;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows the effective configuration; its subcommands answer other questions about one. */
@Command(
        name = "config",
        description = "Check a configuration and show its effective values; connects to nothing and changes nothing.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        subcommands = {
            ConfigCommands.Validate.class,
            ConfigCommands.Reference.class,
            ConfigCommands.Schema.class,
            FromDebeziumCommand.class
        })
final class ConfigCommand implements Callable<Integer> {

    @Mixin
    private ConfigOptions options = new ConfigOptions();

    @Mixin
    Verbosity verbosity = new Verbosity();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine()
                .getOut()
                .print(ConfigView.render(ConfigLoader.load(
                        options.file,
                        options.flags(),
                        Environment.ofProcess(),
                        SinkProviders.ofProcess().byType())));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
