package org.example.http;

import io.pgcdc.json.record.NativeFormat;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SinkContext;
import io.pgcdc.sink.SinkProvider;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;

/** {@code type: http}. */
public final class HttpSinkProvider implements SinkProvider {

    static final Setting<URI> URL = Setting.required(
            "url", SettingType.one("URL", "http://… or https://…", HttpSinkProvider::url), "Where changes are posted.");

    @Override
    public String type() {
        return "http";
    }

    @Override
    public List<Setting<?>> settings() {
        return List.of(URL);
    }

    @Override
    public Sink create(SinkContext context, SettingValues settings) {
        return new HttpSink(settings.get(URL), HttpClient.newHttpClient(), new NativeFormat());
    }

    private static URI url(String text) {
        if (!text.matches("https?://[^/].*")) {
            throw new IllegalArgumentException("an address that begins with http:// or https://");
        }
        return URI.create(text);
    }
}
