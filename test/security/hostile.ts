import { join } from "node:path";
import type { User } from "../commands/user.ts";

/** A directory of a stranger's with everything that Bun, or a search of PATH, might run; what is run leaves a mark. */
export function hostile(user: User, manifest: string): { cwd: string; mark: string } {
  const mark = join(user.home, "ran");
  const program = `#!/bin/sh\necho "$0" >>"${mark}"\n`;
  const script = `require("node:fs").appendFileSync(${JSON.stringify(mark)}, __filename)`;
  user.write("hostile/package.json", manifest);
  user.write("hostile/.env", "CODEX_AUTH_BASE=/nowhere\n");
  user.write("hostile/bunfig.toml", 'preload = ["./trap.ts"]\n');
  const mapped = {
    compilerOptions: { paths: { citty: ["./trap.ts"], valibot: ["./trap.ts"], "node:*": ["./trap.ts"] } },
  };
  for (const name of ["tsconfig.json", "jsconfig.json"]) user.write(`hostile/${name}`, JSON.stringify(mapped));
  for (const name of ["trap.ts", "node_modules/citty/index.js", "node_modules/valibot/index.js"])
    user.write(`hostile/${name}`, script);
  for (const name of ["codex", "bun", "node_modules/.bin/codex", "node_modules/.bin/bun"])
    user.write(`hostile/${name}`, program, 0o755);
  return { cwd: join(user.home, "hostile"), mark };
}
