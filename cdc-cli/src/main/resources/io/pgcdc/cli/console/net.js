// Requests to the process that serves this page.

const TOKEN = 'pgcdc-token';
const TIMEOUT_MS = 10_000;
const LONGEST_BACKOFF_MS = 5_000;

let token = null;
try {
  token = sessionStorage.getItem(TOKEN);
} catch {
  // Storage may be forbidden. The token is then kept as long as the page is open.
}

export function keepToken(text) {
  token = text;
  try {
    sessionStorage.setItem(TOKEN, text);
  } catch {
    // as above
  }
}

export const hasToken = () => token !== null;

/** The server answered, and refused. */
export class Refused extends Error {
  constructor(status, text) {
    super(text || `the server answered ${status}`);
    this.status = status;
  }
}

/** Returns the response. Throws Refused, or whatever fetch throws if nobody answers. */
export async function open(path, signal) {
  const headers = token === null ? {} : { Authorization: `Bearer ${token}` };
  const response = await fetch(path, { headers, signal, cache: 'no-store' });
  if (!response.ok) throw new Refused(response.status, plain(await response.text()));
  return response;
}

/** Returns the sentence of an error's body, which is text or JSON. */
function plain(body) {
  try {
    const json = JSON.parse(body);
    const error = json.error ?? json;
    const text = typeof error === 'string' ? error : error.message;
    if (text) return error.code ? `${error.code} ${text}` : text;
  } catch {
    // It is text.
  }
  return body.trim().slice(0, 2_000);
}

export async function getJson(path) {
  const response = await open(path, AbortSignal.timeout(TIMEOUT_MS));
  return response.json();
}

/** Returns how long to wait after that many failures in a row. */
export function backoff(failures) {
  return Math.min(LONGEST_BACKOFF_MS, 500 * 2 ** failures);
}

/** Asks for one path again and again, never twice at once. Rests after a 401 until it is woken. */
export class Poller {
  #path;
  #waits;
  #heard;
  #failed;
  #timer = 0;
  #busy = false;
  #failures = 0;

  /** @param waits milliseconds between requests: `visible` and `hidden`, of the page */
  constructor(path, waits, heard, failed) {
    this.#path = path;
    this.#waits = waits;
    this.#heard = heard;
    this.#failed = failed;
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.wake();
    });
  }

  /** Asks now, unless a request is under way. */
  async wake() {
    if (this.#busy) return;
    this.#busy = true;
    clearTimeout(this.#timer);
    let wait = null;
    try {
      const answer = await getJson(this.#path);
      this.#failures = 0;
      wait = document.visibilityState === 'visible' ? this.#waits.visible : this.#waits.hidden;
      this.#heard(answer);
    } catch (error) {
      if (wait !== null) throw error; // a defect of this page: the browser's console shows it
      if (error.status !== 401) wait = Math.max(this.#waits.visible, backoff(this.#failures++));
      this.#failed(error);
    } finally {
      this.#busy = false;
      if (wait !== null) this.#timer = setTimeout(() => this.wake(), wait);
    }
  }
}
