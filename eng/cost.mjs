// What a month costs, from the prices and loads stated in infra/: node eng/cost.mjs
// How much work a delivery is: an event is dispatched in batches of 10 on average, an envelope carries 10 deliveries, a provider's call reports on 5;
// an execution takes 0.3 s. Operations of storage for a delivery: 2.5 of tables (rows go in transactions), 0.5 of queues. A row of the ledger and its attempt take 2 KB.
import { readFileSync } from 'node:fs';

const read = name => JSON.parse(readFileSync(new URL(`../infra/${name}`, import.meta.url)));
const prices = read('prices.json');
const days = 30;
// OTEL_TRACES_SAMPLER_ARG in infra/main.bicep.
const hostTracesPerSecond = 0.2;

function month(load) {
  const deliveries = load.deliveriesADay * days;
  const events = deliveries / load.deliveriesPerEvent;
  const executions = events / 10 + deliveries / 10 + deliveries / 5;
  const memory = load.instanceMemoryMB / 1024;
  const seconds = executions * 0.3 * memory;
  const ready = load.alwaysReadyFunctions * memory * prices.hoursOfAMonth * 3600;
  const f = prices.functions;
  // An instance that is always ready looks into its queue ten times a second.
  const polls = load.alwaysReadyFunctions * 10 * prices.hoursOfAMonth * 3600;
  const zone = load.zrs ? prices.storage.zrsFactor : 1;
  // Its host sends up to this many traces a second, of two spans each, about a kilobyte a span: looks into the queue fill that limit.
  const hostTraces = load.alwaysReadyFunctions * hostTracesPerSecond * prices.hoursOfAMonth * 3600;
  const logs = deliveries * load.telemetryKBPerDelivery / 1e6 + hostTraces * 2 / 1e6;
  return {
    'Functions, on demand': Math.max(0, seconds - f.freeGBs) * f.onDemandGBs + Math.max(0, executions - f.freeExecutions) / 1e6 * f.executionsPerMillion,
    'Functions, always ready': ready * f.alwaysReadyBaselineGBs,
    'Event Hubs': load.throughputUnits * prices.hoursOfAMonth * prices.eventHubs.throughputUnitHour + events / 1e6 * prices.eventHubs.millionEvents,
    'Azure Managed Redis': load.redisNodes * prices.hoursOfAMonth * prices.redis[load.redis],
    'Storage, operations': ((deliveries * 0.5 + polls) / 1e4 * prices.storage.queueOperationsPer10k + deliveries * 2.5 / 1e4 * prices.storage.tableOperationsPer10k) * zone,
    'Storage, ledger': deliveries * load.keptMonths * 2 / 1e6 * prices.storage.tableGBMonth * zone,
    'Logs, metrics, alerts': Math.max(0, logs - prices.monitor.freeGB) * prices.monitor.GB + 10 * prices.monitor.alertRuleMonth,
    'Key Vault': prices.keyVault.operationsPer10k,
  };
}

const [dev, prod] = Object.values(read('loads.json')).map(month);
const money = value => value.toFixed(2);
const sum = costs => Object.values(costs).reduce((all, one) => all + one, 0);
console.log(`| ${prices.currency} a month | dev | prod |`);
console.log('| --- | ---: | ---: |');
for (const name of Object.keys(dev)) {
  console.log(`| ${name} | ${money(dev[name])} | ${money(prod[name])} |`);
}
console.log(`| **all** | **${money(sum(dev))}** | **${money(sum(prod))}** |`);
