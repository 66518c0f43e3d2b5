package io.pgcdc.race;

import io.pgcdc.race.ready.ReadyConnector;
import java.util.Map;

/**
 * The connector whose records are ready.
 *
 * @param batch the records of an answer to poll()
 * @param isBeside true if somebody reads the backlog at the same time: the server then takes its part of the machine, as with the others
 */
record ConnectReady(RecordForm form, int batch, boolean isBeside) implements ConnectContestant {

    @Override
    public String label() {
        return "ready records, " + form.label() + (isBeside ? ", beside pg_recvlogical" : "");
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
