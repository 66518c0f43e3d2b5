package io.pgcdc.delivery;

import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.json.record.NativeFormat;
import io.pgcdc.queue.DeadLetterLog;
import io.pgcdc.sink.Batch;
import io.pgcdc.sink.RefusedChangeException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes changes that a sink's target refuses to the dead letters, as the sink saw them. The sink's thread. */
public final class DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    private final String sink;
    private final DeadLetterLog file;
    private final NativeFormat format = new NativeFormat();
    private final JsonBuffer line = new JsonBuffer();
    private boolean found;

    public DeadLetters(String sink, DeadLetterLog file) {
        this.sink = sink;
        this.file = file;
    }

    /**
     * Writes the change durably, and logs it.
     *
     * @return false if the batch does not contain it
     */
    boolean add(Batch batch, RefusedChangeException refused) {
        line.clear();
        line.appendAscii("{\"refused_at\":\"").appendAscii(Instant.now().toString());
        line.appendAscii("\",\"error\":");
        appendText(refused.describe());
        line.appendAscii(",\"record\":");
        found = false;
        batch.forEach(change -> {
            if (!found && change.position().equals(refused.position())) {
                found = true;
                format.append(change, line);
            }
        });
        if (found) {
            line.appendByte('}');
            file.add(Arrays.copyOf(line.array(), line.length()));
            LOG.error(
                    "sink {}: the target refused change {}; it is now in {}: {}",
                    sink,
                    refused.position(),
                    file.where(),
                    refused.describe());
        }
        return found;
    }

    private void appendText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        line.appendString(bytes, 0, bytes.length);
    }
}
