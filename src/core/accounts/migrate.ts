import * as v from "valibot";
import { fileKeyOf } from "./account.ts";
import { isCredential, parseCredential } from "./credential.ts";
import { UserError } from "../errors.ts";
import { storedPlan } from "./plans.ts";

/** A credential that version 2 keeps under another name: `accounts/<from>.auth.json` belongs to the account `to`. */
export interface Move {
  from: string;
  to: string;
}

/** A registry in the shape of version 4, and the files to be renamed before it holds. */
export interface Migrated {
  document: unknown;
  moves: Move[];
}

const DocumentSchema = v.looseObject({ schema_version: v.optional(v.number()), version: v.optional(v.number()) });
type Document = v.InferOutput<typeof DocumentSchema>;

const EmailKeyedSchema = v.looseObject({
  account_key: v.optional(v.undefined()),
  email: v.pipe(v.string(), v.nonEmpty()),
});
const PlanSchema = v.looseObject({ plan: v.string() });
const UsagePlanSchema = v.looseObject({ last_usage: v.looseObject({ plan_type: v.string() }) });

/**
 * Takes a parsed registry.json of version 2 to 4; `readSnapshot` reads a file of `accounts/`. Returns it in the shape of version 4, unknown
 * fields kept; nothing is changed on disk. Throws UserError for another version.
 * Source of the versions: Loongphy's codex-auth, docs/schema-migration.md and src/registry/.
 */
export function migrate(document: unknown, path: string, readSnapshot: (name: string) => string | undefined): Migrated {
  const parsed = v.safeParse(DocumentSchema, document);
  if (Array.isArray(document) || !parsed.success) return { document, moves: [] };
  const found = versionOf(parsed.output);
  if (found < 2 || found > 4) throw unknownVersion(path, found);
  const { version: _, active_email: email, ...kept } = parsed.output;
  if (!Array.isArray(kept.accounts)) return { document: { ...kept, schema_version: 4 }, moves: [] };
  const records: unknown[] = found < 4 ? kept.accounts.map(withStoredPlans) : kept.accounts;
  const accounts = records.map((record) => identified(record, readSnapshot));
  return {
    document: {
      ...kept,
      schema_version: 4,
      active_account_key: kept.active_account_key ?? keyOfEmail(accounts, email),
      interval_seconds: kept.interval_seconds ?? liveInterval(kept),
      accounts: accounts.map(({ record }) => record),
    },
    moves: accounts.flatMap(({ move }) => move ?? []),
  };
}

function versionOf({ schema_version, version, active_email }: Document): number {
  return schema_version ?? version ?? (active_email === undefined ? 4 : 2);
}

function unknownVersion(path: string, found: number): UserError {
  const message = `${path} has version ${found}, and this codex-auth knows 2 to 4`;
  if (found < 2) return new UserError(message, { hint: "move it away, then: codex-auth import --purge" });
  return new UserError(message, {
    hint: "update codex-auth, or use the program that wrote the file; nothing has been changed",
  });
}

interface Identified {
  record: unknown;
  key?: string;
  /** The e-mail that version 2 knew the account by. */
  email?: string;
  move?: Move;
}

/**
 * Gives a record of version 2 its account key, which only its credential tells. Without a good one the e-mail is the key: then its files are
 * where they were, and nothing is lost.
 */
function identified(record: unknown, readSnapshot: (name: string) => string | undefined): Identified {
  const parsed = v.safeParse(EmailKeyedSchema, record);
  if (!parsed.success) return { record };
  const email = parsed.output.email.toLowerCase();
  const from = Buffer.from(email).toString("base64url");
  const credential = parseCredential(readSnapshot(`${from}.auth.json`) ?? "");
  if (!isCredential(credential) || credential.kind !== "chatgpt" || credential.email !== email) {
    return { record: { ...parsed.output, email, account_key: email }, key: email, email, ...moveTo(email, from) };
  }
  const { accountKey: key, accountId, userId, plan } = credential;
  const ids = { account_key: key, chatgpt_account_id: accountId, chatgpt_user_id: userId, auth_mode: "chatgpt" };
  const named = { ...parsed.output, email, ...ids, plan: plan ?? parsed.output.plan };
  return { record: named, key, email, ...moveTo(key, from) };
}

const moveTo = (to: string, from: string) => (fileKeyOf(to) === from ? {} : { move: { from, to } });

/** Version 4 gave `team` and `business` other names. */
function withStoredPlans(record: unknown): unknown {
  const planned = v.safeParse(PlanSchema, record);
  const named = planned.success ? { ...planned.output, plan: storedPlan(planned.output.plan) } : record;
  const used = v.safeParse(UsagePlanSchema, named);
  if (!used.success) return named;
  const { last_usage: usage } = used.output;
  return { ...used.output, last_usage: { ...usage, plan_type: storedPlan(usage.plan_type) } };
}

const keyOfEmail = (accounts: readonly Identified[], email: unknown): string | undefined =>
  typeof email === "string" ? accounts.find((account) => account.email === email.toLowerCase())?.key : undefined;

const LiveSchema = v.looseObject({ live: v.looseObject({ interval_seconds: v.number() }) });

/** Some of version 3 kept the interval in a block of its own. */
function liveInterval(document: Document): number | undefined {
  const parsed = v.safeParse(LiveSchema, document);
  return parsed.success ? parsed.output.live.interval_seconds : undefined;
}

/** Whether a parsed registry.json is of a version that only a newer program knows. */
export function isNewer(document: unknown): boolean {
  const parsed = v.safeParse(DocumentSchema, document);
  return parsed.success && versionOf(parsed.output) > 4;
}
