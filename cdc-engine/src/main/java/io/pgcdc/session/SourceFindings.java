package io.pgcdc.session;

import io.pgcdc.error.Finding;
import io.pgcdc.error.SourceException;
import java.util.List;

/** What checks of a source found, as an error. */
public final class SourceFindings {

    private SourceFindings() {}

    /** @throws SourceException for the first that is fatal */
    public static void requireNoneFatal(List<Finding> findings) {
        for (Finding finding : findings) {
            if (finding.severity() == Finding.Severity.FATAL) {
                throw new SourceException(finding.code(), finding.message());
            }
        }
    }
}
