package io.pgcdc.cli.feed;

import io.pgcdc.cli.feed.Looks.Look;
import io.pgcdc.cli.http.Answer;
import io.pgcdc.cli.http.BadRequestException;
import io.pgcdc.cli.http.HttpRequest;
import io.pgcdc.cli.http.Page;
import io.pgcdc.error.CdcException;
import io.pgcdc.feed.FeedConfig;
import io.pgcdc.feed.FeedPlace;
import io.pgcdc.feed.Subscription;
import io.pgcdc.setting.SettingReader;
import java.util.List;
import java.util.Set;

/** Answers {@code GET /changes}: the changes of a feed. docs/how-to/feed.md describes it. Any thread. */
public final class ChangesPage implements Page {

    public static final String PATH = "/changes";

    /** Lines of JSON. */
    public static final String LINES = "application/x-ndjson";

    private static final int NOT_FOUND = 404;
    private static final int BAD = 400;

    private static final Set<String> PARAMETERS = Set.of("sink", "pipeline", "from", "tables", "follow", "progress");

    private final Looks looks;

    public ChangesPage(List<ServedPipeline> pipelines) {
        looks = new Looks(pipelines);
    }

    @Override
    public Answer read(HttpRequest request) throws InterruptedException {
        try {
            return changes(request);
        } catch (BadRequestException e) {
            return FeedAnswers.refused(BAD, e.getMessage() + ".");
        }
    }

    private Answer changes(HttpRequest request) throws InterruptedException {
        Looks.requireOnly(request, PARAMETERS);
        Look look = looks.find(request, ChangesPage::feeds, "feeds");
        if (look == null) {
            return FeedAnswers.refused(
                    NOT_FOUND,
                    "there is no such feed; the feeds are: " + looks.names(ChangesPage::feeds)
                            + ". A feed is a sink with type: feed in the configuration.");
        }
        ChangeStream.Wanted wanted = new ChangeStream.Wanted(
                request.wantsEvents(),
                Looks.tables(request),
                flag(request, "follow", true),
                flag(request, "progress", false));
        return subscribe(look, place(request), wanted);
    }

    private static List<String> feeds(ServedPipeline pipeline) {
        return pipeline.config().feeds().stream().map(FeedConfig::name).toList();
    }

    private static Answer subscribe(Look look, FeedPlace place, ChangeStream.Wanted wanted)
            throws InterruptedException {
        ServedPipeline of = look.pipeline();
        try {
            Subscription subscription = of.pipeline().subscribe(look.sink(), place);
            return Answer.stream(
                    wanted.events() ? Answer.EVENT_STREAM : LINES,
                    new ChangeStream(subscription, wanted, of.clients().of(look.sink())));
        } catch (IllegalStateException e) {
            return wanted.events() ? Answer.tryAgain() : FeedAnswers.notRunning(of.name());
        } catch (CdcException e) {
            return FeedAnswers.cannotBegin(e, of.pipeline().oldest());
        }
    }

    /** A browser that connects again names the last event that it got. The address is still that of the first time. */
    private static FeedPlace place(HttpRequest request) {
        String last = request.lastEventId();
        String from = last == null || last.isEmpty() ? request.query().get("from") : last;
        return from == null ? FeedPlace.NOW : parse(from);
    }

    private static FeedPlace parse(String from) {
        try {
            return FeedPlace.parse(from);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException("from is " + SettingReader.quote(from) + "; write " + e.getMessage());
        }
    }

    private static boolean flag(HttpRequest request, String name, boolean fallback) {
        String text = request.query().get(name);
        if (text == null) {
            return fallback;
        }
        if (!text.equals("true") && !text.equals("false")) {
            throw new BadRequestException(name + " is " + SettingReader.quote(text) + "; write true or false");
        }
        return text.equals("true");
    }
}
