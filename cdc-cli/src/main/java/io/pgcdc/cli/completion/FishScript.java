package io.pgcdc.cli.completion;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Writes the completions of a command for fish: a line for each subcommand and each option, with the place where it may stand. */
public final class FishScript {

    /** True where the words before the cursor, without options, begin with a path, and none of the path's subcommands follows. */
    private static final String AT = """
            function __NAME_at -a path children
                set -l words (string match -v -- '-*' (commandline -opc))[2..-1]
                set -l wanted (string split -n ' ' -- "$path")
                set -l depth (count $wanted)
                test (count $words) -ge $depth; or return 1
                if test $depth -gt 0
                    test "$words[1..$depth]" = "$path"; or return 1
                end
                set -l next $words[(math $depth + 1)]
                test -z "$next"; or not contains -- "$next" (string split -n ' ' -- "$children")
            end
            """;

    private final StringBuilder out = new StringBuilder();
    private final String name;

    private FishScript(String name) {
        this.name = name;
    }

    /** Returns the script. */
    public static String of(CommandLine commandLine) {
        FishScript script = new FishScript(commandLine.getCommandName());
        script.out.append("# Completions of ").append(script.name).append(" for fish. Load them with:\n");
        script.out.append("#   ").append(script.name).append(" completion fish | source\n");
        script.out.append(AT.replace("NAME", script.name));
        script.out.append("complete -c ").append(script.name).append(" -f\n");
        script.command(List.of(), commandLine);
        return script.out.toString();
    }

    private void command(List<String> path, CommandLine commandLine) {
        CommandSpec spec = commandLine.getCommandSpec();
        Map<String, CommandLine> children = new LinkedHashMap<>(spec.subcommands());
        children.values()
                .removeIf(child -> child.getCommandSpec().usageMessage().hidden());
        String place = " -n "
                + quoted("__" + name + "_at \"" + String.join(" ", path) + "\" \"" + String.join(" ", children.keySet())
                        + "\"");
        children.forEach((child, sub) -> line(place + " -a " + child
                + description(sub.getCommandSpec().usageMessage().description())));
        for (OptionSpec option : spec.options()) {
            if (!option.hidden()) {
                line(place + names(option) + value(option) + description(option.description()));
            }
        }
        spec.positionalParameters().forEach(parameter -> {
            String values = value(parameter);
            if (!values.isEmpty() && children.isEmpty()) {
                line(place + values.replace(" -r", ""));
            }
        });
        children.forEach((child, sub) -> {
            List<String> longer = new ArrayList<>(path);
            longer.add(child);
            command(longer, sub);
        });
    }

    private void line(String rest) {
        out.append("complete -c ").append(name).append(rest).append('\n');
    }

    private static String names(OptionSpec option) {
        StringBuilder names = new StringBuilder();
        for (String one : option.names()) {
            names.append(one.startsWith("--") ? " -l " + one.substring(2) : " -s " + one.substring(1));
        }
        return names.toString();
    }

    /** Returns what completes a value: a file, or one of its choices. */
    private static String value(ArgSpec argument) {
        if (argument.arity().max() == 0) {
            return "";
        }
        if (argument.type().equals(Path.class)) {
            return " -r -F";
        }
        List<String> choices = new ArrayList<>();
        if (argument.completionCandidates() != null) {
            argument.completionCandidates().forEach(choices::add);
        }
        String needed = argument.arity().min() == 0 ? "" : " -r";
        return choices.isEmpty()
                ? needed
                : needed + " -a " + quoted(String.join(" ", choices).toLowerCase(Locale.ROOT));
    }

    private static String description(String[] lines) {
        return lines.length == 0 ? "" : " -d " + quoted(String.format(String.join(" ", lines)));
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
