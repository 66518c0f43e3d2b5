// A chart of lines over time, in SVG. Its legend is also the readout: it has the values of the moment that one points at.

import { draw, keyed, make, say, set } from './dom.js';
import { UNKNOWN, clock } from './amounts.js';
import { markStep, windowFor } from './scale.js';

const LEFT = 62;
const RIGHT = 10;
const TOP = 8;
const BOTTOM = 22;
const ROWS = 4;
const COLOURS = 6;

export class Chart {
  #options;
  #height;
  #width = 0;
  #caption = make('figcaption');
  #moment = make('span.moment');
  #plot;
  #svg = draw('svg', { 'aria-hidden': 'true' });
  #grid = draw('g', { class: 'grid' });
  #lines = draw('g');
  #cursor = draw('line', { class: 'cursor' });
  #legend = make('ul.legend');
  #alone = null;
  #data = { at: [], series: [] };
  /** The point that is read out, or null: the newest. */
  #index = null;

  /** @param options `name`, `height`, `format` of values, `step` (see scale.js), `least`: the smallest top of the axis */
  constructor(figure, options) {
    this.#options = options;
    this.#height = options.height ?? 180;
    this.#plot = make('div.plot', { tabindex: '0', role: 'slider', 'aria-label': `${options.name}: moment` });
    this.#svg.append(this.#grid, this.#lines, this.#cursor);
    set(this.#svg, 'height', this.#height);
    this.#plot.append(this.#svg);
    figure.append(make('div.over', {}, this.#caption, this.#moment), this.#plot, this.#legend);
    this.#plot.addEventListener('pointermove', event => this.#point(event));
    this.#plot.addEventListener('pointerleave', () => this.#read(null));
    this.#plot.addEventListener('blur', () => this.#read(null));
    this.#plot.addEventListener('keydown', event => this.#key(event));
    new ResizeObserver(([entry]) => {
      this.#width = Math.floor(entry.contentRect.width);
      this.#draw();
    }).observe(this.#plot);
  }

  /**
   * Shows data.
   *
   * @param at seconds
   * @param series `name`; `values`, one for each of `at`, null is a gap; `number`, which gives the colour and dashes
   * @param summary a sentence that says the same
   */
  show(at, series, summary) {
    this.#data = { at, series };
    if (!series.some(one => one.name === this.#alone)) this.#alone = null;
    say(this.#caption, summary);
    this.#draw();
  }

  #draw() {
    const { at, series } = this.#data;
    set(this.#svg, 'width', this.#width);
    const to = at.at(-1) ?? 0;
    const span = windowFor(to - (at[0] ?? 0));
    const inner = Math.max(1, this.#width - LEFT - RIGHT);
    const x = time => LEFT + Math.max(0, ((time - to + span) / span) * inner);
    let top = this.#options.least;
    for (const { values } of series) for (const value of values) if (value > top) top = value;
    const step = this.#options.step(top / ROWS);
    const rows = Math.ceil(top / step - 1e-9);
    const y = value => TOP + (1 - value / (rows * step)) * (this.#height - TOP - BOTTOM);
    this.#axes(at.length ? { to, span, inner, x } : null, rows, step, y);
    keyed(this.#lines, series, one => one.name, () => ({ root: draw('path') }), ({ root }, one) => {
      set(root, 'd', path(at, one.values, x, y));
      set(root, 'class', this.#look(one));
    });
    this.#x = x;
    this.#readOut();
  }

  #x = () => 0;

  #look({ name, number }) {
    const faint = this.#alone !== null && this.#alone !== name ? ' faint' : '';
    return number === undefined ? `line${faint}` : `line c${number % COLOURS} dash${Math.floor(number / COLOURS) % 4}${faint}`;
  }

  #axes(time, rows, step, y) {
    const marks = [];
    for (let i = 0; i <= rows; i++) {
      const at = y(i * step);
      const line = { x1: LEFT, x2: this.#width - RIGHT, y1: at, y2: at };
      marks.push({ key: `y${i}`, line, x: LEFT - 8, y: at + 4, anchor: 'end', text: this.#options.format(i * step) });
    }
    if (time) {
      const every = markStep(time.span, time.inner);
      for (let at = Math.ceil((time.to - time.span) / every) * every; at <= time.to; at += every) {
        const x = time.x(at);
        const anchor = x > this.#width - 24 ? 'end' : 'middle';
        const line = { x1: x, x2: x, y1: y(0), y2: y(0) + 4 };
        const text = clock(new Date(at * 1000)).slice(0, 5);
        marks.push({ key: `x${at}`, line, x, y: this.#height - 4, anchor, text });
      }
    }
    keyed(this.#grid, marks, one => one.key, buildMark, (view, one) => {
      for (const [name, place] of Object.entries(one.line)) set(view.line, name, Math.round(place * 10) / 10);
      set(view.text, 'x', Math.round(one.x));
      set(view.text, 'y', Math.round(one.y));
      set(view.text, 'text-anchor', one.anchor);
      say(view.text, one.text);
    });
  }

  #point(event) {
    const { at } = this.#data;
    const x = event.clientX - this.#svg.getBoundingClientRect().left;
    let best = null;
    at.forEach((time, i) => {
      if (best === null || Math.abs(this.#x(time) - x) < Math.abs(this.#x(at[best]) - x)) best = i;
    });
    this.#read(best);
  }

  #key(event) {
    const last = this.#data.at.length - 1;
    const from = this.#index ?? last;
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -6, PageDown: 6, Home: -last, End: last, Escape: null };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.#read(step === null ? null : Math.max(0, Math.min(last, from + step)));
  }

  #read(index) {
    this.#index = index;
    this.#readOut();
  }

  #readOut() {
    const { at, series } = this.#data;
    if (this.#index !== null && this.#index >= at.length) this.#index = null;
    const i = this.#index ?? at.length - 1;
    const moment = this.#index === null ? 'now' : clock(new Date(at[i] * 1000));
    const value = one => (one.values[i] == null ? UNKNOWN : this.#options.format(one.values[i]));
    say(this.#moment, at.length ? moment : '');
    const x = this.#index === null ? null : Math.round(this.#x(at[i]));
    for (const name of ['x1', 'x2']) set(this.#cursor, name, x);
    set(this.#cursor, 'y1', TOP);
    set(this.#cursor, 'y2', this.#height - BOTTOM);
    set(this.#cursor, 'visibility', x === null ? 'hidden' : 'visible');
    set(this.#plot, 'aria-valuemin', 0);
    set(this.#plot, 'aria-valuemax', Math.max(0, at.length - 1));
    set(this.#plot, 'aria-valuenow', Math.max(0, i));
    set(this.#plot, 'aria-valuetext', `${moment}: ${series.map(one => `${one.name} ${value(one)}`).join(', ')}`);
    keyed(this.#legend, series, one => one.name, one => this.#entry(one.name), (view, one) => {
      set(view.sample, 'class', this.#look(one));
      say(view.value, value(one));
      set(view.button, 'aria-pressed', String(this.#alone === one.name));
    });
  }

  /** An entry of the legend. A press makes the other lines faint. */
  #entry(name) {
    const sample = draw('path', { d: 'M0 4H22' });
    const key = draw('svg', { width: 22, height: 8, 'aria-hidden': 'true' });
    key.append(sample);
    const value = make('span.value');
    const button = make('button', { type: 'button' }, key, make('span.name', { title: name }, name), value);
    button.addEventListener('click', () => {
      this.#alone = this.#alone === name ? null : name;
      this.#draw();
    });
    return { root: make('li', {}, button), button, sample, value };
  }
}

function buildMark() {
  const root = draw('g');
  const line = draw('line');
  const text = draw('text');
  root.append(line, text);
  return { root, line, text };
}

function path(at, values, x, y) {
  let d = '';
  let pen = false;
  for (let i = 0; i < at.length; i++) {
    const value = values[i];
    if (value == null) {
      pen = false;
      continue;
    }
    // A point that stands alone is drawn as a dot: a line of no length, with round ends.
    d += `${pen ? 'L' : 'M'}${x(at[i]).toFixed(1)} ${y(value).toFixed(1)}${pen ? '' : 'h0'}`;
    pen = true;
  }
  return d;
}
