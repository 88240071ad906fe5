import * as v from "valibot";
import { authOfCpa } from "../../core/accounts/cpa.ts";
import {
  type Credential,
  type CredentialFault,
  parseCredential,
  renderApiKeyFile,
} from "../../core/accounts/credential.ts";
import { parseJson } from "../../core/json.ts";
import type { Candidate } from "./sources.ts";

/** Returns what a text holds: one credential or several, each told from what it says. `cpa`: what is nothing else is CLIProxyAPI's, and lacks something. */
export function candidatesIn(name: string, raw: string, mtimeMs: number, cpa: boolean): Candidate[] {
  const text = raw.replace(/^\ufeff/, "");
  const several = elementsIn(text);
  if (!several) return [{ name, mtimeMs, found: credentialIn(text, parseJson(text), cpa) }];
  return several.map((element, at) => ({
    name: several.length === 1 ? name : `${name}[${at + 1}]`,
    mtimeMs,
    found: credentialIn(JSON.stringify(element, null, 2), element, cpa),
  }));
}

const ListSchema = v.looseObject({ accounts: v.array(v.unknown()), tokens: v.optional(v.undefined()) });

/** Returns the credentials of a file that holds several: an array, `{"accounts": […]}`, or a JSON document a line. */
function elementsIn(text: string): unknown[] | undefined {
  const document = parseJson(text);
  if (Array.isArray(document)) return document;
  const list = v.safeParse(ListSchema, document);
  if (list.success && list.output.accounts.length > 0) return list.output.accounts;
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const documents = document === undefined && lines.length > 1 ? lines.map(parseJson) : [];
  return documents.length > 0 && documents.every(isObject) ? documents : undefined;
}

const isObject = (value: unknown) => typeof value === "object" && value !== null;

/** Takes the text of one credential and what it says as JSON; what it is is told from that. `cpa`: what is nothing else is CLIProxyAPI's. */
function credentialIn(text: string, document: unknown, cpa: boolean): Credential | CredentialFault {
  const found = knownIn(text, document);
  return found === "MalformedJson" && (cpa || isFlat(document)) ? credentialOfCpa(document) : found;
}

/** Returns the credential of a text that is not CLIProxyAPI's: Codex's own, opencode's, or a bare key. */
function knownIn(text: string, document: unknown): Credential | CredentialFault {
  const opencode = v.safeParse(OpencodeSchema, document);
  if (opencode.success && opencode.output.openai.type === "oauth")
    return "UnsupportedLogin: opencode's, which lacks the id_token";
  const key = opencode.success ? opencode.output.openai.key : document === undefined ? keyIn(text) : undefined;
  return parseCredential(key === undefined ? text : renderApiKeyFile(key));
}

/** opencode's auth.json: a login, or a key, by provider. */
const OpencodeSchema = v.looseObject({
  openai: v.looseObject({ type: v.picklist(["oauth", "api"]), key: v.optional(v.string()) }),
});

/** Whether a document has its tokens as CLIProxyAPI keeps them, at the top. */
const isFlat = (document: unknown) =>
  v.is(v.looseObject({ access_token: v.string(), tokens: v.optional(v.undefined()) }), document);

/** Returns the API key of a file that holds nothing else: bare, or as `OPENAI_API_KEY=…` among the lines of an `.env`. */
function keyIn(text: string): string | undefined {
  const assigned = /^\s*(?:export\s+)?OPENAI_API_KEY\s*=\s*(["']?)([^\s"'#]+)\1\s*(?:#.*)?$/m.exec(text)?.[2];
  return assigned ?? /^\s*(sk-[\w-]+)\s*$/.exec(text)?.[1];
}

function credentialOfCpa(document: unknown): Credential | CredentialFault {
  const auth = authOfCpa(document);
  return "fault" in auth ? auth.fault : parseCredential(auth.text);
}
