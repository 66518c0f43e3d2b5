// One tab for each pipeline. The address keeps which one is chosen.

import { keyed, make, mark, say, set, show } from './dom.js';
import { healthTone } from './states.js';

export class Tabs {
  #list;
  #panel;
  #changed;
  #names = [];
  chosen = null;

  constructor(list, panel, changed) {
    this.#list = list;
    this.#panel = panel;
    this.#changed = changed;
    addEventListener('hashchange', () => {
      this.#choose(named());
    });
    list.addEventListener('keydown', event => this.#key(event));
  }

  show(pipelines) {
    this.#names = pipelines.map(one => one.pipeline);
    if (!this.#names.includes(this.chosen)) {
      this.chosen = this.#names.includes(named()) ? named() : this.#names[0];
    }
    const several = pipelines.length > 1;
    show(this.#list, several);
    set(this.#panel, 'role', several ? 'tabpanel' : null);
    set(this.#panel, 'aria-label', several ? this.chosen : null);
    keyed(this.#list, several ? pipelines : [], one => one.pipeline, one => this.#tab(one.pipeline), (tab, one) => {
      const chosen = one.pipeline === this.chosen;
      set(tab.mark, 'data-tone', healthTone(one.health));
      say(tab.health, `, ${one.health}`);
      set(tab.root, 'aria-selected', String(chosen));
      set(tab.root, 'tabindex', chosen ? '0' : '-1');
      set(tab.root, 'aria-controls', chosen ? this.#panel.id : null);
    });
  }

  #tab(name) {
    const shape = mark();
    const health = make('span.unseen');
    const root = make('button.tab', { type: 'button', role: 'tab', 'data-pipeline': name }, shape, name, health);
    root.addEventListener('click', () => this.#choose(name));
    return { root, mark: shape, health };
  }

  #choose(name) {
    if (name === this.chosen || !this.#names.includes(name)) return;
    this.chosen = name;
    history.replaceState(null, '', `#${encodeURIComponent(name)}`);
    this.#changed();
  }

  #key(event) {
    const at = this.#names.indexOf(this.chosen);
    const last = this.#names.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#choose(this.#names[to]);
    this.#list.children[to].focus();
  }
}

/** Returns the name that the address has, or null. */
function named() {
  try {
    return decodeURIComponent(location.hash.slice(1)) || null;
  } catch {
    return null;
  }
}
