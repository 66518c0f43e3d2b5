package io.pgcdc.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.runtime.isolation.PluginClassLoader;
import org.apache.kafka.connect.runtime.isolation.Plugins;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** The packaged plugin in class loaders of its own. */
class PluginLoadingIT {

    private static final String CONNECTOR = "io.pgcdc.connect.PostgresSourceConnector";

    private static final Map<String, String> PROPERTIES = Map.of(
            "name", "shop",
            "source.url", "postgresql://cdc@localhost:1/shop",
            "source.slot", "shop_cdc",
            "source.publications", "shop_pub",
            "prefix", "shop",
            "where", "new.id > 1",
            "format", "outbox");

    @Test
    void theWorkerFindsItByItsService() throws Exception {
        Plugins plugins = new Plugins(
                Map.of("plugin.path", PackagedPlugin.path().toString(), "plugin.discovery", "service_load"));
        var found = plugins.sourceConnectors().stream()
                .filter(plugin -> plugin.location().startsWith("file:"))
                .toList();
        assertEquals(1, found.size(), found::toString);
        assertEquals(CONNECTOR, found.get(0).className());
        assertEquals(Version.text(), found.get(0).version());

        // the tests' class path has the connector too, so ask for the plugin's
        Connector connector =
                found.get(0).pluginClass().getDeclaredConstructor().newInstance();
        ClassLoader loader = connector.getClass().getClassLoader();
        assertTrue(loader instanceof PluginClassLoader, loader::toString);
        assertNotSame(PostgresSourceConnector.class, connector.getClass());
        assertSame(loader, connector.taskClass().getClassLoader());
        for (String own : List.of(
                "io.pgcdc.connect.config.ConnectorConfig",
                "io.pgcdc.pipeline.Pipeline",
                "io.pgcdc.model.Change",
                "org.postgresql.Driver",
                "dev.cel.runtime.CelRuntime",
                "org.apache.avro.Schema")) {
            assertSame(loader, Class.forName(own, false, loader).getClassLoader(), own);
        }
        assertSame(Connector.class, Class.forName(Connector.class.getName(), false, loader));
        assertSame(Logger.class, Class.forName(Logger.class.getName(), false, loader));
        assertTrue(connector.config().names().contains("source.url"));
        assertUnreachable(connector.validate(PROPERTIES).configValues().stream()
                .filter(value -> !value.errorMessages().isEmpty())
                .map(value -> value.name() + ": " + value.errorMessages())
                .toList());
    }

    @Test
    void itNeedsOnlyTheApiToDescribeItself() throws Exception {
        List<URL> worker = new ArrayList<>();
        for (Class<?> shared : List.of(Connector.class, ConfigDef.class, Logger.class)) {
            worker.add(shared.getProtectionDomain().getCodeSource().getLocation());
        }
        try (URLClassLoader api = new URLClassLoader(worker.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
                URLClassLoader plugin = new URLClassLoader(PackagedPlugin.urls(PackagedPlugin.jars()), api)) {
            Object connector =
                    Class.forName(CONNECTOR, true, plugin).getConstructor().newInstance();
            assertEquals(Version.text(), call(connector, "version"));
            assertTrue(((Collection<?>) call(call(connector, "config"), "names")).contains("source.url"));
            Object config =
                    connector.getClass().getMethod("validate", Map.class).invoke(connector, PROPERTIES);
            assertNotSame(Config.class, config.getClass());
            List<String> errors = new ArrayList<>();
            for (Object value : (List<?>) call(config, "configValues")) {
                List<?> messages = (List<?>) call(value, "errorMessages");
                if (!messages.isEmpty()) {
                    errors.add(call(value, "name") + ": " + messages);
                }
            }
            assertUnreachable(errors);
        }
    }

    /** The properties are right, and the driver was found: only the server does not answer. */
    private static void assertUnreachable(List<String> errors) {
        assertEquals(1, errors.size(), errors::toString);
        assertTrue(errors.get(0).startsWith("source.url: [CDC-101 "), errors::toString);
    }

    private static Object call(Object on, String method) throws ReflectiveOperationException {
        return on.getClass().getMethod(method).invoke(on);
    }
}
