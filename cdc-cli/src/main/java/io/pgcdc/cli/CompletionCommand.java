package io.pgcdc.cli;

import io.pgcdc.cli.completion.FishScript;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a script that completes the command's words in a shell. */
@Command(
        name = "completion",
        description = "Print a script for a shell that completes commands and options.",
        footer = {
            "",
            "bash, zsh:  source <(cdc completion bash)",
            "fish:       cdc completion fish | source",
            "To load it in each shell, write that line into ~/.bashrc, ~/.zshrc or",
            "~/.config/fish/config.fish."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class CompletionCommand implements Callable<Integer> {

    /** The shells. zsh reads the script of bash. */
    enum Shell {
        BASH,
        ZSH,
        FISH
    }

    @Parameters(paramLabel = "bash|zsh|fish", description = "The shell.")
    private Shell shell = Shell.BASH;

    @Mixin
    Verbosity verbosity = new Verbosity();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        CommandLine all = Main.commandLine();
        PrintWriter out = spec.commandLine().getOut();
        out.print(shell == Shell.FISH ? FishScript.of(all) : AutoComplete.bash(all.getCommandName(), all));
        out.flush();
        return 0;
    }
}
