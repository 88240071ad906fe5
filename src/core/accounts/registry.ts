import * as v from "valibot";
import { type Account, AccountSchema, homeIdOf } from "./account.ts";
import { UserError } from "../errors.ts";
import { parseJson } from "../json.ts";
import { migrate, type Move } from "./migrate.ts";

/** The version that is written. Source of the format: Loongphy's codex-auth 0.2 to 0.3. */
export const REGISTRY_VERSION = 4;

const orNull = <T>(schema: v.GenericSchema<T>) => v.optional(v.nullable(schema), null);

const RegistrySchema = v.looseObject({
  schema_version: v.literal(REGISTRY_VERSION),
  active_account_key: orNull(v.string()),
  previous_active_account_key: orNull(v.string()),
  active_account_activated_at_ms: orNull(v.number()),
  interval_seconds: v.optional(v.number(), 60),
  accounts: v.optional(v.array(AccountSchema), []),
});

/** The account registry; unknown fields are kept. `active_account_key` is the default account. */
export type Registry = v.InferOutput<typeof RegistrySchema>;

/** Returns a registry without accounts. */
export const emptyRegistry = (): Registry => v.parse(RegistrySchema, { schema_version: REGISTRY_VERSION });

/**
 * Takes the text of registry.json (version 2 to 4) and its path for messages; `readSnapshot` reads a file of `accounts/` (version 2 needs it).
 * Returns it as version 4, with the files that version 2 names otherwise. Throws UserError for a newer version or a damaged file: neither is
 * ever written over.
 */
export function readRegistry(
  text: string,
  path: string,
  readSnapshot: (name: string) => string | undefined,
): { registry: Registry; moves: Move[] } {
  const document = parseJson(text);
  if (document === undefined) throw damaged(path, "it is not JSON");
  const migrated = migrate(document, path, readSnapshot);
  const parsed = v.safeParse(RegistrySchema, migrated.document);
  if (parsed.success) return { registry: inPlace(parsed.output, document), moves: migrated.moves };
  const [issue] = parsed.issues;
  throw damaged(path, `${v.getDotPath(issue) ?? "the document"}: ${issue.message}`);
}

/** Returns the registry with the fields that are not ours where they stand in the document, so that a save changes what has changed and no more. */
function inPlace(registry: Registry, document: unknown): Registry {
  const records: unknown[] = isObject(document) && Array.isArray(document.accounts) ? document.accounts : [];
  const accounts = registry.accounts.map((account, at) => inOrderOf(records[at], account, ACCOUNT_FIELDS));
  return inOrderOf(document, { ...registry, accounts }, REGISTRY_FIELDS);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** Returns a value with the fields of `ours` in their order, and each other one behind that of ours which it follows in the source. */
function inOrderOf<T extends object>(source: unknown, value: T, ours: ReadonlySet<string>): T {
  const names = isObject(source) ? Object.keys(source) : [];
  const firstOther = names.findIndex((name) => !ours.has(name));
  if (firstOther === -1) return value;
  if (isObject(source))
    for (const name of names.filter((one) => UNCHECKED.has(one)))
      setOwn(value, name, Object.getOwnPropertyDescriptor(source, name)?.value);
  const isBetween = names.slice(firstOther).some((name) => ours.has(name));
  return isBetween ? withFieldsIn(namesIn(names, [...ours]), value) : value;
}

const ACCOUNT_FIELDS: ReadonlySet<string> = new Set(Object.keys(AccountSchema.entries));
const REGISTRY_FIELDS: ReadonlySet<string> = new Set(Object.keys(RegistrySchema.entries));

/** Fields of these names no schema lets through. */
const UNCHECKED = new Set(["__proto__", "prototype", "constructor"]);

/** Sets a field that may be called `__proto__`. */
const setOwn = (object: object, name: string, value: unknown) =>
  Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });

function namesIn(names: readonly string[], ours: readonly string[]): string[] {
  const followers = new Map<string, string[]>(ours.map((name) => [name, []]));
  let last = ours.at(-1) ?? "";
  for (const name of names) {
    if (followers.has(name)) last = name;
    else followers.get(last)?.push(name);
  }
  return [...followers].flat(2);
}

function withFieldsIn<T extends object>(names: readonly string[], value: T): T {
  const ordered = { ...value };
  for (const name of names) {
    const field: unknown = Object.getOwnPropertyDescriptor(ordered, name)?.value;
    Reflect.deleteProperty(ordered, name);
    setOwn(ordered, name, field);
  }
  return ordered;
}

/** The registry of `readRegistry`. */
export const parseRegistry = (...source: Parameters<typeof readRegistry>): Registry => readRegistry(...source).registry;

function damaged(path: string, why: string): UserError {
  return new UserError(`${path} is damaged: ${why}`, {
    hint: "restore one of registry.json.bak.* beside it, or move it away and run: codex-auth import --purge",
  });
}

/**
 * Returns the text of registry.json: 2-space indent, fields in the format's order, unknown ones where they were. No newline at the end: the
 * older tool compares bytes, and would make a backup and write the file again.
 */
export const renderRegistry = (registry: Registry) => JSON.stringify(registry, null, 2);

/** Whether two registries are saved as the same text. */
export const isSameRegistry = (a: Registry, b: Registry) => a === b || renderRegistry(a) === renderRegistry(b);

/** Returns the account with this key, if there is one. */
export function findAccount(registry: Registry, key: string | null | undefined): Account | undefined {
  return registry.accounts.find((account) => account.account_key === key);
}

/** Returns the account whose home has this id, if there is one. */
export function accountOfHome(
  { accounts }: Pick<Registry, "accounts">,
  homeId: string | undefined,
): Account | undefined {
  return accounts.find((account) => homeIdOf(account.account_key) === homeId);
}

/** Returns the registry with this account in it: in the place of the one with its key, else at the end. */
export function putAccount(registry: Registry, account: Account): Registry {
  const known = findAccount(registry, account.account_key) !== undefined;
  const accounts = known
    ? registry.accounts.map((other) => (other.account_key === account.account_key ? account : other))
    : [...registry.accounts, account];
  return { ...registry, accounts };
}

/**
 * Returns the registry with another record, and account key, in the place of that with the key `from`: also as the default and the previous one.
 * A record with the new key goes: the new one is of both.
 */
export function replaceAccount(registry: Registry, from: string, account: Account): Registry {
  const to = account.account_key;
  const keyOf = (key: string | null) => (key === from ? to : key);
  const active = keyOf(registry.active_account_key);
  const previous = keyOf(registry.previous_active_account_key);
  return {
    ...registry,
    active_account_key: active,
    previous_active_account_key: previous === active ? null : previous,
    accounts: registry.accounts
      .filter((other) => other.account_key !== to)
      .map((other) => (other.account_key === from ? account : other)),
  };
}

/** Returns the registry without the accounts of these keys; the default and the previous one are forgotten with them. */
export function withoutAccounts(registry: Registry, keys: readonly string[]): Registry {
  const keep = (key: string | null) => (key !== null && keys.includes(key) ? null : key);
  const active = keep(registry.active_account_key);
  return {
    ...registry,
    active_account_key: active,
    previous_active_account_key: keep(registry.previous_active_account_key),
    active_account_activated_at_ms: active === null ? null : registry.active_account_activated_at_ms,
    accounts: registry.accounts.filter((account) => !keys.includes(account.account_key)),
  };
}

/** Returns the registry with another default account (or none), as of `now` in milliseconds; the one before becomes the previous. */
export function withDefault(registry: Registry, key: string | null, now: number): Registry {
  if (registry.active_account_key === key) return registry;
  const active = {
    ...registry,
    active_account_key: key,
    previous_active_account_key: registry.active_account_key ?? registry.previous_active_account_key,
    active_account_activated_at_ms: key === null ? null : now,
  };
  const account = findAccount(active, key);
  return account ? putAccount(active, { ...account, last_used_at: Math.floor(now / 1000) }) : active;
}
