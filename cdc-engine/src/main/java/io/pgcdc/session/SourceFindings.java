package io.pgcdc.session;

import io.pgcdc.error.Finding;
import io.pgcdc.error.SourceException;
import java.util.List;

/** Throws an error for findings of the source's checks. */
public final class SourceFindings {

    private SourceFindings() {}

    /** @throws SourceException for the first fatal finding */
    public static void requireNoneFatal(List<Finding> findings) {
        for (Finding finding : findings) {
            if (finding.severity() == Finding.Severity.FATAL) {
                throw new SourceException(finding, null);
            }
        }
    }
}
