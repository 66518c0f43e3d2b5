// Snapshots, replays and backlogs: how far they are.

import { byId, keyed, make, mark, say, set, show } from './dom.js';
import { brief, bytes, count, counted, percent, time } from './amounts.js';
import { snapshotTone } from './states.js';

export function showWork(status) {
  const all = [...(status.progress ?? []).map(work), ...snapshots(status).map(snapshot)];
  show(byId('work'), all.length > 0);
  keyed(byId('work-list'), all, one => one.key, build, (view, one) => {
    set(view.mark, 'data-tone', one.tone);
    set(view.root, 'data-tone', one.tone);
    say(view.label, one.label);
    say(view.state, one.state);
    set(view.bar, 'value', one.share);
    set(view.bar, 'aria-label', one.label);
    say(view.share, percent(one.share));
    say(view.done, one.done);
    say(view.left, one.left);
    say(view.message, one.message);
    show(view.message, one.message !== '');
  });
}

function build(one) {
  const view = {
    mark: mark(),
    label: make('h3'),
    state: make('span.word'),
    bar: make('progress', { max: 1 }),
    share: make('span.share'),
    done: make('span.done'),
    left: make('span.left'),
    message: make('p.message'),
  };
  view.root = make(
    'li.work',
    { 'data-work': one.key },
    make('header', {}, view.mark, view.label, view.state),
    make('div.gauge', {}, view.bar, view.share),
    make('p.soft', {}, view.done, view.left),
    view.message,
  );
  return view;
}

const left = seconds => (seconds == null ? '' : `about ${time(Math.ceil(seconds))} left`);

const OVER = ['finished', 'cancelled'];
const MOST_OVER = 3;

/** Returns those that go on or failed, then the last ones that are over. */
function snapshots(status) {
  const all = status.snapshots ?? [];
  const over = all.filter(one => OVER.includes(one.state));
  return [...all.filter(one => !OVER.includes(one.state)), ...over.slice(-MOST_OVER)];
}

function work(one) {
  const label = { reading: 'Reading WAL', delivery: `Sink ${one.sink} catches up`, replay: `Replay to sink ${one.sink}` }[one.kind];
  const all = one.bytes_done + one.bytes_left;
  return {
    key: `${one.kind} ${one.sink ?? ''}`,
    label: label ?? one.kind,
    state: '',
    tone: 'busy',
    share: one.share,
    done: `${bytes(one.bytes_done)} of ${bytes(all)}, ${bytes(one.bytes_per_second)}/s`,
    left: left(one.seconds_left_estimated),
    message: '',
  };
}

function snapshot(one) {
  const reads = one.state === 'reading';
  const rate = reads ? `, ${brief(one.rows_per_second)} rows/s` : '';
  return {
    key: `snapshot ${one.id}`,
    label: `Snapshot ${one.id}`,
    state: one.state,
    tone: snapshotTone(one.state),
    share: one.state === 'finished' ? 1 : (one.share_estimated ?? 0),
    done: `${one.tables_done ?? 0} of ${counted(one.tables, 'table')}, ${count(one.rows)} rows, ${bytes(one.bytes)}${rate}`,
    left: reads ? left(one.seconds_left_estimated) : '',
    message: trouble(one),
  };
}

function trouble(one) {
  const error = typeof one.error === 'object' ? one.error?.message : one.error;
  if (error) return error;
  const xids = one.waits_for_xids ?? [];
  if (xids.length === 0) return '';
  const list = xids.map(xid => `'${xid}'`).join(', ');
  return `It waits for transactions to end: SELECT pid, xact_start, query FROM pg_stat_activity WHERE backend_xid::text IN (${list})`;
}
