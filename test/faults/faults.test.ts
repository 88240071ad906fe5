import { expect } from "bun:test";
import { testWith } from "../needs.ts";
import { FAULTS } from "./points.ts";
import { breakOff, findPoints, VARIANTS } from "./run.ts";
import { FaultWorld } from "./world.ts";

/** How many points of each command are taken here; `bun run faults` takes all. */
const SAMPLE = 2;

testWith(
  "strace",
  "a change that breaks off: an open shell shows who is billed or has it looked at again, no login is lost, the next command works",
  async () => {
    await using world = new FaultWorld();
    await world.settle();
    let count = 0;
    for (const [at, [name, variant]] of Object.entries(VARIANTS).entries()) {
      const points = await findPoints(world, variant);
      for (let taken = 0; taken < SAMPLE; taken++) {
        // others in each command, the same in each run
        const point = points[Math.floor(((taken + ((at * 5) % 7) / 7) * points.length) / SAMPLE)];
        const fault = FAULTS[(at + taken) % FAULTS.length];
        if (!point || !fault) continue;
        expect({ name, point, fault, wrong: await breakOff(world, variant, point, fault) }).toMatchObject({
          wrong: [],
        });
        count++;
      }
    }
    console.log(`${count} faults of the sample`);
  },
  600_000,
);
