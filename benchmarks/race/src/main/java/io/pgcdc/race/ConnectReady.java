package io.pgcdc.race;

import io.pgcdc.race.ready.ReadyConnector;
import java.util.Map;

/**
 * The connector whose records are ready.
 *
 * @param batch the records of an answer to poll()
 */
record ConnectReady(RecordForm form, int batch) implements ConnectContestant {

    @Override
    public String label() {
        return "ready records, " + form.label();
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public Map<String, String> properties(ConnectLap lap) {
        return Map.of(
                "connector.class",
                ReadyConnector.class.getName(),
                ReadyConnector.SAMPLES,
                lap.samples().toString(),
                ReadyConnector.STRUCTS,
                Boolean.toString(form.isStructs()),
                ReadyConnector.PREFIX,
                lap.prefix(),
                ReadyConnector.LAST_TOPIC,
                lap.lastTopic(),
                ReadyConnector.RECORDS,
                Long.toString(lap.changes()),
                ReadyConnector.BATCH,
                Integer.toString(batch));
    }
}
