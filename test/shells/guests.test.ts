import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Shell } from "../../src/shell.ts";
import { ACCOUNTS, relevant } from "./accounts.ts";
import { createPlaces } from "./places.ts";
import { LENGTH } from "./prompt-length.ts";
import { Session } from "./session.ts";
import { findShell, KINDS } from "./shells.ts";
import { accountEnv, defaultEnv, initLine } from "./world.ts";

// what other people's set-ups bring, as it is: Debian's packages, and VS Code's scripts from npm's code-server

const { own, acme, keyed } = ACCOUNTS;

const VSCODE = resolve(
  import.meta.dir,
  "../../node_modules/.cache/code-server/package/lib/vscode/out/vs/workbench/contrib/terminal/common/scripts",
);
const SCRIPT: Record<Shell, string> = {
  bash: join(VSCODE, "shellIntegration-bash.sh"),
  zsh: join(VSCODE, "shellIntegration-rc.zsh"),
  fish: join(VSCODE, "shellIntegration.fish"),
  pwsh: join(VSCODE, "shellIntegration.ps1"),
};
const LIQUIDPROMPT = "/usr/share/liquidprompt/liquidprompt";
const AUTOSUGGESTIONS = "/usr/share/zsh-autosuggestions/zsh-autosuggestions.zsh";
const HIGHLIGHTING = "/usr/share/zsh-syntax-highlighting/zsh-syntax-highlighting.zsh";

const sources = (shell: Shell, file: string) => `${shell === "pwsh" ? "." : "source"} ${KINDS[shell].word(file)}`;
// a theme makes the whole prompt: the harness' mark goes where it lets its user put more
const liquid = (mark: string) => `LP_PS1_POSTFIX=${mark}; ${sources("bash", LIQUIDPROMPT)}`;

/** What is beside our line, the files that it needs, and the package they come from. */
interface Guest {
  name: string;
  shell: Shell;
  /** The start-up file; INIT is our line. */
  rc: string;
  needs: string;
  obtain: string;
  /** It makes prompts of its own: the label stands before that, wherever it ends. */
  isTheme?: boolean;
  env?: Record<string, string>;
}

const codeServer = "as .ci/run does: npm pack code-server@4.139.1, into node_modules/.cache/code-server";
const guests: Guest[] = [
  ...(["zsh", "bash", "fish", "pwsh"] as const).flatMap((shell): Guest[] => {
    const vscode = {
      shell,
      needs: SCRIPT[shell],
      obtain: codeServer,
      env: { TERM_PROGRAM: "vscode", VSCODE_NONCE: "x" },
    };
    return [
      { ...vscode, name: "VS Code's script behind our line", rc: `INIT\n${sources(shell, SCRIPT[shell])}` },
      { ...vscode, name: "VS Code's script before our line", rc: `${sources(shell, SCRIPT[shell])}\nINIT` },
    ];
  }),
  ...(["zsh", "bash"] as const).flatMap((shell): Guest[] => {
    const mark = shell === "bash" ? '${PS1#"> "}' : '${PROMPT#"> "}';
    const theme = { shell, needs: LIQUIDPROMPT, obtain: "install the package liquidprompt", isTheme: true };
    return [
      { ...theme, name: "liquidprompt behind our line", rc: `mark=${mark}\nINIT\n${liquid("$mark")}` },
      { ...theme, name: "liquidprompt before our line", rc: `mark=${mark}\n${liquid("$mark")}\nINIT` },
    ];
  }),
  ...[AUTOSUGGESTIONS, HIGHLIGHTING].flatMap((file): Guest[] => {
    const name = file.split("/")[3] ?? "";
    const plugin = { shell: "zsh" as const, needs: file, obtain: `install the package ${name}` };
    return [
      { ...plugin, name: `${name} behind our line`, rc: `INIT\n${sources("zsh", file)}` },
      { ...plugin, name: `${name} before our line`, rc: `${sources("zsh", file)}\nINIT` },
    ];
  }),
];

for (const { name, shell, rc, needs, obtain, isTheme = false, env = {} } of guests) {
  const title = `${shell}, ${name}: the account and its label follow, and the prompt does not grow`;
  if (!findShell(shell) || !existsSync(needs)) {
    if (process.env.CODEX_AUTH_TEST_GUESTS === "1") test(title, () => expect(`${needs}: not found`).toBe(obtain));
    else {
      console.warn(`SKIPPED, no ${needs} (${obtain}): ${title}`);
      test.skip(title, () => {});
    }
    continue;
  }
  test(
    title,
    async () => {
      await using world = await createPlaces();
      const whole = rc.replace("INIT", () => initLine(world, shell));
      await using session = await Session.start(shell, world.home, { rc: whole, env });
      const shows = (label: string) =>
        isTheme ? expect(session.prompt).toStartWith(`${label} `) : expect(session.prompt).toBe(`${label} >`);
      // a theme that is loaded behind us has the label from the second prompt on
      await session.nextPrompt();
      await session.nextPrompt();
      const before = isTheme ? "" : await session.run(LENGTH[shell]);
      for (let round = 0; round < 5; round++) {
        await session.cd(world.home.at("work"));
        expect(relevant(await session.env())).toEqual(accountEnv(world, acme, "pin"));
        shows(acme.alias);
        await session.cd(world.home.at("key"));
        shows(`${keyed.email} API_KEY`);
        await session.cd(world.home.path);
        expect(relevant(await session.env())).toEqual(defaultEnv(own));
        shows(own.email);
      }
      if (!isTheme) expect(await session.run(LENGTH[shell])).toBe(before);
      expect(session.terminal.raw.split(`${own.email} ${own.email}`).length).toBe(1);
    },
    120_000,
  );
}
