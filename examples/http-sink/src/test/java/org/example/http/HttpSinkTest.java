package org.example.http;

import io.pgcdc.testkit.sink.FaultyTarget;
import io.pgcdc.testkit.sink.HistoryContract;

class HttpSinkTest extends HistoryContract {

    @Override
    protected FaultyTarget newTarget() {
        return new Receiver();
    }
}
