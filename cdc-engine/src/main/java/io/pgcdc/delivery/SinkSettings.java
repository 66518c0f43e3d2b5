package io.pgcdc.delivery;

import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingType;
import io.pgcdc.view.RouteSettings;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The settings that every element of {@code sinks:} has. A sink's type adds its own. */
public final class SinkSettings {

    public static final Setting<String> NAME = Setting.required(
            "name",
            SettingType.text(
                    Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}"), "1 to 63 of a-z, 0-9, _, -, a letter or digit first"),
            "Name of the sink in logs and checkpoints; unique. If you rename a sink, it is a new sink.");

    public static final Setting<String> TYPE =
            Setting.required("type", SettingType.text(), "Type of the sink; the tables below list them.");

    public static final Setting<FailurePolicy> ON_FAILURE = Setting.of(
            "on_failure",
            SettingType.choice(FailurePolicy.class),
            FailurePolicy.STOP_SINK,
            "Reaction when the sink fails permanently. `stop_sink`: this sink stops, the log repeats its error every minute, and the others"
                    + " continue. The run later ends with the sink's error. With `confirm: sinks` the primary keeps its WAL meanwhile."
                    + " `stop_pipeline`: the run ends with the error.");

    public static final Setting<Long> RETRY_FOR_MS = Setting.of(
            "retry_for_ms",
            SettingType.number(0, 604_800_000),
            0L,
            "Longest time to try a batch again while the sink's target fails with temporary errors. After it the sink has failed"
                    + " permanently. 0: no limit.");

    public static final Setting<Long> RETRY_TIMES = Setting.of(
            "retry_times",
            SettingType.number(0, 1_000_000),
            20L,
            "Most retries while the target gives the same reason each time (CDC-502, CDC-509: a lock, a deadlock, a full disk, read-only) and no change"
                    + " becomes durable. After them the sink has failed permanently (CDC-520). With the pauses in between, 20 retries take at"
                    + " least six minutes. A lost connection (CDC-508) does not count. 0: no limit.");

    public static final Setting<Long> LINGER_MS = Setting.of(
            "linger_ms",
            SettingType.number(0, 60_000),
            200L,
            "Longest time that accepted changes wait to be made durable while more arrive. If no more arrive, they wait at most 20 ms.");

    public static final Setting<StartFrom> START = Setting.of(
            "start",
            SettingType.one("place", StartFrom.FORM, StartFrom::parse),
            StartFrom.BEGINNING,
            "First change of a new sink, if the queue already holds changes. `beginning`: the first change that the queue holds. `now`: the"
                    + " first transaction captured after the start. `snapshot`: the rows that exist, and the changes captured after the start."
                    + " A position, as records print it: the first change after that position."
                    + " The queue must still hold that change, or not have reached the position yet; the server's WAL must have reached it.");

    public static final Setting<Boolean> DEAD_LETTER = Setting.of(
            "dead_letter",
            SettingType.bool(),
            false,
            "Reaction when the target permanently refuses a single change. `true`: pgcdc writes the change to `dead-letters/NAME.jsonl` in"
                    + " the queue's directory, logs that, and continues after it. `false`: the sink has failed permanently.");

    /** In the order of the reference. */
    public static final List<Setting<?>> ALL = Stream.concat(
                    Stream.<Setting<?>>of(
                            NAME, TYPE, ON_FAILURE, RETRY_FOR_MS, RETRY_TIMES, LINGER_MS, START, DEAD_LETTER),
                    RouteSettings.ALL.stream())
            .toList();

    private SinkSettings() {}
}
