package io.pgcdc.delivery;

import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.view.RouteSettings;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What every element of {@code sinks:} has, beside the settings of its type. */
public final class SinkSettings {

    public static final Setting<String> NAME = Setting.required(
            "name",
            SettingType.text(
                    Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}"), "1 to 63 of a-z, 0-9, _, -, a letter or digit first"),
            "Name of the sink in logs and checkpoints; unique. A sink that is renamed is a new one.");

    public static final Setting<String> TYPE =
            Setting.required("type", SettingType.text(), "Type of the sink; the tables below list them.");

    public static final Setting<FailurePolicy> ON_FAILURE = Setting.of(
            "on_failure",
            SettingType.choice(FailurePolicy.class),
            FailurePolicy.STOP_SINK,
            "When the sink fails for good. `stop_sink`: it stops alone, which is logged every minute, the others go on, and the run ends with"
                    + " its error in the end; under `confirm: sinks` the primary keeps its WAL meanwhile. `stop_pipeline`: everything stops.");

    public static final Setting<Long> RETRY_FOR_MS = Setting.of(
            "retry_for_ms",
            SettingType.number(0, 604_800_000),
            0L,
            "How long a batch is tried again while the sink's target fails in a way that may pass; then the sink has failed for good."
                    + " 0: without limit.");

    public static final Setting<Long> RETRY_TIMES = Setting.of(
            "retry_times",
            SettingType.number(0, 1_000_000),
            20L,
            "How often a target is tried again that gives the same reason each time (CDC-509: a lock, a deadlock, a full disk, read-only) while"
                    + " nothing gets through; then the sink has failed for good (CDC-520). With the pauses in between, 20 take six minutes and"
                    + " more. 0: without limit. A lost connection (CDC-508) does not count.");

    public static final Setting<Long> LINGER_MS = Setting.of(
            "linger_ms",
            SettingType.number(0, 60_000),
            200L,
            "How long what the sink accepted may wait to be made durable while more comes; when nothing comes it does not wait, or 20 ms at most.");

    public static final Setting<StartFrom> START = Setting.of(
            "start",
            SettingType.one("place", StartFrom.FORM, StartFrom::parse),
            StartFrom.BEGINNING,
            "Where a new sink begins in a queue that holds changes already. `beginning`: with the first one that the queue holds. `now`: with"
                    + " the first transaction that is captured from now on. A position, as records print it: with the first change behind"
                    + " it; the queue must hold it, or not have reached it yet, and the server's WAL must have.");

    public static final Setting<Boolean> DEAD_LETTER = Setting.of(
            "dead_letter",
            SettingType.bool(),
            false,
            "When the target refuses a single change for good. `true`: the change goes to `dead-letters/NAME.jsonl` in the queue's directory,"
                    + " which is logged, and the sink goes on behind it. `false`: the sink has failed for good.");

    /** In the order of the reference. */
    public static final List<Setting<?>> ALL = Stream.concat(
                    Stream.<Setting<?>>of(
                            NAME, TYPE, ON_FAILURE, RETRY_FOR_MS, RETRY_TIMES, LINGER_MS, START, DEAD_LETTER),
                    RouteSettings.ALL.stream())
            .toList();

    private SinkSettings() {}
}
