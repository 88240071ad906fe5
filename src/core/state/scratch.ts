import { basename, join } from "node:path";
import type { Context } from "../../context.ts";
import { readCredential } from "../accounts/auth-file.ts";
import type { Layout } from "../base/layout.ts";
import { maskedLabelOf } from "../accounts/credential.ts";

const SCRATCH = /^login-[0-9a-f]{12}$/;

/** Returns the path of a new scratch home, for a `codex login` to run in. */
export const newScratch = (layout: Layout): string =>
  join(layout.ours, `login-${crypto.getRandomValues(new Uint8Array(6)).toHex()}`);

/** Returns the scratch homes that there are. */
export const scratchHomes = ({ files, layout }: Pick<Context, "files" | "layout">): string[] =>
  files
    .names(layout.ours)
    .filter((name) => SCRATCH.test(name))
    .map((name) => join(layout.ours, name));

/** Runs `work` while everybody can tell that somebody is at this scratch home. Throws UserError when another one is. */
export async function holdScratch<T>(ctx: Pick<Context, "locks">, scratch: string, work: () => Promise<T>): Promise<T> {
  return await ctx.locks.hold([join(scratch, "lock")], 0, () => new Taken(scratch), work);
}

class Taken extends Error {}

/** Takes the logins out of scratch homes that nobody is at any more: of commands that ended behind the browser. They wait in `pending/`. */
export async function takeUpLogins(ctx: Context): Promise<void> {
  const { files, layout } = ctx;
  for (const scratch of scratchHomes(ctx)) {
    const auth = join(scratch, "auth.json");
    if (readCredential(files, auth) === undefined) continue;
    const take = async () => {
      const credential = readCredential(files, auth);
      if (!credential) return;
      files.makeDirectory(layout.pending);
      files.move(auth, join(layout.pending, `${basename(scratch)}.auth.json`));
      files.removeTree(scratch);
      const who = credential.kind === "chatgpt" ? credential.email : maskedLabelOf(credential);
      ctx.log.info(`a login of ${who} that was broken off is taken up`);
    };
    await holdScratch(ctx, scratch, take).catch((error) => {
      if (!(error instanceof Taken)) throw error;
    });
  }
}
