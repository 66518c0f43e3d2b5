package io.pgcdc.setting;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One setting of the configuration.
 *
 * @param key as written in {@code cdc.yaml}, with the unit if there is one ({@code flush_interval_ms})
 * @param type how its text is read, and its limits
 * @param defaultValue null if the setting is required; if {@code required} is false, null means "not set"
 * @param secret true if the value is never printed
 * @param doc one or two sentences for the reference
 */
public record Setting<T>(
        String key, SettingType<T> type, @Nullable T defaultValue, boolean required, boolean secret, String doc) {

    public static <T> Setting<T> of(String key, SettingType<T> type, T defaultValue, String doc) {
        return new Setting<>(key, type, defaultValue, false, false, doc);
    }

    public static <T> Setting<T> required(String key, SettingType<T> type, String doc) {
        return new Setting<>(key, type, null, true, false, doc);
    }

    public static <T> Setting<T> optional(String key, SettingType<T> type, String doc) {
        return new Setting<>(key, type, null, false, false, doc);
    }

    public Setting<T> asSecret() {
        return new Setting<>(key, type, defaultValue, required, true, doc);
    }

    /**
     * Reads a value. A list may be empty only if the default is: there, "none" means something.
     *
     * @param texts one text, or the elements of a list
     * @throws IllegalArgumentException with a message that completes "write …"
     */
    public T read(List<String> texts) {
        T none = defaultValue;
        return texts.isEmpty() && none != null && none.equals(List.of()) ? none : type.read(texts);
    }
}
