package io.pgcdc.source;

import io.pgcdc.address.ConnectionParameter;
import io.pgcdc.address.ServerAddress;
import io.pgcdc.setting.Problems;
import io.pgcdc.setting.Section;
import io.pgcdc.setting.Setting;
import io.pgcdc.setting.SettingValues;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Checks the settings of the source against each other. */
public final class SourceChecks {

    private SourceChecks() {}

    /** Adds a problem if the setting and the URL give two different connect timeouts. */
    public static void checkTimeout(Section source, ServerAddress address, Problems problems) {
        boolean given = source.values().isGiven(SourceSettings.CONNECT_TIMEOUT_MS);
        long seconds = TimeUnit.MILLISECONDS.toSeconds(source.values().get(SourceSettings.CONNECT_TIMEOUT_MS));
        String ofUrl = address.parameters().get(ConnectionParameter.CONNECT_TIMEOUT);
        if (given && !Long.toString(seconds).equals(ofUrl)) {
            source.conflict(
                    SourceSettings.CONNECT_TIMEOUT_MS,
                    "source.connect_timeout_ms and connect_timeout in the URL exclude each other; remove one",
                    problems);
        }
    }

    /** Adds a problem for each conflict between settings. */
    public static void check(Section source, Problems problems) {
        SettingValues values = source.values();
        if (values.get(SourceSettings.RECEIVE_TIMEOUT_MS) <= values.get(SourceSettings.STATUS_INTERVAL_MS)) {
            Setting<?> given = values.isGiven(SourceSettings.RECEIVE_TIMEOUT_MS)
                    ? SourceSettings.RECEIVE_TIMEOUT_MS
                    : SourceSettings.STATUS_INTERVAL_MS;
            source.conflict(
                    given,
                    "source.receive_timeout_ms is " + values.get(SourceSettings.RECEIVE_TIMEOUT_MS)
                            + "; write more than status_interval_ms, "
                            + values.get(SourceSettings.STATUS_INTERVAL_MS),
                    problems);
        }
        if (values.get(SourceSettings.FAILOVER_SLOT) && !values.get(SourceSettings.CREATE_SLOT)) {
            source.conflict(
                    SourceSettings.FAILOVER_SLOT,
                    source.label(SourceSettings.FAILOVER_SLOT) + " has no effect without create_slot; "
                            + "remove it, or add create_slot: true (--create-slot)",
                    problems);
        }
        List<String> publications = values.find(SourceSettings.PUBLICATIONS);
        if (values.get(SourceSettings.CREATE_PUBLICATION)) {
            if (publications != null && publications.size() > 1) {
                source.conflict(
                        SourceSettings.CREATE_PUBLICATION,
                        source.label(SourceSettings.CREATE_PUBLICATION) + " with several publications is ambiguous;"
                                + " create them with SQL",
                        problems);
            }
        } else if (values.isGiven(SourceSettings.PUBLICATION_TABLES)) {
            source.conflict(
                    SourceSettings.PUBLICATION_TABLES,
                    source.label(SourceSettings.PUBLICATION_TABLES) + " has no effect without create_publication; "
                            + "remove it, or add create_publication: true (--create-publication)",
                    problems);
        }
    }
}
