package io.pgcdc.sinks.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.json.bytes.JsonBuffer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Gets the ids of Avro schemas from a registry (Confluent, "Schema Registry API Reference":
 * {@code POST /subjects/{subject}/versions} registers, {@code POST /subjects/{subject}} looks up). Does not cache ids: the caller
 * asks once per schema. For one thread.
 */
public final class SchemaRegistry {

    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final int FEW_CHARS = 500;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String sink;
    private final RegistryAddress address;
    private final boolean register;

    /** The client with the address's own truststore; null until it is needed. */
    private @Nullable HttpClient client;

    /**
     * Creates the object. The first call of {@link #id} connects.
     *
     * @param sink the sink's name, for error messages
     * @param register true to register schemas that the registry lacks; false if a missing schema is an error
     */
    public SchemaRegistry(String sink, RegistryAddress address, boolean register) {
        this.sink = sink;
        this.address = address;
        this.register = register;
    }

    /**
     * Returns the id of a schema under a subject. Waits for the registry, at most {@link #ANSWER}.
     *
     * @param of the table or other source of the schema, for error messages
     * @throws SinkException TARGET_LOST if the registry does not answer or fails; TARGET_LOGIN_REFUSED if it refuses the login, or
     *     TLS fails; TARGET_PRIVILEGE_MISSING if it denies access; TARGET_MISFIT if it refuses the schema; TARGET_MISSING if it
     *     lacks the schema and the sink does not register schemas
     */
    public int id(String subject, String schema, String of) {
        String path = "/subjects/"
                + URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20")
                + (register ? "/versions" : "");
        JsonBuffer body = new JsonBuffer();
        body.appendAscii("{\"schema\":").appendString(schema).appendByte('}');
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address.url() + path))
                .timeout(ANSWER)
                .header("Content-Type", CONTENT_TYPE)
                .header("Accept", CONTENT_TYPE + ", application/json")
                .POST(BodyPublishers.ofByteArray(body.array(), 0, body.length()));
        String user = address.user();
        if (user != null) {
            byte[] login = (user + ":" + address.password()).getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(login));
        }
        HttpResponse<String> answer = send(request.build(), subject);
        return id(answer, new Question(subject, of));
    }

    /** The subject and the source of the schema, for error messages. */
    private record Question(String subject, String of) {}

    private HttpResponse<String> send(HttpRequest request, String subject) {
        try {
            return client().send(request, BodyHandlers.ofString());
        } catch (SSLHandshakeException e) {
            throw new SinkException(
                    ErrorCode.TARGET_LOGIN_REFUSED,
                    "sink \"" + sink + "\": TLS connection to the schema registry failed; " + where()
                            + ". It said: "
                            + e.getMessage()
                            + ". Give the file of trusted certificates with ssl.truststore.location of schema_registry, or"
                            + " correct its url.",
                    e);
        } catch (IOException e) {
            String said = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new SinkException(
                    ErrorCode.TARGET_LOST,
                    "sink \"" + sink + "\": the schema registry does not answer for subject " + subject
                            + "; " + where() + ". It said: " + said
                            + ". The sink tries again; check that the registry runs, and the url of schema_registry.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SinkException(
                    ErrorCode.TARGET_LOST,
                    "sink \"" + sink + "\": stopped during a request to the schema registry; " + where() + ".",
                    e);
        }
    }

    private HttpClient client() {
        String truststore = address.truststore();
        if (truststore == null) {
            return Common.CLIENT;
        }
        HttpClient made = client;
        if (made == null) {
            made = builder()
                    .sslContext(Truststore.context(sink, truststore, address.truststorePassword()))
                    .build();
            client = made;
        }
        return made;
    }

    private static HttpClient.Builder builder() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(ANSWER);
    }

    /**
     * Holds the client that all registries without their own truststore share. Each client has a thread, which ends some time after
     * the client.
     */
    private static final class Common {
        private static final HttpClient CLIENT = builder().build();
    }

    private int id(HttpResponse<String> answer, Question question) {
        int status = answer.statusCode();
        JsonNode json = json(answer.body());
        if (status == 200 && json != null && json.path("id").isInt()) {
            return json.path("id").intValue();
        }
        boolean unknown =
                json != null && json.path("error_code").asInt() / 100 == 404; // 40401 a subject, 40403 a schema
        throw error(status, unknown, said(answer.body(), json), question);
    }

    /**
     * Returns the error for an HTTP status.
     *
     * @param unknown true if the registry says that it lacks the subject or schema. If false, a 404 may come from another server
     */
    private SinkException error(int status, boolean unknown, String said, Question question) {
        String at = "; " + where() + ". It said: " + said;
        String of = "the schema of " + question.of + " under subject " + question.subject;
        return switch (status) {
            case 401 ->
                error(
                        ErrorCode.TARGET_LOGIN_REFUSED,
                        "the schema registry refuses the login" + at
                                + " Correct user and password of schema_registry.");
            case 403 ->
                error(
                        ErrorCode.TARGET_PRIVILEGE_MISSING,
                        "the schema registry does not allow " + (register ? "registering " : "looking up ") + of + at
                                + " Give its user that right" + (register ? ", or write auto_register: false." : "."));
            case 404 ->
                unknown && !register
                        ? error(
                                ErrorCode.TARGET_MISSING,
                                "the schema registry does not have " + of + at
                                        + " Register it, or write auto_register: true.")
                        : error(
                                ErrorCode.TARGET_MISFIT,
                                "there is no interface of a schema registry" + at
                                        + " Correct the url of schema_registry: it may need a path, such as Apicurio's"
                                        + " /apis/ccompat/v7.");
            case 409 ->
                error(
                        ErrorCode.TARGET_MISFIT,
                        "the schema registry says that " + of + " is not compatible with earlier ones" + at
                                + " Lower the subject's compatibility there, delete the subject, write the altered column as"
                                + " text with text_columns, or send the table to another topic with topic_rules. Tables that"
                                + " share a topic need subject_naming: topic_record.");
            case 422 -> error(ErrorCode.TARGET_MISFIT, "the schema registry refuses " + of + at + " Report it.");
            default ->
                status == 408 || status == 429 || status >= 500
                        ? error(
                                ErrorCode.TARGET_LOST,
                                "the schema registry failed with status " + status + " for subject " + question.subject
                                        + at + " The sink tries again.")
                        : error(
                                ErrorCode.TARGET_MISFIT,
                                "the server is not a schema registry: status " + status + at
                                        + " Correct the url of schema_registry.");
        };
    }

    private SinkException error(ErrorCode code, String message) {
        return new SinkException(code, "sink \"" + sink + "\": " + message);
    }

    private String where() {
        return "registry at " + address.url();
    }

    private static @Nullable JsonNode json(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static String said(String body, @Nullable JsonNode json) {
        String message = json == null ? body : json.path("message").asText(body);
        String few = message.length() <= FEW_CHARS ? message : message.substring(0, FEW_CHARS) + "…";
        String text = few.isBlank() ? "nothing" : few.strip();
        return text.endsWith(".") ? text : text + ".";
    }
}
