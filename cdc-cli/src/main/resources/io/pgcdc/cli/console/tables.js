// What each table costs, and what would make it cheaper.

import { byId, keyed, make, say, set, show } from './dom.js';
import { UNKNOWN, brief, bytes, counted, percent } from './amounts.js';
import { Advice } from './advice.js';

/** More rows than this help nobody. The order decides which are shown. */
const MOST_ROWS = 200;

const COLUMNS = [
  { key: 'table', label: 'Table' },
  { key: 'changes_per_second', label: 'Changes/s', format: brief },
  { key: 'changes', label: 'Changes', format: brief },
  { key: 'inserts', label: 'Inserts', format: brief },
  { key: 'updates', label: 'Updates', format: brief },
  { key: 'deletes', label: 'Deletes', format: brief },
  { key: 'bytes_per_second', label: 'Bytes/s', format: bytes },
  { key: 'bytes', label: 'Bytes', format: bytes },
  { key: 'old_row_share', label: 'Old rows', share: true, title: 'The part of the bytes that are old rows (REPLICA IDENTITY FULL)' },
  { key: 'unread_share', label: 'Not read', share: true, title: 'The part of the bytes in columns that no sink reads' },
  { key: 'replica_identity', label: 'Replica identity' },
];

const isText = column => !column.format && !column.share;

export class Tables {
  #body = byId('tables-body');
  #heads = new Map();
  #order = { column: COLUMNS.find(column => column.key === 'bytes'), down: true };
  #open = new Set();
  #costs = null;

  constructor() {
    for (const column of COLUMNS) {
      const button = make('button', { type: 'button', title: column.title }, column.label);
      button.addEventListener('click', () => this.#sort(column));
      const head = make(isText(column) ? 'th' : 'th.number', { scope: 'col' }, button);
      this.#heads.set(column, head);
      byId('tables-head').append(head);
    }
    this.#body.addEventListener('pointerleave', () => this.#draw());
    this.#headings();
  }

  /** @param costs of the pipeline; null: not known */
  show(costs) {
    this.#costs = costs;
    this.#draw();
  }

  failed(error) {
    if (error.status === undefined || error.status === 401) return; // said elsewhere
    show(byId('tables-box'), false);
    say(byId('tables-summary'), error.status === 404 ? 'This version does not tell what tables cost.' : error.message);
  }

  #sort(column) {
    const down = this.#order.column === column ? !this.#order.down : !isText(column);
    this.#order = { column, down };
    this.#headings();
    this.#draw(true);
  }

  #headings() {
    for (const [column, head] of this.#heads) {
      const sorted = this.#order.column === column;
      set(head, 'aria-sort', sorted ? (this.#order.down ? 'descending' : 'ascending') : null);
    }
  }

  #draw(again = false) {
    const tables = this.#costs?.tables ?? [];
    show(byId('tables-box'), tables.length > 0);
    say(byId('tables-summary'), summary(this.#costs, tables));
    const rows = (again || !this.#inUse() ? this.#sorted(tables) : this.#asBefore(tables)).slice(0, MOST_ROWS);
    this.#names = rows.map(one => one.table);
    const lines = rows.flatMap(one => (this.#open.has(one.table) && Advice.has(one) ? [['row', one], ['advice', one]] : [['row', one]]));
    keyed(
      this.#body,
      lines,
      ([kind, one]) => `${kind} ${one.table}`,
      ([kind, one]) => (kind === 'row' ? this.#row(one) : new Advice(COLUMNS.length)),
      (view, [, one]) => view.show(one),
    );
  }

  #names = [];

  /** Rows do not move under a pointer or a focus. */
  #inUse() {
    return this.#body.matches(':hover') || this.#body.contains(document.activeElement);
  }

  #sorted(tables) {
    const { column, down } = this.#order;
    const value = one => one[column.key] ?? (isText(column) ? '' : -1);
    const compare = (a, b) => (isText(column) ? value(a).localeCompare(value(b)) : value(a) - value(b));
    return [...tables].sort((a, b) => (down ? -1 : 1) * compare(a, b) || a.table.localeCompare(b.table));
  }

  #asBefore(tables) {
    const place = new Map(this.#names.map((name, i) => [name, i]));
    const last = place.size;
    return [...tables].sort((a, b) => (place.get(a.table) ?? last) - (place.get(b.table) ?? last));
  }

  #row(one) {
    const cells = COLUMNS.slice(1).map(column => new Cell(column));
    const button = make('button.more', { type: 'button' }, make('span.chevron', { 'aria-hidden': 'true' }), one.table);
    const plain = make('span.plain', {}, one.table);
    const head = make('th', { scope: 'row' }, button, plain);
    button.addEventListener('click', () => {
      if (!this.#open.delete(one.table)) this.#open.add(one.table);
      this.#draw();
    });
    const root = make('tr', { 'data-table': one.table }, head, ...cells.map(cell => cell.root));
    return {
      root,
      show: now => {
        const more = Advice.has(now);
        show(button, more);
        show(plain, !more);
        set(button, 'aria-expanded', String(this.#open.has(now.table)));
        for (const cell of cells) cell.show(now);
      },
    };
  }
}

class Cell {
  #column;
  #text = make('span');
  #fill = make('span.fill');
  root;

  constructor(column) {
    this.#column = column;
    this.root = make(isText(column) ? 'td' : 'td.number', {}, this.#text);
    if (column.share) this.root.append(make('span.share-bar', { 'aria-hidden': 'true' }, this.#fill));
  }

  show(one) {
    const value = one[this.#column.key];
    if (isText(this.#column)) {
      say(this.#text, value ?? UNKNOWN);
    } else if (this.#column.share) {
      say(this.#text, percent(value));
      const width = percent(value ?? 0);
      if (this.#fill.style.width !== width) this.#fill.style.width = width;
    } else {
      say(this.#text, this.#column.format(value));
    }
  }
}

function summary(costs, tables) {
  if (!costs) return 'Nothing is known yet.';
  if (tables.length === 0) return 'No change has passed yet.';
  const perSecond = tables.reduce((sum, one) => sum + (one.unread_share ?? 0) * (one.bytes_per_second ?? 0), 0);
  const shown = tables.length > MOST_ROWS ? `The first ${MOST_ROWS} of ${counted(tables.length, 'table')}. ` : '';
  return perSecond >= 1
    ? `${shown}Columns that no sink reads make ${bytes(perSecond)}/s. Open a table to see the SQL that leaves them out.`
    : shown;
}
