// Numbers for a person, as `cdc status` prints them.

export const UNKNOWN = '–';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const BYTES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];
const COUNTS = ['', 'k', 'M', 'G', 'T'];
const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

const known = number => Number.isFinite(number);

/** Returns for example 1,700,000. */
export function count(number) {
  return known(number) ? whole.format(number) : UNKNOWN;
}

/** Returns for example "1 retry" or "412 retries". */
export function counted(number, one, many = one + 's') {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** Returns for example 1.2 GB or 310 MB, in powers of 1000. */
export function bytes(number) {
  if (!known(number)) return UNKNOWN;
  let amount = Math.abs(number);
  let unit = 0;
  while (Math.round(amount) >= 1000 && unit < BYTES.length - 1) {
    amount /= 1000;
    unit++;
  }
  return `${number < 0 ? '-' : ''}${amount.toFixed(unit > 0 && amount < 9.95 ? 1 : 0)} ${BYTES[unit]}`;
}

/** Returns a count in at most six characters, for example 950, 12.3 k or 1.7 M. */
export function brief(number) {
  if (!known(number)) return UNKNOWN;
  let amount = Math.max(0, number);
  let unit = 0;
  while (Math.round(amount) >= 1000 && unit < COUNTS.length - 1) {
    amount /= 1000;
    unit++;
  }
  if (unit === 0) return amount.toFixed(amount < 9.95 && !Number.isInteger(amount) ? 1 : 0);
  return `${amount.toFixed(amount < 99.95 ? 1 : 0)} ${COUNTS[unit]}`;
}

/** Returns for example 57%. Less than all is never 100%. */
export function percent(share) {
  return known(share) ? `${Math.floor(share * 100 + 1e-9)}%` : UNKNOWN;
}

/** Returns for example 0.4 s, 40 s, 12 min, 3 h 10 min or 5 days. */
export function time(seconds) {
  if (!known(seconds)) return UNKNOWN;
  if (seconds < 9.95 && !Number.isInteger(seconds)) return `${seconds.toFixed(1)} s`;
  const all = Math.round(seconds);
  if (all < 2 * MINUTE) return `${all} s`;
  if (all < 2 * HOUR) return `${Math.floor(all / MINUTE)} min`;
  if (all < 2 * DAY) {
    const minutes = Math.floor((all % HOUR) / MINUTE);
    return `${Math.floor(all / HOUR)} h${minutes ? ` ${minutes} min` : ''}`;
  }
  return `${Math.floor(all / DAY)} days`;
}

const two = number => String(number).padStart(2, '0');

/** Returns the time of day here, for example 14:03:09. */
export function clock(date) {
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** Returns the time of day here with milliseconds, for example 14:03:09.120. */
export function fineClock(date) {
  return `${clock(date)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
