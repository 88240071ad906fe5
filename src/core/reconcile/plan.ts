import { planBase } from "./base.ts";
import { planCredentials } from "./credentials.ts";
import type { Disk } from "./disk.ts";
import { Draft } from "./draft.ts";
import { planHomes } from "./homes.ts";
import type { Plan } from "./step.ts";

/** Takes what is on disk; returns what to do so that each account has one live credential and each home its own account's. */
export function planReconcile(disk: Disk): Plan {
  const draft = new Draft(disk);
  planCredentials(draft);
  planBase(draft);
  planHomes(draft);
  return draft.result();
}
