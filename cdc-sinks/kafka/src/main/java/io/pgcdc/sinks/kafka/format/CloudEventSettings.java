package io.pgcdc.sinks.kafka.format;

import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.setting.SettingValues;
import io.pgcdc.sink.SourceId;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The settings of {@code format: cloudevents}. */
final class CloudEventSettings {

    private static final Pattern TYPE_WORDS = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

    static final Setting<CloudEventMode> MODE = Setting.of(
            "cloudevents_mode",
            SettingType.choice(CloudEventMode.class),
            CloudEventMode.STRUCTURED,
            "CloudEvents: `structured`: the whole event is the record's value, one JSON object. It is complete even if"
                    + " headers get lost. `binary`: the value is only the native record, and the event's attributes are headers `ce_…`.");

    private static final Setting<URI> SOURCE = Setting.optional(
            "cloudevents_source",
            SettingType.one("URI", "", CloudEventSettings::uri),
            "CloudEvents: the attribute `source`. If not set: `/postgresql/SYSTEM_IDENTIFIER/DATABASE/SLOT`, because ids are"
                    + " unique within a slot.");

    static final Setting<String> TYPE = Setting.of(
            "cloudevents_type",
            SettingType.text(TYPE_WORDS, "words of letters, digits, _ and -, separated by points"),
            "io.pgcdc.change",
            "CloudEvents: the first part of the attribute `type`; `.insert`, `.update`, `.delete`, `.truncate` or `.message` follows.");

    static final List<Setting<?>> ALL = List.of(MODE, SOURCE, TYPE);

    private CloudEventSettings() {}

    /** Returns this format's defaults of general settings. Our headers are off, because the event already contains their values. */
    static SettingValues defaults() {
        return new SettingValues(Map.of(FormatSettings.HEADERS.key(), false));
    }

    static URI source(SettingValues settings, SourceId from) {
        URI given = settings.find(SOURCE);
        if (given != null) {
            return given;
        }
        try {
            String path = "/postgresql/" + from.systemIdentifier() + "/" + from.database() + "/" + from.slot();
            return new URI(new URI(null, null, path, null).toASCIIString());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a path that is quoted is a URI", e);
        }
    }

    private static URI uri(String text) {
        try {
            URI uri = new URI(text);
            if (!text.isEmpty()) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("a URI, such as https://example.org/shop or /shop", e);
        }
        throw new IllegalArgumentException("a URI, such as https://example.org/shop or /shop");
    }
}
