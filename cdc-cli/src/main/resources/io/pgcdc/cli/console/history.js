// The last hour of one pipeline: what the server kept, and then what this page sees.

const LONGEST_SECONDS = 3_600;
const DEFAULT_STEP = 10;

/** Columns of equal length. `at` has the seconds of each point; a value may be null. */
export class History {
  step;
  at;
  captured;
  retained;
  /** By sink: `lag` and `rate`. */
  sinks = new Map();

  /** @param kept what /history has of the pipeline; left out: nothing */
  constructor(kept = {}) {
    this.step = kept.step_seconds ?? DEFAULT_STEP;
    this.at = [...(kept.at ?? [])];
    this.captured = this.#column(kept.captured_per_second);
    this.retained = this.#column(kept.retained_bytes);
    for (const [name, sink] of Object.entries(kept.sinks ?? {})) {
      this.sinks.set(name, { lag: this.#column(sink.lag_seconds), rate: this.#column(sink.changes_per_second) });
    }
  }

  #column(values = []) {
    return this.at.map((_, i) => values[i] ?? null);
  }

  /** Adds a status, or overwrites the newest point if that is younger than a step. */
  add(status) {
    const now = Date.parse(status.at) / 1000;
    if (!Number.isFinite(now)) return;
    const last = this.at.at(-1);
    if (last === undefined || now >= last + this.step) {
      // A point without values makes a gap in the lines.
      if (last !== undefined && now > last + 3 * this.step) this.#append(last + this.step);
      this.#append(Math.floor(now / this.step) * this.step);
    }
    const newest = this.at.length - 1;
    this.captured[newest] = status.source?.changes_per_second ?? null;
    this.retained[newest] = status.source?.wal?.retained_bytes ?? null;
    for (const sink of status.sinks ?? []) {
      const columns = this.#sink(sink.name);
      columns.lag[newest] = sink.lag_seconds ?? null;
      columns.rate[newest] = sink.changes_per_second ?? null;
    }
  }

  #sink(name) {
    let columns = this.sinks.get(name);
    if (!columns) {
      columns = { lag: this.#column(), rate: this.#column() };
      this.sinks.set(name, columns);
    }
    return columns;
  }

  #append(at) {
    const columns = this.#columns();
    this.at.push(at);
    for (const column of columns) column.push(null);
    while (at - this.at[0] > LONGEST_SECONDS) {
      this.at.shift();
      for (const column of columns) column.shift();
    }
    for (const [name, { lag, rate }] of this.sinks) {
      if (lag.every(value => value === null) && rate.every(value => value === null)) this.sinks.delete(name);
    }
  }

  #columns() {
    return [this.captured, this.retained, ...[...this.sinks.values()].flatMap(sink => [sink.lag, sink.rate])];
  }
}
