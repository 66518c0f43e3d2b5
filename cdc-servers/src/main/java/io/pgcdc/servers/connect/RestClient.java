package io.pgcdc.servers.connect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.pgcdc.servers.testing.Await;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Sends requests with JSON to a Connect worker. Any thread. */
final class RestClient {

    private static final int FIRST_ERROR = 400;
    private static final int CONFLICT = 409;

    /** A worker gives up a request after 90 s. */
    private static final Duration LONGEST_REQUEST = Duration.ofSeconds(100);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final URI worker;
    private final @Nullable WorkerLogin login;

    /** @param login null: the worker asks for none */
    RestClient(URI worker, @Nullable WorkerLogin login) {
        this.worker = worker;
        this.login = login;
    }

    /** Returns the answer. Repeats the request while a rebalance forbids it. */
    JsonNode ask(String method, String path, @Nullable JsonNode body) {
        AtomicReference<@Nullable JsonNode> answer = new AtomicReference<>();
        Await.until("an answer to " + method + " " + path + " without a rebalance", ConnectRest.LONGEST, () -> {
            try {
                answer.set(askOnce(method, path, body));
                return true;
            } catch (ConnectRestException e) {
                if (e.status() == CONFLICT) {
                    return false;
                }
                throw e;
            }
        });
        return Objects.requireNonNull(answer.get());
    }

    /**
     * Returns the answer; a missing node if it is empty.
     *
     * @throws ConnectRestException the answer is an error
     * @throws UncheckedIOException the worker cannot be reached
     */
    JsonNode askOnce(String method, String path, @Nullable JsonNode body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(worker.resolve(path))
                .timeout(LONGEST_REQUEST)
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()));
        if (login != null) {
            request.header("Authorization", login.header());
        }
        HttpResponse<String> response;
        try {
            response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path + " at " + worker, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new InterruptedIOException(method + " " + path + " was interrupted"));
        }
        if (response.statusCode() >= FIRST_ERROR) {
            throw new ConnectRestException(
                    response.statusCode(), method + " " + path + ": " + response.statusCode() + " " + response.body());
        }
        return parse(response.body());
    }

    private static JsonNode parse(String text) {
        try {
            return text.isEmpty() ? MissingNode.getInstance() : JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("the worker's answer is no JSON: " + text, e);
        }
    }
}
