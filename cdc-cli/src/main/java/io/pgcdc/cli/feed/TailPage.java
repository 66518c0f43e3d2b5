package io.pgcdc.cli.feed;

import io.pgcdc.cli.feed.Looks.Look;
import io.pgcdc.cli.http.Answer;
import io.pgcdc.cli.http.HttpRequest;
import io.pgcdc.cli.http.Page;
import io.pgcdc.error.CdcException;
import io.pgcdc.feed.FeedPlace;
import java.util.List;
import java.util.Set;

/** Answers {@code GET /tail}: some of the changes that a sink sees, for the console. Any thread. */
public final class TailPage implements Page {

    public static final String PATH = "/tail";

    private static final int NOT_FOUND = 404;
    private static final int FORBIDDEN = 403;

    private final Looks looks;
    private final boolean rows;

    /** @param rows false: it shows none */
    public TailPage(List<ServedPipeline> pipelines, boolean rows) {
        looks = new Looks(pipelines);
        this.rows = rows;
    }

    @Override
    public Answer read(HttpRequest request) throws InterruptedException {
        if (!rows) {
            return Answer.text(FORBIDDEN, "changes are not shown here: the configuration has http.rows: false");
        }
        Looks.requireOnly(request, Set.of("sink", "pipeline", "tables", "contains"));
        Look look = looks.find(request, TailPage::sinks, "sinks");
        if (look == null) {
            return Answer.text(NOT_FOUND, "there is no such sink; the sinks are: " + looks.names(TailPage::sinks));
        }
        try {
            return Answer.stream(
                    ChangesPage.LINES,
                    new TailStream(
                            look.pipeline().pipeline().subscribe(look.sink(), FeedPlace.NOW),
                            Looks.tables(request),
                            request.query().getOrDefault("contains", "")));
        } catch (IllegalStateException e) {
            return FeedAnswers.notRunning(look.pipeline().name());
        } catch (CdcException e) {
            return FeedAnswers.cannotBegin(e, null);
        }
    }

    private static List<String> sinks(ServedPipeline pipeline) {
        return List.copyOf(pipeline.config().routes().keySet());
    }
}
