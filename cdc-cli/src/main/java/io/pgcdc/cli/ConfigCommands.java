package io.pgcdc.cli;

import io.pgcdc.cli.config.ConfigLoader;
import io.pgcdc.cli.config.ConfigSchema;
import io.pgcdc.cli.config.ConfigText;
import io.pgcdc.cli.config.Environment;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Commands about configurations in general. They connect to nothing and change nothing. */
final class ConfigCommands {

    private ConfigCommands() {}

    /** Checks a configuration. */
    @Command(
            name = "validate",
            description =
                    "Check a configuration and print no value of it. Exit code 0: cdc run accepts it; 2: it does not.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class Validate implements Callable<Integer> {

        @Mixin
        private ConfigOptions options = new ConfigOptions();

        @Mixin
        Verbosity verbosity = new Verbosity();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            ConfigLoader.load(
                    options.file,
                    options.flags(),
                    Environment.ofProcess(),
                    SinkProviders.ofProcess().byType());
            PrintWriter out = spec.commandLine().getOut();
            out.println("ok");
            out.flush();
            return 0;
        }
    }

    /** Prints the settings with their meaning. */
    @Command(
            name = "reference",
            description = "Print all settings with type, default and meaning, or those of one name.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class Reference implements Callable<Integer> {

        @Parameters(
                arity = "0..1",
                paramLabel = "NAME",
                description = "A setting (queue.dir, kafka.format, dir) or a section (queue, kafka).")
        private @Nullable String name;

        @Mixin
        Verbosity verbosity = new Verbosity();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            var providers = SinkProviders.ofProcess().byType().values();
            PrintWriter out = spec.commandLine().getOut();
            out.print(
                    name == null
                            ? ConfigText.all(providers, Screen.columns())
                            : ConfigText.one(name, providers, Screen.columns()));
            out.flush();
            return 0;
        }
    }

    /** Prints a JSON Schema for editors. */
    @Command(
            name = "schema",
            description = "Print a JSON Schema of cdc.yaml, for editors.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class Schema implements Callable<Integer> {

        @Mixin
        Verbosity verbosity = new Verbosity();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            PrintWriter out = spec.commandLine().getOut();
            out.print(ConfigSchema.generate(SinkProviders.ofProcess().byType().values()));
            out.flush();
            return 0;
        }
    }
}
