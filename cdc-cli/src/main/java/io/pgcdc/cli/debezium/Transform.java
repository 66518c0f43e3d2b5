package io.pgcdc.cli.debezium;

import io.pgcdc.setting.SettingType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One transform of the connector's records.
 *
 * @param name the first part of its options: {@code transforms.route}
 * @param type its class
 * @param options by their names after that part, without {@code type}
 */
record Transform(String name, String type, Map<String, Option> options) {

    private static final String LIST = "transforms";

    /** Returns the transforms in the order in which they are applied. */
    static List<Transform> of(Map<String, Option> all) {
        Option list = all.get(LIST);
        List<Transform> transforms = new ArrayList<>();
        for (String name : list == null ? List.<String>of() : SettingType.split(list.text())) {
            String start = LIST + "." + name + ".";
            Map<String, Option> own = new LinkedHashMap<>();
            all.forEach((option, value) -> {
                if (option.startsWith(start)) {
                    own.put(option.substring(start.length()), value);
                }
            });
            Option type = own.remove("type");
            if (!name.isEmpty()) {
                transforms.add(new Transform(
                        LIST + "." + name, type == null ? "" : type.text().strip(), own));
            }
        }
        return transforms;
    }

    /** Returns true if the option is one of a transform or a predicate, or names some. */
    static boolean has(String option) {
        return option.equals(LIST)
                || option.startsWith(LIST + ".")
                || option.equals("predicates")
                || option.startsWith("predicates.");
    }

    String text(String option, String otherwise) {
        Option given = options.get(option);
        return given == null || given.text().isBlank()
                ? otherwise
                : given.text().strip();
    }
}
