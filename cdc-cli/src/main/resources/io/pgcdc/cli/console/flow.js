// The way of a change: source, queue, sinks and feeds, with the rate on each edge.

import { keyed, make, mark, say, set, show } from './dom.js';
import { UNKNOWN, brief, bytes, count, counted, time } from './amounts.js';
import { sinkTone, sourceState } from './states.js';
import { Edges } from './edges.js';

export class Flow {
  #source = card('Source');
  #queue = card('Queue');
  #toQueue = make('p.rate', { 'data-edge': 'queue' });
  #ends = make('ul.ends');
  #none = make('p.soft.none', { hidden: true }, 'No sink and no feed is known yet.');
  #edges;

  constructor(root) {
    this.#source.root.id = 'source';
    this.#queue.root.id = 'queue';
    this.#edges = new Edges(root);
    root.append(this.#source.root, this.#toQueue, this.#queue.root, make('div.fan', {}, this.#ends, this.#none));
  }

  show(status) {
    const source = status.source ?? {};
    const [word, tone] = sourceState(status);
    this.#source.state(word, tone);
    this.#source.facts(sourceFacts(source));
    this.#queue.facts(queueFacts(status));
    this.#queue.state('', null);
    say(this.#toQueue, rate(source.changes_per_second));

    const ends = [...(status.sinks ?? []).map(sinkEnd), ...(status.feeds ?? []).map(feedEnd)];
    show(this.#none, ends.length === 0);
    set(this.#ends, 'data-many', ends.length > 8);
    const edges = [];
    keyed(this.#ends, ends, end => end.key, buildEnd, (view, end) => {
      set(view.card, 'data-state', end.state);
      set(view.mark, 'data-tone', end.tone);
      say(view.name, end.name);
      say(view.type, end.type);
      say(view.word, end.state);
      say(view.behind, end.behind);
      say(view.more, end.more);
      say(view.code, end.code);
      show(view.code, end.code !== '');
      say(view.rate, rate(end.perSecond));
      set(view.card, 'title', end.title);
      edges.push({ key: end.key, to: view.card, perSecond: end.perSecond, tone: end.tone });
    });
    this.#edges.show(this.#source.root, this.#queue.root, { perSecond: source.changes_per_second, tone }, edges);
  }
}

const rate = perSecond => (perSecond == null ? UNKNOWN : `${brief(perSecond)}/s`);

/** A card with a title, a state and lines of facts. */
function card(title) {
  const shape = mark();
  const word = make('span.word');
  const lines = make('dl.facts');
  const root = make('article.card', {}, make('header', {}, shape, make('h3', {}, title), word), lines);
  return {
    root,
    state(text, tone) {
      say(word, text);
      set(shape, 'data-tone', tone);
      show(shape, tone !== null);
      set(root, 'data-state', text || null);
    },
    facts(facts) {
      keyed(lines, facts, fact => fact[0], buildFact, (view, [, value, kind]) => {
        say(view.value, value);
        set(view.root, 'class', kind);
      });
    },
  };
}

function buildFact([name]) {
  const value = make('dd');
  return { root: make('div', {}, make('dt', {}, name), value), value };
}

const LSN_NONE = '0/0';
const lsn = text => (text && text !== LSN_NONE ? text : UNKNOWN);

function sourceFacts(source) {
  const behind = source.lag_bytes == null ? UNKNOWN : `${time(source.lag_seconds)}, ${bytes(source.lag_bytes)}`;
  return [
    ['Server', source.server ?? source.database ?? UNKNOWN, 'long'],
    ['Slot', source.slot ?? UNKNOWN],
    ['Behind', behind],
    ['Confirmed', lsn(source.confirmed_lsn)],
    ['In this run', source.changes == null ? UNKNOWN : `${brief(source.changes)} changes`],
  ];
}

function queueFacts(status) {
  const queue = status.queue ?? {};
  return [
    ['Holds', bytes(queue.bytes)],
    ['Disk free', bytes(queue.disk_free_bytes)],
    ['Slowest', queue.slowest_sink ?? (status.queue ? 'no sink is behind' : UNKNOWN)],
    ['Durable', lsn(status.source?.durable_lsn)],
    ['Directory', queue.directory ?? UNKNOWN, 'long'],
  ];
}

function buildEnd(end) {
  const view = {
    mark: mark(),
    name: make('h3.name'),
    type: make('span.type'),
    word: make('span.word'),
    code: make('code.code'),
    behind: make('span.behind'),
    more: make('span.rest'),
    rate: make('p.rate'),
  };
  const top = make('header', {}, view.mark, view.name, view.type, view.code, view.word);
  view.card = make('article.card', { id: `${end.kind}-${end.name}`, [`data-${end.kind}`]: end.name }, top);
  view.card.append(make('p.lack', {}, view.behind, view.more));
  view.root = make('li', {}, view.rate, view.card);
  return view;
}

function sinkEnd(sink) {
  const lacks =
    sink.lag_changes == null ? '' : `${brief(sink.lag_changes)} changes, ${bytes(sink.lag_bytes)}`;
  const extras = [
    sink.retries > 0 ? counted(sink.retries, 'retry', 'retries') : null,
    sink.dead_letters > 0 ? counted(sink.dead_letters, 'dead letter') : null,
  ];
  return {
    kind: 'sink',
    key: `sink ${sink.name}`,
    name: sink.name,
    type: sink.type ?? '',
    state: sink.state ?? 'unknown',
    tone: sinkTone(sink.state),
    behind: `${time(sink.lag_seconds)} behind`,
    more: [lacks, ...extras].filter(Boolean).join(' · '),
    code: sink.error?.code ?? '',
    perSecond: sink.changes_per_second,
    title: `Durable up to ${sink.position ?? UNKNOWN}; ${count(sink.changes)} changes in this run`,
  };
}

function feedEnd(feed) {
  const used = feed.clients > 0;
  return {
    kind: 'feed',
    key: `feed ${feed.name}`,
    name: feed.name,
    type: 'feed',
    state: used ? 'read' : 'no client',
    tone: used ? 'ok' : 'idle',
    behind: counted(feed.clients, 'client'),
    more: `${brief(feed.changes)} changes sent`,
    code: '',
    perSecond: feed.changes_per_second,
    title: null,
  };
}
