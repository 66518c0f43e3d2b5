package io.pgcdc.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shells that load the scripts complete what a user types. */
class CompletionTest {

    @TempDir
    Path directory;

    private static boolean isInstalled(String shell) {
        return List.of("/bin/", "/usr/bin/", "/usr/local/bin/").stream()
                .anyMatch(place -> Files.isExecutable(Path.of(place + shell)));
    }

    private Path script(String shell) throws Exception {
        CommandRun run = CommandRun.of(List.of("completion", shell));
        assertEquals(0, run.exitCode(), run.stderr());
        return Files.writeString(directory.resolve("cdc." + shell), run.stdout());
    }

    private static Set<String> run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        Set<String> words = new TreeSet<>();
        said.lines().forEach(line -> words.add(line.split("\t", -1)[0].strip()));
        words.remove("");
        return words;
    }

    /** Returns what bash offers for the last of the words. */
    private Set<String> bash(Path script, String... words) throws Exception {
        String program = "source '" + script + "'; COMP_WORDS=(" + String.join(" ", words) + "); COMP_CWORD="
                + (words.length - 1)
                + "; COMP_LINE=\"${COMP_WORDS[*]}\"; COMP_POINT=${#COMP_LINE}; $(complete -p cdc | sed 's/.*-F \\([^ ]*\\) .*/\\1/');"
                + " printf '%s\\n' \"${COMPREPLY[@]}\"";
        return run(List.of("bash", "--norc", "-c", program));
    }

    private static Set<String> fish(Path script, String line) throws Exception {
        return run(
                List.of("fish", "--no-config", "-c", "source " + script + "; complete --do-complete '" + line + "'"));
    }

    @Test
    void bashCompletesCommandsAndOptions() throws Exception {
        Path script = script("bash");
        assertEquals(Set.of("slot"), bash(script, "cdc", "sl"));
        assertEquals(Set.of("--queue-dir"), bash(script, "cdc", "run", "--qu"));
        assertEquals(Set.of("from-debezium"), bash(script, "cdc", "config", "fr"));
        assertEquals(Set.of("--new-slot"), bash(script, "cdc", "config", "from-debezium", "--n"));
    }

    @Test
    void zshHasTheScriptOfBash() throws Exception {
        Path script = script("zsh");
        assertEquals(Files.readString(script("bash")), Files.readString(script));
        assertTrue(Files.readString(script).contains("bashcompinit"));
    }

    @Test
    void zshLoadsIt() throws Exception {
        assumeTrue(isInstalled("zsh"), "zsh is not installed");
        String program = "source '" + script("zsh") + "'; print ${_comps[cdc]}";
        assertTrue(String.join(" ", run(List.of("zsh", "-f", "-c", program))).contains("cdc"));
    }

    @Test
    void theScriptOfFishHasEveryCommand() throws Exception {
        String script = Files.readString(script("fish"));
        assertTrue(script.contains("-a slot -d 'Commands for a replication slot.'\n"), script);
        assertTrue(
                script.contains("-n '__cdc_at \"run\" \"\"' -l queue-dir -r -d 'Directory of the local queue.'\n"),
                script);
        assertTrue(script.contains("-n '__cdc_at \"config from-debezium\" \"\"' -l new-slot"), script);
        assertTrue(script.contains("-s c -l config -r -F -d 'Configuration file (cdc.yaml).'\n"), script);
        assertTrue(script.contains(" -a 'bash zsh fish'"), script);
    }

    @Test
    void fishCompletesCommandsAndOptions() throws Exception {
        assumeTrue(isInstalled("fish"), "fish is not installed");
        Path script = script("fish");
        assertEquals(Set.of("slot"), fish(script, "cdc sl"));
        assertEquals(Set.of("--queue-dir"), fish(script, "cdc run --qu"));
        assertEquals(Set.of("from-debezium"), fish(script, "cdc config fr"));
        assertEquals(Set.of("--new-slot"), fish(script, "cdc config from-debezium --n"));
    }
}
