import { FAULTS } from "./points.ts";
import { breakOff, findPoints, VARIANTS } from "./run.ts";
import { FaultWorld } from "./world.ts";

// Breaks every changing command off at every call that changes something: killed, on a full disk, on a broken one. Words choose variants.
const chosen = process.argv.slice(2);
await using world = new FaultWorld();
await world.settle();
let count = 0;
let failed = 0;
for (const [name, variant] of Object.entries(VARIANTS)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  const points = await findPoints(world, variant);
  for (const point of points) {
    for (const fault of FAULTS) {
      count++;
      const wrong = await breakOff(world, variant, point, fault);
      if (wrong.length === 0) continue;
      failed++;
      console.log(`${name}, ${fault} at ${point.call} ${point.nth} (${point.what})\n  ${wrong.join("\n  ")}`);
    }
  }
  console.log(`${name}: ${points.length} points`);
}
console.log(`${count} faults, ${failed} of them with something wrong afterwards`);
process.exitCode = failed === 0 ? 0 : 1;
