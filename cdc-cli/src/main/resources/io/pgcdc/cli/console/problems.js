// What is wrong, before everything else. The messages contain the remedies.

import { byId, keyed, make, mark, say, set, show } from './dom.js';
import { sinkTone } from './states.js';

const CODE = /\bCDC-\d+\b/;
const STARTS_WITH_CODE = /^CDC-\d+:? */;

export function showProblems(status) {
  const problems = collect(status);
  show(byId('problems'), problems.length > 0);
  keyed(byId('problem-list'), problems, one => one.key, build, (view, one) => {
    set(view.mark, 'data-tone', one.tone);
    set(view.root, 'data-code', one.code);
    say(view.what, one.what);
    show(view.code, one.code !== null);
    say(view.code, one.code);
    show(view.message, one.message !== '');
    say(view.message, one.message);
  });
}

function build() {
  const shape = mark();
  const what = make('strong');
  const code = make('code.code');
  const message = make('p.message');
  const root = make('li.problem', {}, shape, make('div', {}, make('p.what', {}, what, ' ', code), message));
  return { root, mark: shape, what, code, message };
}

/** Returns the sentences of the status, and each error that none of them tells. */
function collect(status) {
  const sentences = status.problems ?? [];
  const problems = sentences.map((text, i) => ({ key: `problem ${i}`, tone: tone(text, status), ...parts(text) }));
  const told = message => sentences.some(text => text.includes(message));
  const add = (key, tone, what, error) => {
    if (error && !told(error.message)) {
      problems.push({ key, tone, what, code: error.code ?? null, message: error.message.replace(STARTS_WITH_CODE, '') });
    }
  };
  add('source', 'bad', 'The server cannot be read', status.source?.error);
  for (const sink of status.sinks ?? []) add(`sink ${sink.name}`, sinkTone(sink.state), `Sink ${sink.name}`, sink.error);
  return problems;
}

/** Splits "sink a tries again: CDC-501 message" and "sink a is paused: remedy". */
function parts(text) {
  const code = CODE.exec(text);
  const colon = text.indexOf(': ');
  if (code && (colon < 0 || code.index >= colon)) {
    const what = text.slice(0, code.index).replace(/:?\s*$/, '');
    return { what: capital(what), code: code[0], message: text.slice(code.index + code[0].length).trim() };
  }
  return colon < 0
    ? { what: capital(text), code: null, message: '' }
    : { what: capital(text.slice(0, colon)), code: null, message: text.slice(colon + 2) };
}

const capital = text => text.charAt(0).toUpperCase() + text.slice(1);

function tone(text, status) {
  if (status.health === 'down') return 'bad';
  if (/has (stopped|failed)\b|slot is lost:/.test(text)) return 'bad';
  return /is paused|has not started|has ended/.test(text) ? 'idle' : 'warn';
}
