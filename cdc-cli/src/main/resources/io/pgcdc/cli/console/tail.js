// Changes as they pass: the options, and the stream that brings them. It is open only while somebody can see it.

import { byId, keyed, make, say, set, show } from './dom.js';
import { backoff } from './net.js';
import { lines } from './stream.js';
import { TailRows } from './rows.js';

const TYPING_MS = 400;
const MOST_SUGGESTIONS = 500;

export class Tail {
  #rows = new TailRows(byId('tail-rows'), byId('tail-box'), () => this.#pause(true));
  #sink = byId('tail-sink');
  #pipeline = null;
  #inView = false;
  #lost = false;
  #paused = false;
  /** The answer of a server that shows no rows, until the options change. */
  #refused = null;
  /** The stream that is open or opening, or null. */
  #abort = null;
  #path = '';
  #failures = 0;
  #timer = 0;

  constructor() {
    byId('tail-options').addEventListener('submit', event => event.preventDefault());
    this.#sink.addEventListener('change', () => this.#again());
    for (const id of ['tail-tables', 'tail-filter']) {
      byId(id).addEventListener('input', () => {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#again(), TYPING_MS);
      });
    }
    byId('tail-pause').addEventListener('click', () => this.#pause(this.#refused === null && !this.#paused));
    document.addEventListener('visibilitychange', () => this.#check());
    new IntersectionObserver(entries => {
      this.#inView = entries.at(-1).isIntersecting;
      this.#check();
    }).observe(byId('tail'));
  }

  /** Offers the sinks and feeds of a pipeline. */
  show(status) {
    const ends = [...(status.sinks ?? []), ...(status.feeds ?? [])].map(end => end.name);
    keyed(this.#sink, ends, name => name, name => ({ root: make('option', { value: name }, name) }), () => {});
    set(this.#sink, 'disabled', ends.length === 0);
    this.#lost = false;
    if (this.#pipeline !== status.pipeline) {
      this.#pipeline = status.pipeline;
      this.#again();
    } else {
      this.#check();
    }
  }

  /** Offers the names of tables. */
  suggest(costs) {
    const names = (costs?.tables ?? []).slice(0, MOST_SUGGESTIONS).map(one => one.table).sort();
    keyed(byId('table-names'), names, name => name, name => ({ root: make('option', { value: name }) }), () => {});
  }

  /** The process does not answer: the next status opens the stream again. */
  rest() {
    this.#lost = true;
    this.#close();
  }

  #pause(paused) {
    this.#paused = paused;
    this.#refused = null;
    if (paused) this.#rows.hold();
    set(byId('tail-pause'), 'aria-pressed', String(paused));
    this.#check();
  }

  /** Begins anew, with other options. */
  #again() {
    this.#refused = null;
    this.#failures = 0;
    this.#rows.clear(byId('tail-filter').value.trim() !== '');
    this.#check();
  }

  #check() {
    const seen = this.#inView && document.visibilityState === 'visible';
    const path = this.#wanted();
    if (!seen || this.#lost || this.#paused || this.#refused !== null || path === null) {
      this.#close();
    } else if (this.#abort === null || path !== this.#path) {
      this.#close();
      this.#follow(path);
    }
    this.#tell();
  }

  #wanted() {
    if (!this.#sink.value) return null;
    const query = new URLSearchParams({ pipeline: this.#pipeline, sink: this.#sink.value });
    const tables = byId('tail-tables').value.split(',').map(name => name.trim()).filter(Boolean).join(',');
    if (tables) query.set('tables', tables);
    const text = byId('tail-filter').value.trim();
    if (text) query.set('contains', text);
    return `/tail?${query}`;
  }

  #close() {
    this.#abort?.abort();
    this.#abort = null;
  }

  async #follow(path) {
    const abort = new AbortController();
    this.#abort = abort;
    this.#path = path;
    try {
      for await (const some of lines(path, abort.signal)) {
        if (abort.signal.aborted) return;
        for (const line of some) if (line.trim()) this.#take(line);
      }
    } catch (error) {
      if (abort.signal.aborted) return;
      if (error.status < 500 && error.status !== 401) this.#refused = error.message;
    }
    if (abort.signal.aborted) return;
    if (this.#refused === null) {
      const wait = backoff(this.#failures++);
      this.#tell();
      await new Promise(resolve => setTimeout(resolve, wait));
    }
    if (this.#abort === abort) this.#abort = null;
    this.#check();
  }

  #take(line) {
    this.#rows.add(line);
    if (this.#failures > 0 && !line.startsWith('{"error"')) {
      this.#failures = 0;
      this.#tell();
    }
  }

  #tell() {
    say(byId('tail-state'), this.#refused ?? this.#state());
    set(byId('tail'), 'data-tail', this.#refused !== null ? 'refused' : this.#paused ? 'paused' : 'live');
    say(byId('tail-pause'), this.#refused !== null ? 'Try again' : this.#paused ? 'Continue' : 'Pause');
    show(byId('tail-box'), this.#refused === null || this.#rows.count > 0);
  }

  #state() {
    if (this.#paused) return 'Paused. Press Continue for the newest changes.';
    if (!this.#sink.value) return 'There is no sink to look through.';
    if (this.#failures > 0) return 'The stream of changes was interrupted. It opens again soon.';
    return 'The newest change is at the top. Of too many, some are skipped and counted. Press a change to pause and see its record.';
  }
}
