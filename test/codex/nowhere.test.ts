import { expect } from "bun:test";
import { mkdirSync } from "node:fs";
import { decodeBytes, encodeBytes } from "../../src/core/bytes.ts";
import { ACCOUNTS, labelOf } from "../shells/accounts.ts";
import { Program } from "../shells/program.ts";
import { startShell } from "../shells/world.ts";
import { codexTest } from "./find-codex.ts";
import { withCodex } from "./with-codex.ts";

// Where the working directory can hardly be told, or not at all: prompt, `current`, `env`, `exec` and the real Codex all name one account, or
// there is no request.

const { own, acme } = ACCOUNTS;
const LATIN = decodeBytes(Buffer.from("caf\xe9", "latin1"));
const LONG = "d".repeat(200);

interface Place {
  /** Lines that lead there, typed in HOME; `work` is pinned to acme. */
  typed: string[];
  /** Made beforehand. */
  makes?: string[];
  /** Who it is there. */
  is: "acme" | "own";
  /** The real Codex does not start there. */
  stops?: boolean;
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
  "a name that is no UTF-8": { typed: ["cd work/caf*"], makes: [`work/${LATIN}`], is: "acme", stops: true },
  "one such that is not pinned": { typed: ["cd play/caf*"], makes: [`play/${LATIN}`], is: "own", stops: true },
  "a path that is longer than PATH_MAX": {
    typed: [
      "cd work",
      `for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22; do mkdir ${LONG}; cd ${LONG}; done`,
    ],
    is: "acme",
    stops: true,
  },
};

for (const shell of ["zsh", "bash"] as const)
  for (const [what, { typed, makes = [], is, stops = false }] of Object.entries(PLACES))
    codexTest(
      `${shell}: ${what}`,
      async () => {
        await using world = await Program.create();
        const { home, openai } = world;
        withCodex(home, openai);
        await world.pin(home.mkdir("work"), acme);
        for (const path of makes) mkdirSync(encodeBytes(home.at(path)), { recursive: true });
        await using session = await startShell(world, shell, { columns: 8000 });
        for (const line of typed) await session.run(line);
        await session.nextPrompt();
        const wanted = is === "acme" ? acme : own;
        const billed = async (line: string) => {
          openai.forget();
          await session.run(line);
          return [...new Set(openai.billed())].join();
        };
        const codex = "codex exec --skip-git-repo-check hi";
        expect({
          label: (await session.env()).CODEX_AUTH_LABEL,
          current: (await session.run("codex-auth current")).split("\n")[0],
          env: /CODEX_AUTH_LABEL=(\S+)/.exec(await session.run("codex-auth env"))?.[1]?.replace(/'|"/g, ""),
          // sh says on its own that there is no directory
          inside: (await session.run(`codex-auth exec -- sh -c 'echo "$CODEX_AUTH_LABEL"'`)).split("\n").at(-1),
          bare: await billed(codex),
          exec: await billed(`codex-auth exec -- ${codex}`),
        }).toEqual({
          label: labelOf(wanted),
          current: labelOf(wanted),
          env: labelOf(wanted),
          inside: labelOf(wanted),
          bare: stops ? "" : wanted.name,
          exec: stops ? "" : wanted.name,
        });
      },
      { needs: [shell] },
    );
