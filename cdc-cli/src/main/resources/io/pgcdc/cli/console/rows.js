// The rows of the tail: at most 200, reused. The server sends no more a second than one can read.

import { make, say, set, show } from './dom.js';
import { bytes, count, fineClock } from './amounts.js';
import { pretty, read } from './record.js';

const MOST = 200;
/** If no row follows, the skipped ones are told after this time. */
const SETTLED_MS = 1_500;
const BATCH_MS = 200;

export class TailRows {
  #list;
  #box;
  #opened;
  #rows = [];
  #waiting = [];
  #skipped = 0;
  #planned = false;
  #flushedAt = 0;
  #filtered = false;
  #settled = 0;

  /** @param opened is called when somebody opens a record: the rows should stay where they are */
  constructor(list, box, opened) {
    this.#list = list;
    this.#box = box;
    this.#opened = opened;
  }

  get count() {
    return this.#rows.length;
  }

  /** @param filtered true if the server searches the records for a text */
  clear(filtered) {
    this.#filtered = filtered;
    this.#rows = [];
    this.#list.replaceChildren();
    this.hold();
  }

  /** Lets the rows stay as they are: drops what has not been shown. */
  hold() {
    this.#waiting = [];
    this.#skipped = 0;
    clearTimeout(this.#settled);
  }

  /** Takes a line of the stream. */
  add(line) {
    if (line.startsWith('{"skipped"')) {
      this.#skipped += JSON.parse(line).skipped;
    } else if (line.startsWith('{"error"')) {
      this.#waiting.push({ error: JSON.parse(line).error });
    } else if (line.startsWith('{"large"')) {
      this.#waiting.push({ large: JSON.parse(line).large });
    } else {
      this.#waiting.push({ change: read(line), before: this.#skipped });
      this.#skipped = 0;
    }
    this.#plan();
  }

  /** The rows of a quick stream come some at a time. That of a slow one comes at once. */
  #plan() {
    if (this.#planned) return;
    this.#planned = true;
    const wait = this.#flushedAt + BATCH_MS - performance.now();
    setTimeout(() => requestAnimationFrame(() => this.#flush()), Math.max(0, wait));
  }

  #flush() {
    this.#planned = false;
    this.#flushedAt = performance.now();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { error, large, change, before } of waiting.slice(-MOST)) {
      if (large) {
        const table = large.table_name ? ` of ${large.schema_name}.${large.table_name}` : '';
        this.#next().note(`${large.change_type.toLowerCase()}${table}: a record of ${bytes(large.bytes)} is not shown`, 'skipped');
        continue;
      }
      if (error) {
        this.#next().note(`${error.code ?? ''} ${error.message ?? ''}`.trim(), 'error');
        continue;
      }
      this.#tellSkipped(before);
      this.#next().change(change);
    }
    clearTimeout(this.#settled);
    if (this.#skipped > 0) this.#settled = setTimeout(() => this.#settle(), SETTLED_MS);
  }

  #settle() {
    this.#tellSkipped(this.#skipped);
    this.#skipped = 0;
  }

  #tellSkipped(skipped) {
    if (skipped > 0) this.#next().note(`… ${count(skipped)} more${this.#filtered ? ', not searched' : ''}`, 'skipped');
  }

  /** Returns a row at the top: a new one, or the oldest, which is taken from the bottom. */
  #next() {
    let row;
    if (this.#rows.length < MOST) {
      row = new Row(this.#opened);
    } else {
      row = this.#rows.pop();
      if (row.root.contains(document.activeElement)) this.#box.focus({ preventScroll: true });
    }
    this.#rows.unshift(row);
    this.#list.prepend(row.root);
    return row;
  }
}

class Row {
  #note = make('p.note');
  #time = make('time.at');
  #kind = make('span.kind');
  #table = make('span.table');
  #key = make('span.key');
  #gist = make('span.gist');
  #button;
  #record = make('pre.record', { tabindex: '0', hidden: true });
  #change = null;
  root;

  constructor(opened) {
    const cells = [this.#time, this.#kind, this.#table, this.#key, this.#gist];
    this.#button = make('button.change', { type: 'button', 'aria-expanded': 'false' }, ...cells);
    this.root = make('li', {}, this.#note, this.#button, this.#record);
    this.#button.addEventListener('click', () => {
      const open = this.#record.hidden;
      if (open) opened();
      this.#open(open);
    });
  }

  #open(open) {
    if (open) {
      const { raw, cut } = this.#change;
      say(this.#record, pretty(raw) + (cut ? `\n… the first part of ${bytes(cut)}` : ''));
    } else {
      say(this.#record, '');
    }
    show(this.#record, open);
    set(this.#button, 'aria-expanded', String(open));
  }

  note(text, kind) {
    this.#change = null;
    this.#open(false);
    show(this.#button, false);
    show(this.#note, true);
    set(this.root, 'data-kind', kind);
    say(this.#note, text);
  }

  change(change) {
    this.#change = change;
    this.#open(false);
    show(this.#button, true);
    show(this.#note, false);
    set(this.root, 'data-kind', change.kind);
    say(this.#time, fineClock(change.at));
    set(this.#time, 'datetime', change.changedAt);
    say(this.#kind, change.kind);
    say(this.#table, change.table);
    say(this.#key, change.key);
    say(this.#gist, change.gist);
  }
}
