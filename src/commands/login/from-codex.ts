import { basename, join } from "node:path";
import type { Context } from "../../context.ts";
import { type Credential, isCredential, parseCredential } from "../../core/accounts/credential.ts";
import { keepFile, keptNote } from "../../core/base/kept.ts";
import { UserError } from "../../core/errors.ts";
import { runStep } from "../../core/reconcile/execute.ts";
import { checkChangeable } from "../../core/state/our-lock.ts";
import { holdScratch, newScratch } from "../../core/state/scratch.ts";

/**
 * Runs `codex login` in a scratch home and hands what it leaves to `take`. Throws UserError when it was broken off: then nothing has changed.
 * When `take` throws, the login waits for the next sync, which takes it up: it is never lost.
 */
export async function loginWithCodex<T>(
  ctx: Context,
  deviceAuth: boolean,
  take: (credential: Credential) => Promise<T>,
): Promise<T> {
  const { files, layout, codex } = ctx;
  const program = codex.find();
  if (program === undefined) throw new UserError("there is no codex on PATH", { hint: "npm install -g @openai/codex" });
  const isNew = [layout.ours, layout.base].filter((path) => files.entry(path) === undefined);
  checkChangeable(ctx); // before anybody logs in for nothing
  const scratch = newScratch(layout);
  files.makeDirectory(scratch);
  try {
    return await holdScratch(ctx, scratch, async () => {
      const credential = await runLogin(ctx, program, scratch, deviceAuth);
      return await take(credential).catch((error) => {
        runStep(ctx, { do: "park", keyHash: basename(scratch), text: credential.text });
        throw error;
      });
    });
  } finally {
    const kept = keepFile(ctx, join(scratch, "auth.json"));
    if (kept !== undefined) ctx.log.warn(keptNote(kept));
    files.removeTree(scratch);
    for (const path of isNew) files.removeEmpty(path);
  }
}

async function runLogin(ctx: Context, program: string, scratch: string, deviceAuth: boolean): Promise<Credential> {
  const { files, layout, codex, env } = ctx;
  files.link(layout.config, join(scratch, "config.toml"));
  const issuer = env.CODEX_AUTH_ISSUER_URL;
  const flags = [deviceAuth ? "--device-auth" : [], issuer ? ["--experimental_issuer", issuer] : []].flat();
  const code = await codex.run(program, ["login", "-c", 'cli_auth_credentials_store="file"', ...flags], scratch);
  const text = files.read(join(scratch, "auth.json"));
  if (code !== 0 || text === undefined) {
    throw new UserError("codex login was broken off; nothing has changed", { hint: "codex-auth login" });
  }
  const credential = parseCredential(text);
  if (isCredential(credential)) return credential;
  throw new UserError(`codex login left a login that codex-auth does not know: ${credential}`, { hint: "codex login" });
}
