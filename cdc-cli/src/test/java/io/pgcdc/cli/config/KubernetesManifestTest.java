package io.pgcdc.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.pgcdc.sink.SinkProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manifest for Kubernetes meets the schema of its API, and its parts fit together. */
class KubernetesManifestTest {

    private static final Path MANIFEST = Path.of("..", "docker", "kubernetes.yaml");

    @TempDir
    Path directory;

    /** Throws an exception if an object is not of the API's schema: unknown and missing fields, and other types. */
    private interface Schema {
        void check(JsonElement element) throws IOException;
    }

    private static final Map<String, Schema> SCHEMAS = Map.of(
            "v1/ConfigMap", V1ConfigMap::validateJsonElement,
            "v1/Secret", V1Secret::validateJsonElement,
            "v1/Service", V1Service::validateJsonElement,
            "apps/v1/StatefulSet", V1StatefulSet::validateJsonElement);

    private static Map<String, ObjectNode> objects() throws IOException {
        Map<String, ObjectNode> objects = new LinkedHashMap<>();
        try (MappingIterator<ObjectNode> all =
                new YAMLMapper().readerFor(ObjectNode.class).readValues(MANIFEST.toFile())) {
            while (all.hasNext()) {
                ObjectNode object = all.next();
                objects.put(
                        object.path("apiVersion").asText() + "/"
                                + object.path("kind").asText(),
                        object);
            }
        }
        return objects;
    }

    private static void check(String type, JsonNode object) throws IOException {
        SCHEMAS.get(type).check(JsonParser.parseString(object.toString()));
    }

    @Test
    void everyObjectMeetsItsSchema() throws IOException {
        Map<String, ObjectNode> objects = objects();
        assertEquals(SCHEMAS.keySet(), objects.keySet());
        for (Map.Entry<String, ObjectNode> object : objects.entrySet()) {
            check(object.getKey(), object.getValue());
        }
    }

    @Test
    void aWrongFieldIsFound() throws IOException {
        ObjectNode set = objects().get("apps/v1/StatefulSet");
        ((ObjectNode) set.at("/spec/template/spec/containers/0")).put("readinesProbe", 1);
        assertThrows(IllegalArgumentException.class, () -> check("apps/v1/StatefulSet", set));
    }

    @Test
    void theConfigurationFitsTheContainer() throws IOException {
        Map<String, ObjectNode> objects = objects();
        Path file = Files.writeString(
                directory.resolve("cdc.yaml"),
                objects.get("v1/ConfigMap").at("/data/cdc.yaml").asText());
        Map<String, SinkProvider> providers = new HashMap<>();
        ServiceLoader.load(SinkProvider.class).forEach(p -> providers.put(p.type(), p));
        LoadedConfig loaded = ConfigLoader.load(
                        file,
                        new Flags(
                                null, null, List.of(), null, List.of(), null, null, null, List.of(), null, null, null),
                        new Environment(Map.of(), "cdc", Path.of("/nowhere"), Path.of("/")),
                        providers)
                .one();
        JsonNode pod = objects.get("apps/v1/StatefulSet").at("/spec/template/spec");
        JsonNode container = pod.at("/containers/0");
        Map<String, String> mounts = new HashMap<>();
        container
                .path("volumeMounts")
                .forEach(mount -> mounts.put(
                        mount.path("name").asText(), mount.path("mountPath").asText()));
        assertTrue(loaded.pipeline().queue().dir().startsWith(mounts.get("queue")));
        assertEquals(mounts.get("conf") + "/cdc.yaml", container.at("/args/2").asText());
        String configuration = Files.readString(file);
        objects.get("v1/Secret")
                .path("stringData")
                .fieldNames()
                .forEachRemaining(name -> assertTrue(configuration.contains(mounts.get("secret") + "/" + name), name));
        int port = container.at("/ports/0/containerPort").asInt();
        assertTrue(configuration.contains(":" + port + "\""));
        assertEquals(port, objects.get("v1/Service").at("/spec/ports/0/port").asInt());
    }
}
