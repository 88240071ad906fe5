import { expect, test } from "bun:test";
import { ACCOUNTS, relevant } from "./accounts.ts";
import { createPlaces, startInPlaces } from "./places.ts";
import { describeShells, KINDS } from "./shells.ts";
import { accountEnv, defaultEnv, initLine } from "./world.ts";

const { own, acme } = ACCOUNTS;
const tools: [tool: string, verb: string, order: "before" | "behind"][] = [
  ["direnv", "hook", "before"],
  ["direnv", "hook", "behind"],
  ["zoxide", "init", "before"],
  ["zoxide", "init", "behind"],
];

describeShells(
  "beside other tools",
  (shell) => {
    for (const [tool, verb, order] of tools) {
      test.skipIf(!Bun.which(tool))(`${tool}, started ${order} codex-auth`, async () => {
        const world = await createPlaces();
        const ours = initLine(world, shell);
        const line = KINDS[shell].evaluate([tool, verb, shell]);
        const rc = order === "before" ? `${line}\n${ours}` : `${ours}\n${line}`;
        await using stage = await startInPlaces(shell, { rc, env: { DIRENV_LOG_FORMAT: "" } }, world);
        const { session } = stage;
        await session.cd(world.home.at("work"));
        expect(relevant(await session.env())).toEqual(accountEnv(world, acme, "pin"));
        expect(session.prompt).toBe("acme >");
        await session.cd(world.home.path);
        expect(relevant(await session.env())).toEqual(defaultEnv(own));
        await session.run(session.kind.fail(7));
        expect(session.status).toBe(7);
      });
    }
  },
  ["zsh", "bash", "fish"],
);
