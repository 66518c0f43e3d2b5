package io.pgcdc.setting;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names with values that pgcdc passes on without knowing them, in the order in which they were given. Immutable. */
public final class KeyValues implements SettingType.ShownPairs {

    public static final KeyValues NONE = new KeyValues(Map.of());

    /** Replaces a secret value. */
    public static final String MASK = "****";

    private static final Pattern SECRET =
            Pattern.compile("password|passwd|secret|jaas|token|credential|user\\.info|keystore\\.key|passphrase");

    private final Map<String, String> values;
    private final @Nullable Supplier<Map<String, String>> again;

    public KeyValues(Map<String, String> values) {
        this(values, null);
    }

    private KeyValues(Map<String, String> values, @Nullable Supplier<Map<String, String>> again) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        this.again = again;
    }

    /**
     * Returns the same pairs, whose values may change while the program runs: secrets in files.
     *
     * @param reader returns the pairs as they are now; any thread
     */
    public KeyValues readAgainBy(Supplier<Map<String, String>> reader) {
        return new KeyValues(values, reader);
    }

    /**
     * Parses pairs.
     *
     * @param pairs each {@code name=value}
     * @throws IllegalArgumentException with a message that completes "write …"
     */
    static KeyValues parse(List<String> pairs) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals <= 0 || values.put(pair.substring(0, equals), pair.substring(equals + 1)) != null) {
                throw new IllegalArgumentException("each name once, with its value");
            }
        }
        return new KeyValues(values);
    }

    /** Returns the pairs as they were at the start. */
    public Map<String, String> asMap() {
        return values;
    }

    /**
     * Returns the pairs as they are now. Call it for each login.
     *
     * @throws io.pgcdc.error.CdcException PASSWORD_UNAVAILABLE: a file cannot be read now
     */
    public Map<String, String> current() {
        return again == null ? values : again.get();
    }

    /** Returns whether {@link #current} may differ from {@link #asMap}. */
    public boolean mayChange() {
        return again != null;
    }

    /** Returns the pairs for display. Values are masked if their names suggest a secret. */
    @Override
    public Map<String, String> shown() {
        Map<String, String> shown = new LinkedHashMap<>(values);
        shown.replaceAll((name, value) -> SECRET.matcher(name).find() ? MASK : value);
        return shown;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyValues that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    /** Returns the text for display, with secrets masked. */
    @Override
    public String toString() {
        return shown().toString();
    }
}
