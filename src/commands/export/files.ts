import { join } from "node:path";
import type { Files } from "../../io/files.ts";
import { withoutControls } from "../../core/printable.ts";
import { authOfCpa, cpaOf } from "../../core/accounts/cpa.ts";
import { type Credential, isCredential, parseCredential } from "../../core/accounts/credential.ts";

/** A file to be written: its name is `stem` and `end`, with a number between them where that is taken. */
export interface ExportFile {
  stem: string;
  end: string;
  text: string;
}

/** In bytes: a name may have 255. */
const LONGEST_STEM = 180;

/** Returns a login as CLIProxyAPI keeps it; undefined for an API key, for which that has no use. */
export function cpaFile(credential: Credential): ExportFile | undefined {
  if (credential.kind !== "chatgpt") return undefined;
  const { email, plan } = credential;
  const name = withoutControls(`codex-${email}${plan ? `-${plan}` : ""}`).replaceAll("/", "_");
  const stem = Buffer.from(name)
    .subarray(0, LONGEST_STEM)
    .toString()
    .replace(/\ufffd$/, "");
  return { stem, end: ".json", text: cpaOf(credential) };
}

/** Returns a name in the directory that nothing has, or that a credential of the same account has. */
export function freeName(files: Files, directory: string, { stem, end }: ExportFile, credential: Credential): string {
  for (let n = 1; ; n++) {
    const name = `${stem}${n === 1 ? "" : `-${n}`}${end}`;
    if (!files.entry(join(directory, name)) || holdsSame(files, join(directory, name), credential)) return name;
  }
}

function holdsSame(files: Files, path: string, credential: Credential): boolean {
  const other = readCredential(files, path);
  if (!other || other.kind !== credential.kind) return false;
  return idOf(other) === idOf(credential);
}

const idOf = (credential: Credential) => (credential.kind === "chatgpt" ? credential.accountKey : credential.keyHash);

/** Returns the credential in a file of either format. */
function readCredential(files: Files, path: string): Credential | undefined {
  try {
    const text = files.read(path) ?? "";
    const credential = parseCredential(text);
    if (isCredential(credential)) return credential;
    const auth = authOfCpa(JSON.parse(text));
    const converted = "text" in auth ? parseCredential(auth.text) : auth.fault;
    return isCredential(converted) ? converted : undefined;
  } catch {
    return undefined;
  }
}
