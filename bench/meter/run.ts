import { argv, exit } from "node:process";
import { Neighbourhood } from "./neighbourhood.ts";

/**
 * A process of its own for one size, so that memory is that of these meters alone: `count` meters, `days` days after one that warms up. One line of JSON:
 * octets of resident memory that they take, and CPU milliseconds (all threads) a day.
 */
const [count = 0, days = 0] = argv.slice(2).map(Number);
// All that can be had back, sparse pages too, so that what is left is the meters.
const collect = (): void => void globalThis.gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
collect();
const before = process.memoryUsage.rss();
const neighbourhood = new Neighbourhood(count);
neighbourhood.day();
collect();
const octets = process.memoryUsage.rss() - before;
const begin = process.cpuUsage();
for (let day = 0; day < days; day++) neighbourhood.day();
const { user, system } = process.cpuUsage(begin);
const kilowattHours = neighbourhood.kilowattHours(0);
if (!(kilowattHours > 100)) throw new Error(`the first meter counted ${kilowattHours} kWh in nineteen days`);
console.log(JSON.stringify({ octets, milliseconds: (user + system) / 1000 / days, peak: process.resourceUsage().maxRSS * 1024 }));
exit(0);
