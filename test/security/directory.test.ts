import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { User } from "../commands/user.ts";

const COMMANDS = [["list", "--skip-api"], ["current"], ["sync", "--quiet"], ["switch", "alice@example.com"], ["login"]];

/** A directory of a stranger's with everything that Bun, or a search of PATH, might run; what is run leaves a mark. */
function hostile(user: User, manifest: string): { cwd: string; mark: string } {
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

test.concurrent.each([
  ['{"name":"x","imports":{"#x":"./trap.ts"},"main":"./trap.ts"}', ""],
  ["{ broken \u001b]0;title\u0007", "a damaged package.json"],
])(
  "nothing of the working directory is run, whatever PATH says (package.json: %s)",
  async (manifest) => {
    await using user = new User();
    await user.add({ email: "alice@example.com" });
    const { cwd, mark } = hostile(user, manifest);
    user.write("bin/codex", "#!/bin/sh\nexit 1\n", 0o755);
    const bin = join(user.home, "bin");
    for (const path of [`:.:node_modules/.bin:${bin}:/usr/bin:/bin`, `${bin}:/usr/bin:/bin:`]) {
      for (const words of COMMANDS) {
        const { out, err } = await user.run(words, { cwd, env: { PATH: path } });
        expect(out + err).not.toMatch(/\u001b|\u0007/);
        expect({ path, words, ran: existsSync(mark) }).toEqual({ path, words, ran: false });
      }
    }
  },
  120_000,
);
