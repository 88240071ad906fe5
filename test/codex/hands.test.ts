import { expect } from "bun:test";
import { existsSync, renameSync, rmSync } from "node:fs";
import { fileKeyOf } from "../../src/core/accounts/account.ts";
import { type Shell, SHELLS } from "../../src/shell.ts";
import { chatgptAuth } from "../fake/accounts.ts";
import { breaking } from "../faults/points.ts";
import { ACCOUNTS, labelOf } from "../shells/accounts.ts";
import { Program } from "../shells/program.ts";
import type { Session } from "../shells/session.ts";

import { startShell } from "../shells/world.ts";
import { codexTest } from "./find-codex.ts";
import { withCodex } from "./with-codex.ts";

// Whoever puts another login where one lies: the next prompt names whom the real Codex then bills, or is marked, or Codex does not start.

const { own, acme, keyed } = ACCOUNTS;
const EVE = "eve@example.com";

/** What somebody does to `$A`, an auth.json, as sh. `$N` is a login that nobody has seen, `$OTHER` that of another account. */
const HANDS: Record<string, string> = {
  "mv of an old login": 'touch -d 2020-01-01 "$N"; mv "$N" "$A"',
  "mv of one from the future": 'touch -d 2035-01-01 "$N"; mv "$N" "$A"',
  "cp -p, which writes through the link": 'touch -d 2020-01-01 "$N"; cp -p "$N" "$A"',
  "cp -p of one from the future": 'touch -d 2035-01-01 "$N"; cp -p "$N" "$A"',
  "ln -sf to a file": 'touch -d 2020-01-01 "$N"; ln -sf "$N" "$A"',
  "ln -sf to another account's": 'touch -d 2021-01-01 "$OTHER"; ln -sf "$OTHER" "$A"',
  "rm, then mv": 'touch -d 2020-01-01 "$N"; rm "$A"; mv "$N" "$A"',
  rm: 'rm "$A"',
  "touch -d": 'touch -d 2020-01-01 "$A"',
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6].map((nth) => [
      `a switch that is killed at its ${nth}. rename`,
      `set -- $PROGRAM switch ${keyed.email}; ${breaking({ call: "rename", nth, what: "" }, "signal=KILL")}; "$@"`,
    ]),
  ),
};

const WORKS = "a sync that works";
/** What keeps a sync from mending it. */
const SYNCS: Record<string, string> = {
  [WORKS]: "true",
  "a registry that is damaged": 'printf "{" >"$REGISTRY"',
  "a registry of a newer version": 'printf \'{"schema_version":9}\' >"$REGISTRY"',
  "a registry that is empty": ': >"$REGISTRY"',
  "a program that has moved away": 'mv "$TOOLS" "$TOOLS.away"',
};
/** What a sync that does not mend is tried with: in each shell another one; identity.test.ts has the rest, without Codex. */
const FEW = ["mv of an old login", "ln -sf to another account's", "rm"];
function isTried(shell: Shell, place: "base" | "home", sync: string, hand: string): boolean {
  // a switch moves the link of the base home alone
  if (sync === WORKS) return place === "base" || !hand.startsWith("a switch");
  return hand === FEW[(SHELLS.indexOf(shell) + Object.keys(SYNCS).indexOf(sync)) % FEW.length];
}

for (const shell of SHELLS)
  for (const place of ["base", "home"] as const)
    codexTest(
      `${shell}: other hands at the login of the ${place === "base" ? "base home" : "account home"}`,
      async () => {
        await using world = await Program.create();
        const { home, openai } = world;
        withCodex(home, openai);
        const tools = world.copyProgram();
        await world.pin(home.mkdir("work"), acme);
        const saved = home.at("saved");
        copy(world.base, saved);
        await using session = await startShell(world, shell, { cwd: home.at(place === "base" ? "." : "work") });
        const seen: string[] = [];
        for (const [sync, spoil] of Object.entries(SYNCS))
          for (const [hand, act] of Object.entries(HANDS)) {
            if (!isTried(shell, place, sync, hand)) continue;
            copy(saved, world.base);
            if (existsSync(`${tools}.away`)) renameSync(`${tools}.away`, tools);
            await session.nextPrompt();
            home.write("tmp/login", JSON.stringify(chatgptAuth({ email: EVE })));
            const ran = Bun.spawnSync(["sh", "-c", `${spoil}; ${act}`], {
              cwd: home.path,
              env: {
                ...home.env(world.env),
                A: home.at(".codex", place === "base" ? "" : `codex-auth/homes/${acme.id}`, "auth.json"),
                N: home.at("tmp/login"),
                OTHER: home.at(".codex/accounts", `${fileKeyOf(keyed.key)}.auth.json`),
                REGISTRY: home.at(".codex/accounts/registry.json"),
                TOOLS: tools,
                PROGRAM: world.program.join(" "),
              },
            });
            if (!hand.startsWith("a switch")) expect({ hand, err: ran.stderr.toString() }).toEqual({ hand, err: "" });
            seen.push(`${sync}, ${hand}: ${await look(world, session)}`);
          }
        const wrong = seen.filter((line) => line.includes("WRONG"));
        console.log(`${shell}, ${place}: ${seen.length} hands`);
        expect(wrong).toEqual([]);
      },
      { needs: [shell, "strace"], milliseconds: 1_200_000 },
    );

/** What is put back is what was there, to the second name of a file. */
function copy(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  const { exitCode, stderr } = Bun.spawnSync(["cp", "-a", from, to]);
  if (exitCode !== 0) throw new Error(stderr.toString());
}

/** Returns what the next prompt says, and whom the real Codex bills there. */
async function look({ openai }: Program, session: Session): Promise<string> {
  await session.nextPrompt();
  const label = (await session.env()).CODEX_AUTH_LABEL ?? "";
  openai.forget();
  await session.run(session.kind.call(["codex", "exec", "--skip-git-repo-check", "hi"]));
  const billed = [...new Set(openai.billed())].join();
  const named = [own, acme, keyed].find((account) => labelOf(account) === label)?.name ?? label;
  const isNobody = label === "missing account" || label === "" || label.endsWith(" logged out");
  const isRight = isNobody ? billed === "" || billed === "nobody" : label.endsWith(" !") || billed === named;
  return `${isRight ? "" : "WRONG: "}${label || "nobody"}, ${billed || "no request"}`;
}
