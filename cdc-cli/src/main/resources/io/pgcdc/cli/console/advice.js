// The row under a table: the columns that no sink reads, and the SQL that leaves them out.

import { make, say, show } from './dom.js';
import { bytes, percent } from './amounts.js';

const COPIED_MS = 2_000;

export class Advice {
  root;
  #unread = make('p');
  #columns = make('ul.chips');
  #old = make('p');
  #why = make('p');
  #sql = make('code');
  #copy = make('button', { type: 'button' }, 'Copy');
  #script;
  #names = '';

  /** Returns whether there is something to say about a table. */
  static has(cost) {
    return (cost.unread_columns ?? []).length > 0 || Boolean(cost.sql || cost.why_no_sql) || cost.old_row_share > 0;
  }

  /** @param width in columns of the table */
  constructor(width) {
    this.#script = make('div.script', {}, make('pre', { tabindex: '0' }, this.#sql), this.#copy);
    this.#copy.addEventListener('click', () => this.#copyScript());
    const text = make('div.advice', {}, this.#unread, this.#columns, this.#old, this.#why, this.#script);
    this.root = make('tr.advice-row', {}, make('td', { colspan: width }, text));
  }

  show(cost) {
    const names = cost.unread_columns ?? [];
    say(this.#unread, names.length ? `No sink reads these columns. They make ${part(cost.unread_share, cost)}:` : '');
    if (this.#names !== names.join('\n')) {
      this.#names = names.join('\n');
      this.#columns.replaceChildren(...names.map(name => make('li', {}, make('code', {}, name))));
    }
    const identity = (cost.replica_identity ?? '').toUpperCase();
    const old = `Old rows make ${part(cost.old_row_share, cost)}: the table has REPLICA IDENTITY ${identity}.`;
    say(this.#old, cost.old_row_share > 0 ? old : '');
    say(this.#why, cost.why_no_sql ?? (cost.sql ? 'This changes what every reader of the publication gets:' : ''));
    say(this.#sql, cost.sql ?? '');
    show(this.#script, Boolean(cost.sql));
    for (const line of [this.#unread, this.#columns, this.#old, this.#why]) show(line, line.textContent !== '');
  }

  async #copyScript() {
    let done = true;
    try {
      await navigator.clipboard.writeText(this.#sql.textContent);
    } catch {
      // Over plain HTTP a browser allows no clipboard, except on this machine. Then the text is selected.
      getSelection().selectAllChildren(this.#sql);
      done = false;
    }
    say(this.#copy, done ? 'Copied' : 'Selected: press Ctrl+C');
    setTimeout(() => say(this.#copy, 'Copy'), COPIED_MS);
  }
}

function part(share, cost) {
  if (share == null) return 'an unknown part of its bytes';
  return `${percent(share)} of its bytes, ${bytes(share * (cost.bytes_per_second ?? 0))}/s`;
}
