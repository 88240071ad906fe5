import { afterAll, beforeAll, expect, test } from "bun:test";
import { ACCOUNTS, relevant } from "./accounts.ts";
import { Fixture } from "./fixture.ts";
import { Program } from "./program.ts";
import { runScript } from "./script.ts";
import { describeShells } from "./shells.ts";
import { accountEnv, initLine, missingEnv, startShell } from "./world.ts";

const { own, acme, keyed } = ACCOUNTS;

describeShells(
  "what else a shell may be",
  () => {
    let world: Fixture;
    let init: string;
    beforeAll(async () => {
      world = await Fixture.create();
      await world.pin(await world.home.mkdir("work"), acme);
      init = initLine(world, "bash");
    });
    afterAll(() => world[Symbol.asyncDispose]());
    const run = (script: string, options = {}) => runScript("bash", world.home, script, options);
    const LABEL = 'echo "${CODEX_AUTH_LABEL-none}"';

    const subshells: [title: string, script: string, label: string][] = [
      ["a pipe", "codex-auth use keyed | cat", own.email],
      ["a substitution", 'x="$(codex-auth use keyed)"', own.email],
      ["the background", "codex-auth use keyed & wait", own.email],
      ["parentheses", "(codex-auth use keyed)", own.email],
    ];
    test.each(subshells)("use in %s says that it is only there", async (_title, script, label) => {
      const { stdout, stderr } = await run(`${init}\n${script}\n${LABEL}`);
      expect({ stdout, stderr: stderr.replace(/,.*/s, "") }).toEqual({
        stdout: `${label}\n`,
        stderr: "codex-auth: only in this subshell",
      });
    });

    test("use in the shell itself says nothing of it, in a nested shell neither", async () => {
      const inner = `${init}\ncodex-auth use keyed; ${LABEL}`;
      const { stdout, stderr } = await run(`${init}\ncodex-auth use keyed; ${LABEL}\n(bash -c "$INNER")`, {
        env: { INNER: inner },
      });
      expect({ stdout, stderr }).toEqual({ stdout: `${keyed.email} API_KEY\n`.repeat(2), stderr: "" });
    });

    test.each([
      ["a pipe", "mkfifo"],
      ["a directory", "mkdir"],
      ["a link to a device", "ln -s /dev/zero"],
      ["a link to itself", "ln -s generation"],
    ])("%s in the place of generation: the shell does not wait for it", async (_title, make) => {
      await using broken = await Fixture.create();
      await broken.pin(await broken.home.mkdir("work"), acme);
      const place = '"$HOME/.codex/codex-auth/generation"';
      const script = `rm ${place}; rm -r ~/.codex/codex-auth/now; ${make} ${place}\n${initLine(broken, "bash")}\ncd work; ${LABEL}; cd ~; ${LABEL}`;
      const { stdout, status } = await runScript("bash", broken.home, script, { wrap: ["timeout", "10"] });
      expect({ stdout, status }).toEqual({ stdout: `acme\n${own.email}\n`, status: 0 });
    });

    test.each([
      ["pins", "pins"],
      ["a directory on the way", "pins/$HOME"],
      ["the pin's own directory", "pins/$HOME/work"],
    ])("a file, a pipe or a loop in the place of %s fails closed", async (_title, place) => {
      for (const make of ["touch", "mkfifo", "ln -s loop"]) {
        await using broken = await Fixture.create();
        await broken.pin(await broken.home.mkdir("work"), acme);
        const path = `"$HOME/.codex/codex-auth/${place}"`;
        const script = `rm -r ${path}; ${make} ${path} || exit\n${initLine(broken, "bash")}\ncd work; ${LABEL}`;
        const { stdout } = await runScript("bash", broken.home, script, { wrap: ["timeout", "10"] });
        expect(`${make}: ${stdout}`).toBe(`${make}: missing account\n`);
      }
    });

    test("an env file with a line break in a value fails closed", async () => {
      const { home } = world;
      await home.mkdir("broken");
      await world.pin(home.at("broken"), keyed);
      await world.writeEnv(keyed.id, [
        `CODEX_HOME=${world.base}/codex-auth`,
        `/homes/${keyed.id}`,
        `CODEX_AUTH_ACCOUNT=${keyed.key}`,
        `CODEX_AUTH_LABEL=x`,
      ]);
      await world.change();
      const { stdout } = await run(`${init}\ncd broken; ${LABEL}; echo "$CODEX_HOME"`);
      expect(stdout).toBe(`missing account\n${missingEnv(world, keyed.id, "pin").CODEX_HOME}\n`);
      await world.add(keyed);
    });

    test("a restricted shell says nothing, and has its account", async () => {
      const script = `${init}\nset -r\n__codex_auth_hook; export OPENAI_PROJECT=x; __codex_auth_hook; ${LABEL}; CODEX_AUTH_USE=${acme.id}; __codex_auth_hook; ${LABEL}; unset CODEX_AUTH_USE; __codex_auth_hook; ${LABEL}; set -x; __codex_auth_hook`;
      const { stdout, stderr } = await run(script);
      expect(stderr.replaceAll(/^\++ .*\n/gm, "")).not.toContain("restricted");
      expect(stdout).toBe(`${own.email} !\nacme\n${own.email} !\n`);
    });

    test("a restricted shell's read-only variables are left as they are, without a word", async () => {
      const script = `export CODEX_HOME=/mine; readonly CODEX_HOME PROMPT_COMMAND=:\n${init}\nset -r\nCODEX_AUTH_USE=${acme.id}; __codex_auth_hook; ${LABEL}; echo "$CODEX_HOME"`;
      const { stdout, stderr } = await run(script);
      expect({ stdout, stderr }).toEqual({ stdout: "acme !\n/mine\n", stderr: "" });
    });

    test.each(["caf\\xe9", "a\\xff/b", "\\x80\\xbf"])("a directory whose name is bytes: %s", async (name) => {
      await using bytes = await Fixture.create();
      await bytes.home.mkdir("here");
      const script = `${initLine(bytes, "bash")}
        d=$(printf '%bx' '${name}') d=~/here/\${d%x}; mkdir -p "$d" "$HOME/.codex/codex-auth/pins$d"
        printf '%s\\n' ${acme.id} >"$HOME/.codex/codex-auth/pins$d/%account"
        cd "$d" && ${LABEL}; cd ..; ${LABEL}`;
      for (const LC_ALL of ["C", "C.UTF-8"]) {
        const { stdout } = await runScript("bash", bytes.home, script, { env: { LC_ALL } });
        expect(stdout).toBe(`acme\n${own.email}\n`);
      }
    });

    test("a nested shell with another HOME has that one's default account", async () => {
      await using real = await Program.create();
      await real.pin(await real.home.mkdir("work"), acme);
      await real.home.mkdir("other/.codex");
      await real.home.write("other/.codex/auth.json", JSON.stringify(ACCOUNTS.lab.auth));
      const tell = `${initLine(real, "bash")}\n${LABEL}; echo "\${CODEX_HOME-none}"`;
      const script = `${initLine(real, "bash")}\ncd work; ${LABEL}; HOME=$HOME/other bash -c "$INNER"`;
      const { stdout } = await runScript("bash", real.home, script, { env: { ...real.env, INNER: tell } });
      expect(stdout).toBe(`acme\n${ACCOUNTS.lab.email} API_KEY\nnone\n`);
    });

    test("a shell that stays in a deleted or moved directory keeps what its prompt says", async () => {
      const session = await startShell(world, "bash");
      await using _closing = session;
      await world.pin(await world.home.mkdir("gone"), acme);
      await session.cd(world.home.at("gone"));
      await session.run('mv "$HOME/gone" "$HOME/moved"; :');
      expect(relevant(await session.env())).toEqual(accountEnv(world, acme, "pin"));
      await session.run('rmdir "$HOME/moved"');
      expect(relevant(await session.env())).toEqual(accountEnv(world, acme, "pin"));
      expect(session.prompt).toBe("acme >");
    });
  },
  ["bash"],
);
