// Whether the process answers, how old the picture is, and the form for the token.

import { byId, say, set, show } from './dom.js';
import { clock, time } from './amounts.js';
import { hasToken, keepToken } from './net.js';

const STALE_MS = 3_000;

export class Connection {
  #heardAt = null;
  #lostAt = null;
  #reason = '';

  /** @param retry asks again, with the new token */
  constructor(retry) {
    byId('token-form').addEventListener('submit', event => {
      event.preventDefault();
      keepToken(byId('token').value.trim());
      byId('token').value = '';
      retry();
    });
    setInterval(() => this.#show(), 1_000);
  }

  answered() {
    this.#heardAt = Date.now();
    if (this.#lostAt !== null) say(byId('announcement'), 'The process answers again.');
    this.#lostAt = null;
    show(byId('token-form'), false);
    this.#show();
  }

  failed(error) {
    if (this.#lostAt === null) say(byId('announcement'), 'The process does not answer.');
    this.#lostAt ??= new Date();
    this.#reason = error.status === undefined ? '' : error.message;
    if (error.status === 401) this.#askForToken();
    this.#show();
  }

  #askForToken() {
    const form = byId('token-form');
    if (!form.hidden) {
      say(byId('token-why'), 'The server refused this token. The right one is in the file that http.token_file names.');
    }
    const first = form.hidden;
    show(form, true);
    if (first && hasToken()) say(byId('token-why'), 'The server refused the token of this tab. Its file may have changed.');
    byId('token').focus();
  }

  #show() {
    const asks = !byId('token-form').hidden;
    const lost = this.#lostAt !== null;
    const [state, tone, text] = asks
      ? ['token', 'warn', 'token needed']
      : lost
        ? ['lost', 'bad', `no answer for ${time(Math.round((Date.now() - this.#lostAt) / 1000))}`]
        : this.#heardAt === null
          ? ['connecting', 'idle', 'connecting']
          : this.#age();
    const node = byId('connection');
    set(node, 'data-connection', state);
    set(node.firstElementChild, 'data-tone', tone);
    say(byId('connection-text'), text);
    set(document.body, 'data-stale', lost);
    this.#notice(lost && !asks);
  }

  #age() {
    const age = Date.now() - this.#heardAt;
    return age < STALE_MS
      ? ['live', 'ok', `live, ${clock(new Date(this.#heardAt))}`]
      : ['late', 'warn', `${time(Math.round(age / 1000))} old`];
  }

  #notice(shown) {
    show(byId('notice'), shown);
    if (!shown) return;
    const refused = this.#reason !== '';
    say(byId('notice-title'), refused ? 'The server refuses to answer' : 'Cannot reach the process');
    const picture = this.#heardAt === null ? '' : ` You see what it said at ${clock(new Date(this.#heardAt))}.`;
    const why = refused ? this.#reason : `It has not answered since ${clock(this.#lostAt)}.`;
    say(byId('notice-text'), `${why}${picture} This page keeps trying.`);
  }
}
