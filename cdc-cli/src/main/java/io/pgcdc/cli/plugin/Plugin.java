package io.pgcdc.cli.plugin;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.sink.SinkProvider;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/** Jars that belong together, in their own class loader, which lives as long as the process. */
public final class Plugin {

    private static final String SERVICE = "META-INF/services/" + SinkProvider.class.getName();

    private static final ClassLoader SHARED = new SharedClasses(SinkProvider.class.getClassLoader());

    private final Path place;
    private final PluginCode code;

    private Plugin(Path place, PluginCode code) {
        this.place = place;
        this.code = code;
    }

    /**
     * Inspects the jars, without loading classes.
     *
     * @param place the jar itself, or the folder of the jars
     * @throws SinkException PLUGIN_UNREADABLE, PLUGIN_WITHOUT_SINK
     */
    static Plugin open(Path place, List<Path> jars) {
        boolean provides = false;
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            provides |= provides(jar);
            urls.add(url(jar));
        }
        if (!provides) {
            throw new SinkException(
                    ErrorCode.PLUGIN_WITHOUT_SINK,
                    "plugin " + place + " contains no sink: it has no " + SERVICE
                            + ". Write the name of the provider's class into that file of the jar; or, if this is a library,"
                            + " put it in the folder of the plugin that needs it.");
        }
        URLClassLoader classes = new URLClassLoader("plugin " + place, urls.toArray(URL[]::new), SHARED);
        return new Plugin(place, new PluginCode(place, classes));
    }

    private static boolean provides(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getEntry(SERVICE) != null;
        } catch (IOException e) {
            throw new SinkException(
                    ErrorCode.PLUGIN_UNREADABLE,
                    "a plugin's jar, " + jar + ", cannot be read (" + e.getMessage()
                            + "). Copy it again, readable for this user: jar tf " + jar + " lists its content.",
                    e);
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the jar or the folder. */
    public Path place() {
        return place;
    }

    /**
     * Creates its providers. They and their sinks run under the plugin's class loader.
     *
     * @throws SinkException PLUGIN_BROKEN
     */
    public List<SinkProvider> providers() {
        try {
            return code.call(() -> ServiceLoader.load(SinkProvider.class, code.classes()).stream()
                    .map(provider -> code.guard(SinkProvider.class, provider.get()))
                    .collect(Collectors.toList()));
        } catch (ServiceConfigurationError e) {
            throw code.broken(e);
        }
    }
}
