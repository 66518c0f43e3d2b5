package io.pgcdc.setting;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values that their settings' checks accepted. Immutable. */
public final class SettingValues {

    /** No setting is given: all have their defaults. */
    public static final SettingValues NONE = new SettingValues(Map.of());

    private final Map<String, Object> values;

    public SettingValues(Map<String, Object> values) {
        this.values = Map.copyOf(values);
    }

    /** Returns the value or the default of a setting that is required or has a default. */
    public <T> T get(Setting<T> setting) {
        T value = find(setting);
        if (value == null) {
            throw new IllegalStateException("setting " + setting.key() + " has neither value nor default");
        }
        return value;
    }

    /** Returns the value, the default, or null. */
    @SuppressWarnings("unchecked") // values were read by the setting's own type
    public <T> @Nullable T find(Setting<T> setting) {
        Object value = values.get(setting.key());
        return value == null ? setting.defaultValue() : (T) value;
    }

    /** Returns these values with one more, which replaces an earlier value of the setting. Does not check the setting's limits. */
    public <T> SettingValues with(Setting<T> setting, T value) {
        Map<String, Object> all = new HashMap<>(values);
        all.put(setting.key(), value);
        return new SettingValues(all);
    }

    /** Returns these values and those of another section. */
    public SettingValues and(SettingValues other) {
        Map<String, Object> all = new HashMap<>(values);
        all.putAll(other.values);
        return new SettingValues(all);
    }

    /** Returns whether the user gave a value, even if it equals the default. */
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

    /** Returns the keys only: values may be secret. */
    @Override
    public String toString() {
        return "SettingValues" + values.keySet();
    }
}
