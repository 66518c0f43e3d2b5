package io.pgcdc.cli.plugin;

import io.pgcdc.error.ConfigException;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of plugins. Each jar directly in it is a plugin, and so is each folder in it, of all the jars that lie there. Other files,
 * and names that begin with a dot, count for nothing.
 *
 * @param path null: nobody said where it is
 * @param given whether the user named it; then it must be there
 */
public record PluginFolder(@Nullable Path path, boolean given) {

    /** The variable with which a user names the folder. */
    public static final String VARIABLE = "CDC_PLUGINS";

    /** The system property with which the launcher names the folder beside itself. */
    public static final String PROPERTY = "cdc.plugins";

    private static final String JAR = ".jar";

    /** Returns the folder that the variable names, or else the launcher's. */
    public static PluginFolder of(Map<String, String> variables) {
        String named = variables.getOrDefault(VARIABLE, "");
        if (!named.isEmpty()) {
            return new PluginFolder(Path.of(named).toAbsolutePath(), true);
        }
        String beside = System.getProperty(PROPERTY, "");
        return new PluginFolder(beside.isEmpty() ? null : Path.of(beside), false);
    }

    /** Says where plugins are looked for, as a sentence without its full stop. */
    public String describe() {
        if (path == null) {
            return "plugins are looked for in the folder that " + VARIABLE + " names";
        }
        return "plugins are looked for in " + path + (Files.isDirectory(path) ? "" : ", which does not exist");
    }

    /**
     * Returns the plugins in the order of their names; none without a folder.
     *
     * @throws ConfigException CONFIG_BAD_VALUE if the user named a folder that is none
     * @throws SinkException PLUGIN_UNREADABLE, PLUGIN_WITHOUT_SINK
     */
    public List<Plugin> plugins() {
        if (path == null || !Files.isDirectory(path)) {
            if (given) {
                throw new ConfigException(
                        ErrorCode.CONFIG_BAD_VALUE,
                        VARIABLE + " is \"" + path + "\", which is no folder; environment. Make it, or unset "
                                + VARIABLE + ".");
            }
            return List.of();
        }
        return list(path).stream()
                .filter(entry -> Files.isDirectory(entry) || isJar(entry))
                .map(PluginFolder::plugin)
                .toList();
    }

    private static Plugin plugin(Path place) {
        return Plugin.open(
                place,
                Files.isDirectory(place)
                        ? list(place).stream().filter(PluginFolder::isJar).toList()
                        : List.of(place));
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> !entry.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new SinkException(
                    ErrorCode.PLUGIN_UNREADABLE,
                    "the folder of plugins " + folder + " cannot be read (" + e
                            + "). Give this user leave to: chmod -R a+rX " + folder,
                    e);
        }
    }

    private static boolean isJar(Path entry) {
        return entry.getFileName().toString().endsWith(JAR);
    }
}
