// The WAL that the slot holds on the primary: how much, who holds it, how long that goes well.

import { byId, keyed, make, mark, say, set, show } from './dom.js';
import { UNKNOWN, bytes, percent, time } from './amounts.js';
import { Chart } from './chart.js';
import { period } from './charts.js';
import { decimalStep } from './scale.js';

const HOUR = 3_600;
/** A warning of the log comes at the same time. */
const SOON = 24 * HOUR;

export class Wal {
  #chart = new Chart(byId('wal-chart'), { name: 'WAL retained', format: bytes, step: decimalStep, least: 4_000_000, height: 232 });
  #amount = make('strong');
  #forecastMark = mark();
  #forecastText = make('span', { id: 'wal-forecast' });
  #fill = make('div.fill');
  #meter = make('div.meter', { role: 'meter', 'aria-label': 'Use of max_slot_wal_keep_size' }, this.#fill);
  #holder = make('p.holder', { id: 'wal-holder' });
  #remedy = make('p.message');
  #error = make('p.message');
  #limits = make('dl.facts');

  constructor() {
    byId('wal-facts').append(
      make('p.amount', {}, this.#amount, ' retained'),
      this.#meter,
      make('p.forecast', {}, this.#forecastMark, this.#forecastText),
      this.#holder,
      this.#remedy,
      this.#error,
      this.#limits,
    );
  }

  show(status, history) {
    const wal = status.source?.wal ?? {};
    say(this.#amount, bytes(wal.retained_bytes));
    this.#forecast(wal);
    this.#use(wal);
    const held = wal.holder && wal.holder.kind !== 'nobody';
    say(this.#holder, held ? `${capital(wal.holder.text)}.` : '');
    say(this.#remedy, held ? wal.holder.remedy : '');
    say(this.#error, wal.error ? `The last look failed: ${wal.error}` : '');
    for (const line of [this.#holder, this.#remedy, this.#error]) show(line, line.textContent !== '');
    keyed(this.#limits, limits(wal), one => one[0], buildLimit, (view, one) => say(view.value, one[1]));
    const most = Math.max(-1, ...history.retained.filter(value => value !== null));
    const summary = most < 0 ? 'Nothing is known yet.' : `${period(history)}: at most ${bytes(most)} retained.`;
    this.#chart.show(history.at, [{ name: 'retained', number: 0, values: history.retained }], summary);
  }

  #forecast(wal) {
    const [text, tone] = forecast(wal);
    say(this.#forecastText, text);
    set(this.#forecastMark, 'data-tone', tone);
    set(byId('wal'), 'data-tone', tone);
  }

  #use(wal) {
    const most = wal.max_slot_wal_keep_bytes;
    show(this.#meter, most > 0);
    if (!(most > 0)) return;
    const share = Math.min(1, wal.retained_bytes / most);
    this.#fill.style.width = percent(share);
    set(this.#meter, 'aria-valuenow', Math.floor(share * 100));
    set(this.#meter, 'aria-valuetext', `${bytes(wal.retained_bytes)} of ${bytes(most)}`);
  }
}

function forecast(wal) {
  if (wal.retained_bytes == null) return ['The server has not been asked yet.', 'idle'];
  if (wal.status === 'lost') return ['The slot is lost: the server removed WAL that was not read.', 'bad'];
  if (wal.loss_seconds == null) return ['No loss of the slot is in sight.', 'ok'];
  const tone = wal.loss_seconds < HOUR ? 'bad' : wal.loss_seconds < SOON ? 'warn' : 'ok';
  return [`The slot is lost in ${time(wal.loss_seconds)} at this rate.`, tone];
}

/** A limit that is null does not exist, or is not known. Before the first look, all is unknown. */
function limits(wal) {
  const asked = wal.retained_bytes != null;
  const or = (value, format, missing) => (value == null ? (asked ? missing : UNKNOWN) : format(value));
  const growth = wal.growth_bytes_per_second;
  return [
    ['Growth', growth == null ? UNKNOWN : `${bytes(growth)}/s`],
    ['Room left', bytes(wal.safe_bytes)],
    ['max_slot_wal_keep_size', or(wal.max_slot_wal_keep_bytes, bytes, 'no limit')],
    ['idle_replication_slot_timeout', or(wal.idle_timeout_ms, ms => time(ms / 1000), 'none')],
    ["Primary's disk free", or(wal.primary_disk_free_bytes, bytes, 'not known')],
    ['Slot', wal.status || UNKNOWN],
    ['Confirmed by', wal.confirm ?? UNKNOWN],
  ];
}

function buildLimit([name]) {
  const value = make('dd');
  return { root: make('div', {}, make('dt', {}, name), value), value };
}

const capital = text => text.charAt(0).toUpperCase() + text.slice(1);
