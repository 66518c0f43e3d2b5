package io.pgcdc.race.ready;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A record of a topic, as text.
 *
 * @param topic without the prefix that differs from run to run
 * @param key the text of its UTF-8 bytes, as of all others
 * @param headers by name
 */
public record Sample(String topic, String key, String value, Map<String, String> headers) {

    /** Writes samples into a file for {@link #read}. */
    public static void write(List<Sample> samples, Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeInt(samples.size());
            for (Sample sample : samples) {
                out.writeUTF(sample.topic);
                writeText(sample.key, out);
                writeText(sample.value, out);
                out.writeInt(sample.headers.size());
                for (Map.Entry<String, String> header : sample.headers.entrySet()) {
                    out.writeUTF(header.getKey());
                    out.writeUTF(header.getValue());
                }
            }
        }
    }

    /** Reads all samples of a file. */
    public static List<Sample> read(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            int count = in.readInt();
            List<Sample> samples = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                String topic = in.readUTF();
                String key = readText(in);
                String value = readText(in);
                Map<String, String> headers = new LinkedHashMap<>();
                for (int left = in.readInt(); left > 0; left--) {
                    headers.put(in.readUTF(), in.readUTF());
                }
                samples.add(new Sample(topic, key, value, headers));
            }
            return samples;
        }
    }

    /** For texts longer than writeUTF can write. */
    private static void writeText(String text, DataOutputStream out) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), UTF_8);
    }
}
