package org.example.http;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SinkException;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.NativeFormat;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.Durability;
import io.pgcdc.sink.Sink;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Posts each batch as JSON lines. A status of 200 to 299 says that the receiver has it on disk. A batch may come twice. */
record HttpSink(URI url, HttpClient client, NativeFormat format) implements Sink {

    @Override
    public Durability write(Batch batch) {
        JsonBuffer lines = new JsonBuffer();
        batch.forEach(change -> format.append(change, lines.length() == 0 ? lines : lines.appendByte('\n')));
        return lines.length() == 0 ? Durability.DURABLE : post(lines.toByteArray());
    }

    private Durability post(byte[] body) {
        HttpRequest request = HttpRequest.newBuilder(url)
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        String failure;
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 == 2) {
                return Durability.DURABLE;
            }
            failure = "answers " + answer.statusCode();
        } catch (IOException e) {
            failure = "does not answer (" + e + ")";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = "did not answer before the stop";
        }
        throw new SinkException(ErrorCode.TARGET_LOST, url + " " + failure + ". Look whether it works.");
    }

    @Override
    public Durability flush() {
        return Durability.DURABLE;
    }

    @Override
    public void close() {}
}
