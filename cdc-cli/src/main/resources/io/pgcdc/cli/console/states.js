// The tone of each state: ok, busy, warn, bad or idle. The style sheet gives each a colour and a shape.

const OF_HEALTH = { healthy: 'ok', degraded: 'warn', down: 'bad' };

const OF_SINK = {
  running: 'ok',
  replaying: 'busy',
  retrying: 'warn',
  failed: 'bad',
};

const OF_SNAPSHOT = { reading: 'busy', finished: 'ok', failed: 'bad' };

export const healthTone = health => OF_HEALTH[health] ?? 'idle';
export const sinkTone = state => OF_SINK[state] ?? 'idle';
export const snapshotTone = state => OF_SNAPSHOT[state] ?? 'idle';

/** Returns the word for the reading from the server, and its tone. */
export function sourceState(status) {
  const source = status.source ?? {};
  if (source.paused) return ['paused', 'idle'];
  if (source.connected) return ['connected', 'ok'];
  if (status.state === 'running') return source.error ? ['not connected', 'bad'] : ['not connected', 'warn'];
  return [status.state ?? 'unknown', status.state === 'failed' ? 'bad' : 'idle'];
}
