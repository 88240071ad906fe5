import type { Context } from "./context.ts";
import { renderShimStart, type Shim } from "./core/shim.ts";
import { quote } from "./shell.ts";

const sh = (text: string) => quote("sh", text);

/**
 * Returns a shim. It is the program by its absolute path, started so that the runtime does not see the working directory: no file in it is read.
 * Where the program is gone it fails: the real codex would bill the default account without a word.
 */
export function renderShim({ program }: Pick<Context, "program">, shim: Shim): string {
  const [runtime = "", ...words] = program;
  const script = words.at(-1);
  const inRoot = script === undefined ? [] : ["--cwd=/"];
  const needs = [`[ -x ${sh(runtime)} ]`, ...(script === undefined ? [] : [`[ -r ${sh(script)} ]`])];
  const call = [runtime, ...inRoot, ...words, "shim-exec", `--base=${shim.base}`];
  const use = shim.homeId === undefined ? [] : [`--use=${shim.homeId}`];
  return `${renderShimStart(shim)}# Becomes the real codex, as ${shim.homeId === undefined ? "the account of the working directory" : "one account"}: see codex-auth help shim.
if ! { ${needs.join(" && ")}; }; then
  printf '%s\\n' "codex-auth: the program that the shim $0 needs is gone, and codex does not start" \\
    "  try: codex-auth shim install, or without codex-auth: rm $0" >&2
  exit 1
fi
exec ${[...call, ...use].map(sh).join(" ")} --from="\${PWD-}" -- "$@"
`;
}
