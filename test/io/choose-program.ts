// what the picker's tests run on a pseudo-terminal: chooses an account, as a command does
import { makeContext } from "../../src/context.ts";
import { askWhich, chooseAccount } from "../../src/core/selectors/ask.ts";
import { UserError } from "../../src/core/errors.ts";
import { connectTerminal } from "../../src/io/terminal.ts";
import { viewState } from "../../src/core/state/state.ts";

const ctx = makeContext(
  import.meta.path,
  connectTerminal(process, (text) => void process.stdout.write(text)),
  "choose",
);
try {
  const which = await askWhich(ctx, process.argv[2]);
  const { account_key: key } = chooseAccount(ctx, viewState(ctx).registry, which);
  await Bun.write(Bun.stdout, `chosen: ${key}\n`);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  await Bun.write(Bun.stderr, `refused: ${error.message}\n`);
  process.exitCode = error.exitCode;
}
