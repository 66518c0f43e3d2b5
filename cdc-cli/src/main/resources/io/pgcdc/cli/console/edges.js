// The lines between the cards of the flow. They are drawn under the cards, where the layout has put them.

import { draw, set } from './dom.js';

const THINNEST = 1.5;
const THICKEST = 6;
/** Before a card of the fan, an edge runs straight under the label of its rate. */
const LABEL = 98;
/** Below this width the cards stand one under the other. The style sheet has the same number. */
const stacked = matchMedia('(max-width: 1023px)');

export class Edges {
  #root;
  #svg = draw('svg', { class: 'edges', 'aria-hidden': 'true' });
  #lines = new Map();
  #ends = null;
  #drawn = '';

  constructor(root) {
    this.#root = root;
    root.append(this.#svg);
    new ResizeObserver(() => this.#place()).observe(root);
  }

  /** @param ends of the edges that leave the queue: `key`, `to`, `perSecond`, `tone` */
  show(source, queue, first, ends) {
    const all = [{ key: 'queue', from: source, to: queue, ...first }, ...ends.map(end => ({ from: queue, ...end }))];
    const keys = new Set(all.map(edge => edge.key));
    for (const [key, line] of this.#lines) {
      if (!keys.has(key)) {
        line.remove();
        this.#lines.delete(key);
      }
    }
    for (const edge of all) this.#look(this.#line(edge.key), edge);
    this.#ends = all;
    const order = [...keys].join('\n');
    if (order !== this.#drawn) {
      this.#drawn = order;
      this.#place();
    }
  }

  #line(key) {
    let line = this.#lines.get(key);
    if (!line) {
      line = draw('g', { class: 'edge' });
      line.append(draw('path', { class: 'track' }), draw('path', { class: 'stream' }));
      this.#svg.append(line);
      this.#lines.set(key, line);
    }
    return line;
  }

  /** Ten times the rate is one step thicker. Steps of half a pixel, so that it does not tremble. */
  #look(line, { perSecond, tone }) {
    const width = Math.min(THICKEST, THINNEST + Math.log10(1 + (perSecond ?? 0)));
    set(line, 'stroke-width', Math.round(width * 2) / 2);
    set(line, 'data-tone', tone);
    set(line, 'data-flows', perSecond > 0);
  }

  #place() {
    if (!this.#ends) return;
    const origin = this.#root.getBoundingClientRect();
    set(this.#svg, 'width', Math.round(origin.width));
    set(this.#svg, 'height', Math.round(origin.height));
    const box = node => {
      const box = node.getBoundingClientRect();
      return { left: box.left - origin.left, right: box.right - origin.left, top: box.top - origin.top, height: box.height };
    };
    for (const edge of this.#ends) {
      const d = (stacked.matches ? down : across)(box(edge.from), box(edge.to), edge.key === 'queue');
      for (const path of this.#lines.get(edge.key).children) set(path, 'd', d);
    }
  }
}

const px = number => Math.round(number * 10) / 10;

function across(from, to) {
  const y1 = px(from.top + from.height / 2);
  const y2 = px(to.top + to.height / 2);
  const x1 = px(from.right);
  const x2 = px(to.left);
  if (Math.abs(y1 - y2) < 1) return `M${x1} ${y1}H${x2}`;
  const end = px(Math.max(x1, x2 - LABEL));
  const bend = px((x1 + end) / 2);
  return `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${end} ${y2}H${x2}`;
}

/** Down the left side, with a branch to each card. */
function down(from, to, straight) {
  const x = px(from.left + 14);
  const y = px(from.top + from.height);
  if (straight) return `M${x} ${y}V${px(to.top)}`;
  const middle = px(to.top + to.height / 2);
  return `M${x} ${y}V${middle - 8}q0 8 8 8H${px(to.left)}`;
}
