// Round steps for the axes of a chart.

const TIMES = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200];
const DAY = 86_400;

/** Returns the smallest of 1, 2 and 5 times a power of ten that is not less. */
export function decimalStep(least) {
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1e-9)));
  return power * [1, 2, 5, 10].find(factor => factor * power >= least * (1 - 1e-9));
}

/** The same for seconds: steps that are round in minutes and hours. */
export function timeStep(least) {
  return TIMES.find(step => step >= least) ?? DAY * Math.ceil(least / DAY);
}

/** Returns the window that a chart shows, in seconds, for data over that many. */
export function windowFor(seconds) {
  return [300, 900, 1_800].find(window => seconds <= window) ?? 3_600;
}

/** Returns the seconds between marks of the time axis. */
export function markStep(window, width) {
  const most = Math.max(2, Math.floor(width / 90));
  return [60, 300, 600, 900, 1_800].find(step => window / step <= most) ?? 1_800;
}
