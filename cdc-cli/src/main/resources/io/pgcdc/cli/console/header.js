// The head of the page: which pipeline, how it is, since when.

import { byId, say, set } from './dom.js';
import { time } from './amounts.js';
import { healthTone } from './states.js';

const MEANINGS = {
  healthy: 'It reads, and each sink takes changes.',
  degraded: 'A part stands still or fails.',
  down: 'It does not run, or no sink takes changes.',
};

export class Header {
  #announced = null;

  show(status) {
    const health = status.health ?? 'unknown';
    const state = status.state ?? 'unknown';
    // A state that goes without saying is left out.
    const word = state === 'running' ? health : `${health}, ${state}`;
    say(byId('pipeline'), status.pipeline ?? 'pipeline');
    say(byId('health-word'), word);
    set(byId('health'), 'data-health', health);
    set(byId('health'), 'data-state', state);
    set(byId('health'), 'title', MEANINGS[health]);
    const tone = healthTone(health);
    set(byId('health'), 'data-tone', tone);
    set(byId('health').firstElementChild, 'data-tone', tone);
    say(byId('version'), status.version ? `cdc ${status.version}` : '');
    say(byId('running'), since(status));
    say(document.querySelector('title'), `${status.pipeline}: ${word} – pgcdc`);
    this.#announce(`${status.pipeline} is ${word}`);
  }

  /** Screen readers hear of changes only, not of the first picture. */
  #announce(text) {
    if (this.#announced !== null && this.#announced !== text) say(byId('announcement'), text);
    this.#announced = text;
  }
}

function since(status) {
  const seconds = (Date.parse(status.at) - Date.parse(status.started_at)) / 1000;
  const pid = status.pid == null ? '' : `pid ${status.pid}, `;
  return Number.isFinite(seconds) ? `${pid}started ${time(Math.round(seconds))} ago` : '';
}
