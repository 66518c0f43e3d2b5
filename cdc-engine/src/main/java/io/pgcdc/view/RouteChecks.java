package io.pgcdc.view;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.model.ColumnName;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.Section;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingReader;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks a sink's routing settings against each other and against the source's. */
public final class RouteChecks {

    private final @Nullable List<String> slotPublications;
    private final Problems problems;

    /** @param slotPublications null if they could not be read */
    public RouteChecks(@Nullable List<String> slotPublications, Problems problems) {
        this.slotPublications = slotPublications;
        this.problems = problems;
    }

    /** @param section the sink's settings */
    public void check(String name, RouteConfig route, Section section) {
        String where = "sink " + SettingReader.quote(name);
        checkPublications(section, route, where);
        checkColumns(section, route, where);
        boolean hashes = route.masks().stream().anyMatch(m -> m.mask() instanceof Mask.Hash);
        boolean salted = section.values().isGiven(RouteSettings.MASK_SALT);
        if (hashes && !salted && !section.given().containsKey(RouteSettings.MASK_SALT.key())) {
            problems.add(
                    ErrorCode.CONFIG_MISSING,
                    section.place(RouteSettings.MASK),
                    where
                            + " uses the mask hash without mask_salt; write mask_salt: ${env:MASK_SALT}, at least 16 characters");
        } else if (salted && !hashes && !section.given().containsKey(RouteSettings.MASK.key())) {
            conflict(
                    section,
                    RouteSettings.MASK_SALT,
                    where + ": mask_salt has no effect without the mask hash; remove it");
        }
    }

    private void checkPublications(Section section, RouteConfig route, String where) {
        List<String> known = slotPublications;
        if (known == null) {
            return;
        }
        for (String publication : route.publications()) {
            if (!known.contains(publication)) {
                conflict(
                        section,
                        RouteSettings.PUBLICATIONS,
                        where + ": publication " + SettingReader.quote(publication)
                                + " is not one of source.publications; known names are " + String.join(", ", known));
            }
        }
    }

    private void checkColumns(Section section, RouteConfig route, String where) {
        Set<ColumnName> named = new HashSet<>(route.excludeColumns());
        for (MaskedColumn masked : route.masks()) {
            if (!named.add(masked.column())) {
                conflict(
                        section,
                        RouteSettings.MASK,
                        where + ": " + masked.column()
                                + " is excluded or masked twice; list it once, in exclude_columns or in mask");
            }
        }
    }

    private void conflict(Section section, Setting<?> setting, String message) {
        section.conflict(setting, message, problems);
    }
}
