import * as v from "valibot";

const text = v.nullable(v.string());
const count = v.nullable(v.number());
const Window = v.nullable(
  v.strictObject({
    used_percent: v.number(),
    window_minutes: v.nullable(v.pipe(v.number(), v.integer())),
    resets_at: v.nullable(v.pipe(v.number(), v.integer())),
  }),
);

const Usage = v.strictObject({
  source: v.picklist(["api", "local", "cache", "none"]),
  updated_at: count,
  primary: Window,
  secondary: Window,
  credits: v.nullable(v.strictObject({ has_credits: v.boolean(), unlimited: v.boolean(), balance: text })),
  reset_credits: count,
  reset_credit_details: v.unknown(),
  next_reset_at: count,
  refresh: v.strictObject({
    requested: v.boolean(),
    method: v.nullable(v.picklist(["api", "local"])),
    status: v.picklist(["not_requested", "ok", "no_data", "http_error", "missing_auth", "error"]),
    http_status: count,
    error_code: text,
  }),
});

/** An account as every document has it. */
export const Account = v.strictObject({
  number: v.pipe(v.number(), v.integer(), v.minValue(1)),
  account_key: v.string(),
  email: v.string(),
  alias: v.nullable(v.pipe(v.string(), v.nonEmpty())),
  account_name: v.nullable(v.pipe(v.string(), v.nonEmpty())),
  plan: text,
  auth_mode: text,
  auth_expires_at: count,
  active: v.boolean(),
  created_at: count,
  last_used_at: count,
  usage: Usage,
  label: v.string(),
  home_id: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  pins: v.array(v.string()),
  active_here: v.boolean(),
  logged_out: v.boolean(),
});

export const ListDocument = v.strictObject({
  schema_version: v.literal(1),
  command: v.literal("list"),
  active_account_key: text,
  accounts: v.array(Account),
});

export const CurrentDocument = v.strictObject({
  schema_version: v.literal(1),
  command: v.literal("current"),
  account: v.nullable(Account),
  source: v.nullable(v.picklist(["use", "pin", "default"])),
  pin: text,
  codex_home: v.string(),
  billed: v.nullable(Account),
  codex: text,
  shim: v.boolean(),
  overridden_by: v.array(v.string()),
});

export const PinsDocument = v.strictObject({
  schema_version: v.literal(1),
  command: v.literal("pins"),
  pins: v.array(v.strictObject({ path: v.string(), home_id: text, account: v.nullable(v.omit(Account, ["pins"])) })),
});

export const CheckDocument = v.strictObject({
  schema_version: v.literal(1),
  command: v.literal("check"),
  checks: v.array(
    v.strictObject({
      account: Account,
      status: v.picklist(["works", "limited", "revoked", "expired", "logged_out", "unasked"]),
      http_status: count,
      why: text,
    }),
  ),
});

/** Takes standard output; returns the document, which must be of this kind and end in a newline. */
export function parseDocument<const S extends v.GenericSchema>(schema: S, output: string): v.InferOutput<S> {
  if (!output.endsWith("}\n")) throw new Error(`not one document: ${output.slice(-80)}`);
  return v.parse(schema, JSON.parse(output));
}
