import { UserError } from "../core/errors.ts";
import { labelOf } from "../core/accounts/account.ts";
import { loginWithApiKey, loginWithCodex } from "./login/logging-in.ts";
import { secretView } from "../core/selectors/secret.ts";
import type { Context } from "../context.ts";
import { defineVerb } from "../verb.ts";

export default defineVerb({
  args: {
    "device-auth": { type: "boolean", description: "log in with a code on another device" },
    "with-api-key": {
      type: "boolean",
      description: "add an API key: from standard input, or typed without being shown",
    },
    alias: { type: "string", description: "name the account", valueHint: "ALIAS" },
    pin: { type: "boolean", description: "pin this directory to the account; the default account stays" },
  },
  examples: [
    "codex-auth login",
    "codex-auth login --device-auth --alias work",
    "printenv OPENAI_API_KEY | codex-auth login --with-api-key",
    "codex-auth login --pin",
  ],
  async run(ctx, args) {
    if (args["device-auth"] && args["with-api-key"]) {
      throw new UserError("--device-auth and --with-api-key exclude each other", {
        exitCode: 2,
        hint: "give one of them",
      });
    }
    const options = { alias: args.alias, pin: args.pin ? ctx.cwd : undefined };
    const account = args["with-api-key"]
      ? await loginWithApiKey(ctx, await readKey(ctx), options)
      : await loginWithCodex(ctx, args["device-auth"], options);
    ctx.terminal.out(`${labelOf(account)} ${args.pin ? `is used in ${ctx.cwd}` : "is the default account"}\n`);
  },
});

async function readKey(ctx: Context): Promise<string> {
  const { terminal } = ctx;
  if (!terminal.tty.in || !terminal.tty.err) return (await terminal.readInput()).trim();
  const secret = (await terminal.interact(secretView("API key (not shown): ")))?.secret;
  if (secret) return secret.trim();
  throw new UserError("broken off; nothing has changed", { exitCode: 130, code: "cancelled" });
}
