package io.pgcdc.setting;

import java.util.List;
import java.util.Map;

/**
 * A value as the user wrote it, before any check.
 *
 * @param label the name in messages: {@code source.slot}, {@code --slot}
 * @param texts one text, or the elements of a list
 * @param shape ONE: a single text, which is split at commas if the setting is a list; LIST: elements that are not split; MAPPING:
 *     texts {@code name=value}; SECTIONS: no texts
 * @param hidden true if it must not be shown: the text came from a {@code ${env:..}} or {@code ${file:..}} reference
 * @param key the place of the key, for problems with an unknown key
 * @param origin the place of the value
 * @param sections for shape SECTIONS, what each element has, by key; else empty
 */
public record Given(
        String label,
        List<String> texts,
        SettingType.Shape shape,
        boolean hidden,
        Place key,
        Place origin,
        List<Map<String, Given>> sections) {

    public Given {
        texts = List.copyOf(texts);
        sections = List.copyOf(sections);
    }

    public Given(String label, List<String> texts, SettingType.Shape shape, boolean hidden, Place key, Place origin) {
        this(label, texts, shape, hidden, key, origin, List.of());
    }

    /** @param sections what each element has, by key */
    public static Given sections(String label, List<Map<String, Given>> sections, Place key, Place origin) {
        boolean hidden = sections.stream().flatMap(s -> s.values().stream()).anyMatch(Given::hidden);
        return new Given(label, List.of(), SettingType.Shape.SECTIONS, hidden, key, origin, sections);
    }

    public static Given text(String label, String text, Place origin) {
        return new Given(label, List.of(text), SettingType.Shape.ONE, false, origin, origin);
    }

    public static Given list(String label, List<String> texts, Place origin) {
        return new Given(label, texts, SettingType.Shape.LIST, false, origin, origin);
    }
}
