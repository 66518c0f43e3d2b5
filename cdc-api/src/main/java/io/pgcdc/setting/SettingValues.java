package io.pgcdc.setting;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of settings, already checked. Immutable. */
public final class SettingValues {

    /** No values are given: each setting has its default. */
    public static final SettingValues NONE = new SettingValues(Map.of());

    private final Map<String, Object> values;

    public SettingValues(Map<String, Object> values) {
        this.values = Map.copyOf(values);
    }

    /**
     * Returns the setting's value, or its default if none is given.
     *
     * @throws IllegalStateException if there is neither; use {@link #find} for a setting that is optional and has no default
     */
    public <T> T get(Setting<T> setting) {
        T value = find(setting);
        if (value == null) {
            throw new IllegalStateException("setting " + setting.key() + " has neither value nor default");
        }
        return value;
    }

    /** Returns the setting's value, or its default if none is given, or null if there is no default. */
    @SuppressWarnings("unchecked") // the setting's own type created the value
    public <T> @Nullable T find(Setting<T> setting) {
        Object value = values.get(setting.key());
        return value == null ? setting.defaultValue() : (T) value;
    }

    /** Returns a copy in which the setting has this value. Does not check the setting's limits. */
    public <T> SettingValues with(Setting<T> setting, T value) {
        Map<String, Object> all = new HashMap<>(values);
        all.put(setting.key(), value);
        return new SettingValues(all);
    }

    /** Returns a copy that also has the values of another section. If both have a key, the other's value counts. */
    public SettingValues and(SettingValues other) {
        Map<String, Object> all = new HashMap<>(values);
        all.putAll(other.values);
        return new SettingValues(all);
    }

    /** Returns true if the user gave a value, even if it equals the default. */
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

    /** Returns only the keys, because values may be secret. */
    @Override
    public String toString() {
        return "SettingValues" + values.keySet();
    }
}
