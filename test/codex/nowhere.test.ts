import { expect } from "bun:test";
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { decodeBytes, encodeBytes } from "../../src/core/bytes.ts";
import type { Shell } from "../../src/shell.ts";
import { ACCOUNTS, labelOf } from "../shells/accounts.ts";
import { Program } from "../shells/program.ts";
import { findShell } from "../shells/shells.ts";
import { startShell } from "../shells/world.ts";
import { codexTest } from "./find-codex.ts";
import { withCodex } from "./with-codex.ts";

// Where the working directory can hardly be told, or not at all: prompt, `current`, `env`, `exec`, `doctor` and the real Codex all name one
// account, or there is no request.

const { own, acme } = ACCOUNTS;
const LATIN = decodeBytes(Buffer.from("caf\xe9", "latin1"));
const LONG = "d".repeat(200);

interface Place {
  /** Lines that lead there, typed in HOME; `work` is pinned to acme. */
  typed: string[];
  /** The same for shells with another syntax; undefined: that shell cannot get there. */
  differs?: Partial<Record<Shell, string[] | undefined>>;
  /** Made beforehand. */
  makes?: string[];
  /** Who it is there. */
  is: "acme" | "own";
  /** The real Codex does not start there; from PowerShell it does, elsewhere. */
  stops?: boolean;
  /** A directory that must be opened again behind it. */
  closed?: string;
}

const PLACES: Record<string, Place> = {
  "a directory that was deleted": {
    typed: ["cd work/gone", "rmdir ../gone"],
    makes: ["work/gone"],
    is: "acme",
    stops: true,
  },
  "one that was moved away under the shell": { typed: ["cd work", "mv ../work ../elsewhere"], is: "acme" },
  "one below that": { typed: ["cd work/in", "mv ../../work ../../elsewhere"], makes: ["work/in"], is: "acme" },
  "one below a directory that nobody may enter any more": {
    typed: ["cd work/in", "chmod 0 $HOME/work"],
    differs: { pwsh: ["cd work/in", "chmod 0 $env:HOME/work"] },
    makes: ["work/in"],
    is: "acme",
    closed: "work",
  },
  "a name that is no UTF-8": {
    typed: ["cd work/caf*"],
    differs: { pwsh: undefined },
    makes: [`work/${LATIN}`],
    is: "acme",
    stops: true,
  },
  "one such that is not pinned": {
    typed: ["cd play/caf*"],
    differs: { pwsh: undefined },
    makes: [`play/${LATIN}`],
    is: "own",
    stops: true,
  },
  "a path so long that its pin would be longer than PATH_MAX": {
    typed: ["cd work", `for i in $(seq 19); do mkdir ${LONG}; cd ${LONG}; done`],
    differs: {
      fish: ["cd work", `for i in (seq 19); mkdir ${LONG}; cd ${LONG}; end`],
      pwsh: ["cd work", `1..19 | % { mkdir ${LONG}; cd ${LONG} }`],
    },
    is: "acme",
  },
  "a path that is longer than PATH_MAX": {
    typed: ["cd work", `for i in $(seq 22); do mkdir ${LONG}; cd ${LONG}; done`],
    differs: { fish: undefined, pwsh: undefined },
    is: "acme",
    stops: true,
  },
};

/** For root every directory is open: a shell without that right. */
const unprivileged = (world: Program, shell: Shell): string | undefined =>
  process.getuid?.() === 0
    ? world.home.program(
        `bin/any-${shell}`,
        `exec setpriv --bounding-set -dac_override,-dac_read_search ${findShell(shell)} "$@"`,
      )
    : undefined;

for (const shell of ["zsh", "bash", "fish", "pwsh"] as const)
  for (const [what, { typed, differs = {}, makes = [], is, stops = false, closed }] of Object.entries(PLACES)) {
    const lines = shell in differs ? differs[shell] : typed;
    if (lines === undefined) continue;
    codexTest(
      `${shell}: ${what}`,
      async () => {
        await using world = await Program.create();
        const { home, openai } = world;
        withCodex(home, openai);
        await world.pin(home.mkdir("work"), acme);
        for (const path of makes) mkdirSync(encodeBytes(home.at(path)), { recursive: true });
        const program = closed === undefined ? undefined : unprivileged(world, shell);
        await using session = await startShell(world, shell, { columns: 8000, ...(program && { program }) });
        for (const line of lines) await session.run(line);
        await session.nextPrompt();
        const wanted = is === "acme" ? acme : own;
        const isStopped = stops && shell !== "pwsh";
        const billed = async (line: string) => {
          openai.forget();
          await session.run(line);
          return [...new Set(openai.billed())].join();
        };
        const codex = "codex exec --skip-git-repo-check hi";
        expect({
          label: (await session.env()).CODEX_AUTH_LABEL,
          current: (await session.run("codex-auth current")).split("\n")[0],
          env: /CODEX_AUTH_LABEL\W+(\w\S+?)['"]?;?$/m.exec(await session.run("codex-auth env"))?.[1],
          // sh says on its own that there is no directory
          inside: (await session.run(`codex-auth exec -- sh -c 'echo "$CODEX_AUTH_LABEL"'`)).split("\n").at(-1),
          doctor: (await session.run("codex-auth doctor")).includes(
            "a bare codex here bills the account of this directory",
          ),
          bare: await billed(codex),
          exec: await billed(`codex-auth exec -- ${codex}`),
        }).toEqual({
          label: labelOf(wanted),
          current: labelOf(wanted),
          env: labelOf(wanted),
          inside: labelOf(wanted),
          doctor: true,
          bare: isStopped ? "" : wanted.name,
          exec: isStopped ? "" : wanted.name,
        });
        if (closed !== undefined && existsSync(home.at(closed))) chmodSync(home.at(closed), 0o700);
      },
      { needs: [shell] },
    );
  }
