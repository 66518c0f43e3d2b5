package io.pgcdc.setting;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values that passed their settings' checks. Immutable. */
public final class SettingValues {

    /** No setting is given: each has its default. */
    public static final SettingValues NONE = new SettingValues(Map.of());

    private final Map<String, Object> values;

    public SettingValues(Map<String, Object> values) {
        this.values = Map.copyOf(values);
    }

    /** The value, or the default; for a setting that has one or is required. */
    public <T> T get(Setting<T> setting) {
        T value = find(setting);
        if (value == null) {
            throw new IllegalStateException("setting " + setting.key() + " has neither value nor default");
        }
        return value;
    }

    /** The value, or the default, or null. */
    @SuppressWarnings("unchecked") // values were read by the setting's own type
    public <T> @Nullable T find(Setting<T> setting) {
        Object value = values.get(setting.key());
        return value == null ? setting.defaultValue() : (T) value;
    }

    /** Returns these and one more, in place of the one that was given for the setting. The setting's limits are not checked. */
    public <T> SettingValues with(Setting<T> setting, T value) {
        Map<String, Object> all = new HashMap<>(values);
        all.put(setting.key(), value);
        return new SettingValues(all);
    }

    /** These, and those of another section. */
    public SettingValues and(SettingValues other) {
        Map<String, Object> all = new HashMap<>(values);
        all.putAll(other.values);
        return new SettingValues(all);
    }

    /** Whether the user gave a value, be it the default's own. */
    public boolean isGiven(Setting<?> setting) {
        return values.containsKey(setting.key());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SettingValues that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** The keys only: values may be secret. */
    @Override
    public String toString() {
        return "SettingValues" + values.keySet();
    }
}
