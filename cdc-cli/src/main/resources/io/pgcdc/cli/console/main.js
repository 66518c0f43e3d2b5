// Starts the page: asks the server, and hands each answer to the sections.

import { byId, show } from './dom.js';
import { Poller, getJson } from './net.js';
import { Header } from './header.js';
import { Connection } from './connection.js';
import { Tabs } from './tabs.js';
import { showProblems } from './problems.js';
import { Flow } from './flow.js';
import { showWork } from './work.js';
import { History } from './history.js';
import { Charts } from './charts.js';
import { Wal } from './wal.js';
import { Tables } from './tables.js';
import { Tail } from './tail.js';

const header = new Header();
const flow = new Flow(byId('flow'));
const charts = new Charts();
const wal = new Wal();
const tables = new Tables();
const tail = new Tail();
const tabs = new Tabs(byId('tabs'), byId('panel'), render);
const connection = new Connection(start);

/** By pipeline, its last hour. */
let histories = new Map();
let historyWanted = true;
let pipelines = [];
let costs = [];

const status = new Poller(
  '/status',
  { visible: 1_000, hidden: 10_000 },
  answer => {
    connection.answered();
    pipelines = answer.pipelines ?? [answer];
    if (historyWanted) loadHistory();
    for (const one of pipelines) historyOf(one).add(one);
    render();
  },
  error => {
    connection.failed(error);
    tail.rest();
    historyWanted = true; // there is a gap, or another run
  },
);

const tablesPoller = new Poller(
  '/tables',
  { visible: 2_000, hidden: 10_000 },
  answer => {
    costs = answer.pipelines ?? [];
    tables.show(costsOf(tabs.chosen));
    tail.suggest(costsOf(tabs.chosen));
  },
  error => tables.failed(error),
);

function start() {
  status.wake();
  tablesPoller.wake();
}

async function loadHistory() {
  historyWanted = false;
  try {
    const answer = await getJson('/history');
    histories = new Map((answer.pipelines ?? []).map(one => [one.pipeline, new History(one)]));
  } catch (error) {
    historyWanted = error.status !== 404; // a server without a history: the charts begin now
  }
}

function historyOf(pipeline) {
  let history = histories.get(pipeline.pipeline);
  if (!history) {
    history = new History();
    histories.set(pipeline.pipeline, history);
  }
  return history;
}

const costsOf = name => costs.find(one => one.pipeline === name) ?? (costs.length === 1 ? costs[0] : null);

let shown = null;

function render() {
  tabs.show(pipelines);
  const one = pipelines.find(pipeline => pipeline.pipeline === tabs.chosen);
  show(byId('panel'), one !== undefined);
  if (!one) return;
  header.show(one);
  showProblems(one);
  flow.show(one);
  showWork(one);
  const history = historyOf(one);
  charts.show(history);
  wal.show(one, history);
  tail.show(one);
  if (shown !== tabs.chosen) {
    shown = tabs.chosen;
    tables.show(costsOf(shown));
    tail.suggest(costsOf(shown));
  }
}

start();
