package io.pgcdc.dist;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The man page of a command and all its subcommands, in roff's man macros, from picocli's description of it. */
final class ManPage {

    private static final String ENVIRONMENT = """
            .SH ENVIRONMENT
            .TP
            .B CDC_JAVA_OPTS
            Further options of the JVM, such as \\-Xmx1g.
            .TP
            .B CDC_PLUGINS
            The folder of plugins. Without it: the folder plugins of the installation.
            .TP
            .B CDC_CACHE_DIR
            A folder for what speeds up a start, if the installation is read\\-only. Without it: ~/.cache/pgcdc.
            .TP
            .B JAVA_HOME
            The Java to run on, 17 or newer. Without it: the first java in PATH.
            .TP
            .B PGPASSWORD, PGPASSFILE, PGHOST, PGSERVICE, \\&...
            As for libpq.
            """;

    private final StringBuilder page = new StringBuilder();

    private ManPage() {}

    /** Returns the page. The date is the one that it shows, as 2026-01-01. */
    static String of(CommandLine command, String version, String date) {
        ManPage made = new ManPage();
        made.write(command, version, date);
        return made.page.toString();
    }

    private void write(CommandLine command, String version, String date) {
        CommandSpec spec = command.getCommandSpec();
        page.append(".TH ").append(spec.name().toUpperCase(Locale.ROOT)).append(" 1 ");
        page.append('"').append(date).append("\" \"pgcdc ").append(version).append("\" \"pgcdc\"\n");
        page.append(".SH NAME\n").append(spec.name()).append(" \\- ");
        text(description(spec));
        page.append(".SH SYNOPSIS\n");
        synopsis(command);
        arguments(spec, ".SH OPTIONS\n");
        page.append(".SH COMMANDS\n");
        subcommands(command);
        page.append(".SH EXIT STATUS\n");
        for (String line : spec.usageMessage().footer()) {
            if (!line.isEmpty()) {
                text(line);
            }
        }
        page.append(ENVIRONMENT);
    }

    private void subcommands(CommandLine command) {
        for (Map.Entry<String, CommandLine> entry : command.getSubcommands().entrySet()) {
            CommandSpec spec = entry.getValue().getCommandSpec();
            if (spec.usageMessage().hidden()) {
                continue;
            }
            page.append(".SS ").append(escaped(spec.qualifiedName())).append('\n');
            synopsis(entry.getValue());
            page.append(".PP\n");
            text(description(spec));
            arguments(spec, "");
            subcommands(entry.getValue());
        }
    }

    private void synopsis(CommandLine command) {
        String lines = command.getHelp().synopsis(0);
        text(Ansi.OFF.string(lines).replaceAll("\\s+", " ").strip());
    }

    private void arguments(CommandSpec spec, String heading) {
        List<OptionSpec> options =
                spec.options().stream().filter(option -> !option.hidden()).toList();
        if (!options.isEmpty()) {
            page.append(heading);
        }
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            if (!parameter.hidden()) {
                argument(parameter.paramLabel(), parameter.description());
            }
        }
        for (OptionSpec option : options) {
            String names = String.join(", ", option.names());
            String label = option.arity().max() == 0 ? "" : " " + option.paramLabel();
            argument(names + label, option.description());
        }
    }

    private void argument(String name, String[] description) {
        page.append(".TP\n.B ").append(escaped(name)).append('\n');
        text(String.join(" ", description));
    }

    private static String description(CommandSpec spec) {
        return String.join(" ", spec.usageMessage().description());
    }

    private void text(String text) {
        String plain = Ansi.OFF.string(text.replace("%n", "\n").replace("%%", "%"));
        page.append(plain.lines().map(ManPage::escaped).collect(Collectors.joining("\n.br\n")))
                .append('\n');
    }

    /** A line that begins with a dot or an apostrophe would be a request to roff, which reads ASCII. */
    private static String escaped(String line) {
        StringBuilder safe = new StringBuilder();
        line.codePoints().forEach(point -> {
            switch (point) {
                case '\\' -> safe.append("\\e");
                case '-' -> safe.append("\\-");
                default -> {
                    if (point < 128) {
                        safe.append((char) point);
                    } else {
                        safe.append(String.format("\\[u%04X]", point));
                    }
                }
            }
        });
        return line.startsWith(".") || line.startsWith("'") ? "\\&" + safe : safe.toString();
    }
}
