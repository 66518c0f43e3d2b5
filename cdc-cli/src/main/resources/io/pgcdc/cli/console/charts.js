// The charts of lag and rate, from a pipeline's history.

import { byId } from './dom.js';
import { brief, time } from './amounts.js';
import { Chart } from './chart.js';
import { decimalStep, timeStep, windowFor } from './scale.js';

export class Charts {
  #lag = new Chart(byId('lag-chart'), { name: 'Lag of each sink', format: time, step: timeStep, least: 1 });
  #rate = new Chart(byId('rate-chart'), { name: 'Changes per second', format: brief, step: decimalStep, least: 4 });

  show(history) {
    const sinks = [...history.sinks];
    const lags = sinks.map(([name, { lag }], number) => ({ name, number, values: lag }));
    this.#lag.show(history.at, lags, lagSummary(history, lags));
    const rates = sinks.map(([name, { rate }], number) => ({ name, number, values: rate }));
    const captured = { name: 'from server', values: history.captured };
    this.#rate.show(history.at, [captured, ...rates], rateSummary(history));
  }
}

/** Returns for example "Last 15 min". */
export function period(history) {
  return `Last ${time(windowFor((history.at.at(-1) ?? 0) - (history.at[0] ?? 0)))}`;
}

function lagSummary(history, lags) {
  const highest = peak(lags);
  if (!highest) return 'No lag is known yet.';
  return highest.value < 1
    ? `${period(history)}: each sink was less than 1 s behind.`
    : `${period(history)}: at most ${time(highest.value)}, ${highest.name}.`;
}

function rateSummary(history) {
  const highest = peak([{ name: '', values: history.captured }]);
  if (!highest) return 'No rate is known yet.';
  return `${period(history)}: up to ${brief(highest.value)} changes/s from the server.`;
}

function peak(series) {
  let highest = null;
  for (const { name, values } of series) {
    for (const value of values) {
      if (value !== null && (highest === null || value > highest.value)) highest = { name, value };
    }
  }
  return highest;
}
