package io.pgcdc.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgcdc.cli.console.Assets;
import io.pgcdc.cli.console.History;
import io.pgcdc.cli.control.GroupStatus;
import io.pgcdc.cli.feed.ChangesPage;
import io.pgcdc.cli.feed.ServedPipeline;
import io.pgcdc.cli.feed.TailPage;
import io.pgcdc.cli.http.Answer;
import io.pgcdc.cli.http.HttpConfig;
import io.pgcdc.cli.http.HttpService;
import io.pgcdc.cli.http.Page;
import io.pgcdc.cli.metrics.Metrics;
import io.pgcdc.life.Closing;
import io.pgcdc.sink.SinkMetrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a process serves over HTTP; nothing if that is not configured, and then nothing of it is loaded. The thread that starts the process. */
public final class Served implements AutoCloseable {

    private final @Nullable HttpConfig config;
    private final @Nullable Metrics metrics;
    private final Closing closing = new Closing();
    private @Nullable HttpService service;

    /** @param config null: nothing is served */
    public Served(@Nullable HttpConfig config) {
        this.config = config;
        metrics = config == null ? null : closing.add(new Metrics());
    }

    /** Returns where a sink's metrics go. */
    SinkMetrics metrics(String pipeline, String sink) {
        return metrics == null ? SinkMetrics.NONE : metrics.ofSink(pipeline, sink);
    }

    /**
     * Serves the process's pipelines, from before their run on.
     *
     * @param listed whether the file has a list of pipelines: then their status is one, too
     * @throws io.pgcdc.error.QueueException HTTP_UNAVAILABLE
     */
    public void start(List<Member> members, boolean listed) {
        if (metrics == null || config == null) {
            return;
        }
        members.forEach(member -> metrics.add(member.pipeline()));
        ProcessPages pages = new ProcessPages(
                metrics,
                () -> members.stream().map(member -> member.pipeline().status()).toList(),
                () -> status(members, listed));
        Map<String, Page> all = new LinkedHashMap<>(pages.byPath());
        all.putAll(Assets.byPath());
        List<ServedPipeline> served = members.stream().map(Member::served).toList();
        all.put(ChangesPage.PATH, new ChangesPage(served));
        all.put(TailPage.PATH, new TailPage(served, config.rows()));
        all.put("/tables", request -> Answer.json(200, tables(members)));
        History history =
                closing.add(History.of(members.stream().map(Member::pipeline).toList()));
        all.put("/history", request -> Answer.json(200, history.toJson()));
        service = closing.add(HttpService.start(config, all));
    }

    /** Returns the port where it is served; 0: it is not. */
    public int port() {
        return service == null ? 0 : service.port();
    }

    private static ObjectNode tables(List<Member> members) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode pipelines = json.putArray("pipelines");
        members.forEach(member -> pipelines.add(member.tables().read()));
        return json;
    }

    private static ObjectNode status(List<Member> members, boolean listed) {
        List<ObjectNode> each =
                members.stream().map(member -> member.status().read()).toList();
        return listed ? GroupStatus.of(each) : each.get(0);
    }

    @Override
    public void close() {
        closing.close();
    }
}
