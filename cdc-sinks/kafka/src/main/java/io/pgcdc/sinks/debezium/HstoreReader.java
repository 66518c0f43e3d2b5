package io.pgcdc.sinks.debezium;

import io.pgcdc.sinks.object.ValueReader;
import io.pgcdc.sinks.text.Misfit;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads hstore, {@code "a"=>"1", "b"=>NULL}, as a map in the server's order. */
final class HstoreReader implements ValueReader {

    private static final int NULL_LENGTH = "NULL".length();

    private final ByteArrayOutputStream unescaped = new ByteArrayOutputStream();
    private byte[] text = {};
    private int start;
    private int at;
    private int end;

    @Override
    public Map<String, @Nullable String> read(byte[] b, int offset, int length) {
        text = b;
        start = offset;
        at = offset;
        end = offset + length;
        Map<String, @Nullable String> map = new LinkedHashMap<>();
        while (at < end) {
            String key = string();
            skip('=');
            skip('>');
            if (at < end && text[at] == 'N') {
                at += NULL_LENGTH;
                map.put(key, null);
            } else {
                map.put(key, string());
            }
            if (at < end) {
                skip(',');
                skip(' ');
            }
        }
        return map;
    }

    private String string() {
        skip('"');
        int from = at;
        boolean escaped = false;
        for (; at < end && text[at] != '"'; at++) {
            if (text[at] == '\\') {
                escaped = true;
                at++;
            }
        }
        int to = at;
        skip('"');
        return escaped ? unescape(from, to) : new String(text, from, to - from, StandardCharsets.UTF_8);
    }

    private String unescape(int from, int to) {
        unescaped.reset();
        for (int i = from; i < to; i++) {
            if (text[i] == '\\') {
                i++;
            }
            unescaped.write(text[i]);
        }
        return unescaped.toString(StandardCharsets.UTF_8);
    }

    private void skip(char expected) {
        if (at >= end || text[at] != expected) {
            throw Misfit.of("hstore", at - start);
        }
        at++;
    }
}
