package org.example.http;

import io.pgcdc.json.record.NativeFormat;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.Sink;
import io.pgcdc.sink.SinkContext;
import io.pgcdc.sink.SinkProvider;
import java.net.URI;
import java.net.URISyntaxException;
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
        try {
            URI url = new URI(text);
            if (url.getHost() != null && text.startsWith("http")) {
                return url;
            }
        } catch (URISyntaxException e) {
            // said below, as of any other text
        }
        throw new IllegalArgumentException("an address such as http://localhost:8080/changes");
    }
}
