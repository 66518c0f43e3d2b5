package io.pgcdc.cli.config;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.model.ColumnName;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingReader;
import io.pgcdc.view.Mask;
import io.pgcdc.view.MaskedColumn;
import io.pgcdc.view.RouteConfig;
import io.pgcdc.view.RouteSettings;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks what the settings of a sink's routing say together, and against the source's. */
final class RouteReader {

    private final @Nullable List<String> slotPublications;
    private final Problems problems;

    /** @param slotPublications null when they could not be read */
    RouteReader(@Nullable List<String> slotPublications, Problems problems) {
        this.slotPublications = slotPublications;
        this.problems = problems;
    }

    void check(SinkReader.Sink sink) {
        RouteConfig route = sink.config().route();
        String where = "sink " + SettingReader.quote(sink.config().name());
        checkPublications(sink, route, where);
        checkColumns(sink, route, where);
        boolean hashes = route.masks().stream().anyMatch(m -> m.mask() instanceof Mask.Hash);
        boolean salted = sink.section().values().isGiven(RouteSettings.MASK_SALT);
        if (hashes && !salted && !sink.section().given().containsKey(RouteSettings.MASK_SALT.key())) {
            problems.add(
                    ErrorCode.CONFIG_MISSING,
                    sink.section().origin(RouteSettings.MASK),
                    where + " hashes without mask_salt; write mask_salt: ${env:MASK_SALT}, at least 16 characters");
        } else if (salted && !hashes && !sink.section().given().containsKey(RouteSettings.MASK.key())) {
            conflict(
                    sink,
                    RouteSettings.MASK_SALT,
                    where + ": mask_salt has no effect without a mask hash; leave it out");
        }
    }

    private void checkPublications(SinkReader.Sink sink, RouteConfig route, String where) {
        List<String> known = slotPublications;
        if (known == null) {
            return;
        }
        for (String publication : route.publications()) {
            if (!known.contains(publication)) {
                conflict(
                        sink,
                        RouteSettings.PUBLICATIONS,
                        where + ": publication " + SettingReader.quote(publication)
                                + " is not one of source.publications; known are " + String.join(", ", known));
            }
        }
    }

    private void checkColumns(SinkReader.Sink sink, RouteConfig route, String where) {
        Set<ColumnName> named = new HashSet<>(route.excludeColumns());
        for (MaskedColumn masked : route.masks()) {
            if (!named.add(masked.column())) {
                conflict(
                        sink,
                        RouteSettings.MASK,
                        where + ": " + masked.column()
                                + " is to be left out or masked in two ways; name it once, in exclude_columns or in mask");
            }
        }
    }

    private void conflict(SinkReader.Sink sink, Setting<?> setting, String message) {
        problems.add(ErrorCode.CONFIG_CONFLICT, sink.section().origin(setting), message);
    }
}
