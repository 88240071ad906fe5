// what the picker's tests run on a pseudo-terminal: chooses an account of the registry in REGISTRY, as a command does
import { makeContext } from "../../src/context.ts";
import { chooseAccount } from "../../src/core/choose.ts";
import { UserError } from "../../src/core/errors.ts";
import { parseRegistry } from "../../src/core/registry.ts";

const { env, argv } = process;
const registry = parseRegistry(env.REGISTRY ?? "", "registry.json", () => undefined);
try {
  const { account_key: key } = await chooseAccount(makeContext(import.meta.path), registry, argv[2]);
  await Bun.write(Bun.stdout, `chosen: ${key}\n`);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  await Bun.write(Bun.stderr, `refused: ${error.message}\n`);
  process.exitCode = error.exitCode;
}
