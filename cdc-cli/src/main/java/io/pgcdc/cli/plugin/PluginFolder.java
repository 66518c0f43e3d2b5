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
 * The folder of plugins. Each jar directly in it is a plugin. Each folder in it is a plugin that consists of the jars there. Other
 * files, and names that begin with a dot, are ignored.
 *
 * @param path null if it is not configured
 * @param given true if the user configured it; then it must exist
 */
public record PluginFolder(@Nullable Path path, boolean given) {

    /** The variable in which a user gives the folder. */
    public static final String VARIABLE = "CDC_PLUGINS";

    /** The system property in which the launcher gives the folder beside itself. */
    public static final String PROPERTY = "cdc.plugins";

    private static final String JAR = ".jar";

    /** Returns the folder in the variable, or the launcher's. */
    public static PluginFolder of(Map<String, String> variables) {
        String named = variables.getOrDefault(VARIABLE, "");
        if (!named.isEmpty()) {
            return new PluginFolder(Path.of(named).toAbsolutePath(), true);
        }
        String beside = System.getProperty(PROPERTY, "");
        return new PluginFolder(beside.isEmpty() ? null : Path.of(beside), false);
    }

    /** Describes where plugins are searched, as a sentence without its full stop. */
    public String describe() {
        if (path == null) {
            return "plugins are searched in the folder in the variable " + VARIABLE;
        }
        return "plugins are searched in " + path + (Files.isDirectory(path) ? "" : ", which does not exist");
    }

    /**
     * Returns the plugins in the order of their names; none without a folder.
     *
     * @throws ConfigException CONFIG_BAD_VALUE if the user's folder is not a folder
     * @throws SinkException PLUGIN_UNREADABLE, PLUGIN_WITHOUT_SINK
     */
    public List<Plugin> plugins() {
        if (path == null || !Files.isDirectory(path)) {
            if (given) {
                throw new ConfigException(
                        ErrorCode.CONFIG_BAD_VALUE,
                        VARIABLE + " is \"" + path + "\", which is not a folder; environment. Create it, or unset "
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
                            + "). Give this user read permission: chmod -R a+rX " + folder,
                    e);
        }
    }

    private static boolean isJar(Path entry) {
        return entry.getFileName().toString().endsWith(JAR);
    }
}
